package org.loopscope.lab;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.prompts.SampleCatalog;
import org.loopscope.analysis.prompts.SampleSet;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.Seeds;

/**
 * A kind of prompt set.
 *
 * @param description of such a file, for the help of {@code --set}
 * @param endings of names of files, without the dot
 * @param bundled sets that come with the program and are of this kind
 * @param reader reads a file, or a set that comes with the program by its name
 * @param fields of an item, all that its rows depend on
 * @param single makes one item of a prompt that is given by itself; empty where only sets are measured
 */
public record PromptKind<P>(
        String description,
        List<String> endings,
        Bundled bundled,
        Reader<P> reader,
        Function<P, List<String>> fields,
        Optional<Single<P>> single) {
    /** Makes an item of one prompt. */
    @FunctionalInterface
    public interface Single<P> {
        /** Exactly one of both is there. */
        P of(Optional<String> text, Optional<int[]> ids, Values values) throws LoopscopeException;
    }

    /** Reads a set. */
    @FunctionalInterface
    public interface Reader<P> {
        /**
         * @param name of a file, or of a set that comes with the program
         * @param told gets a sentence for each thing that is to be known of the set
         * @throws LoopscopeException with one sentence for what is no such set
         */
        List<P> read(String name, Values values, Consumer<String> told) throws LoopscopeException;
    }

    /** Lists sets. */
    @FunctionalInterface
    public interface Bundled {
        List<SampleSet> sets() throws LoopscopeException;
    }

    /** How many prompts of a set are taken. */
    public static final Setting<Integer> LIMIT = Setting.whole("limit", 1)
            .called("prompts at most")
            .means("Only the first N prompts of the set.")
            .orNothing("all");

    /** How many of them are drawn. */
    public static final Setting<Integer> SAMPLE = Setting.whole("sample", 1)
            .called("prompts drawn")
            .means("Draw N prompts or pairs of the set (of the first --limit ones) by --seed, rather than the first N.")
            .orNothing("all are taken");

    /** What the drawing follows from, where a lab has no seed of its own. */
    public static final Setting<Long> SEED = Setting.of("seed", new Form.Seed())
            .means("Seed of the sample that is drawn.")
            .or(0L);

    /** Prompts, with an answer and a group where they have one. */
    public static final PromptKind<Prompt> PROMPTS = new PromptKind<>(
            "Prompts, JSONL or CSV, or a set that comes with the program, such as embedded/people.jsonl. An answer is"
                    + " given behind its prompt.",
            List.of("jsonl", "csv"),
            () -> SampleCatalog.builtIn().sets(),
            (name, values, told) -> SetFile.prompts(name).prompts(),
            prompt -> List.of(
                    prompt.prompt(), prompt.answer().orElse(""), prompt.group().orElse("")),
            Optional.empty());

    /** Prompts, or plain text files, each of which is one text; a folder stands for the files in it. */
    public static final PromptKind<Prompt> TEXTS = new PromptKind<>(
            "A text file or a folder of them, each file being one text; or prompts, JSONL or CSV, or a set that comes with"
                    + " the program, such as embedded/eval-people.jsonl, whose answers are given behind them.",
            List.of("jsonl", "csv", "txt", "md"),
            PROMPTS.bundled(),
            (name, values, told) -> TextFiles.read(name),
            PROMPTS.fields(),
            Optional.empty());

    /** Whether a file of a folder of texts is one of them, by its name. */
    public static boolean isText(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).matches("(?s).*\\.(txt|md)");
    }

    /** The items of a set that {@link #LIMIT} and {@link #SAMPLE} take; see {@link Reader#read}. */
    public List<P> read(String name, Values values, Consumer<String> told) throws LoopscopeException {
        List<P> all = reader.read(name, values, told);
        return drawn(all.subList(0, Math.min(all.size(), values.find(LIMIT).orElse(Integer.MAX_VALUE))), values);
    }

    /** Those of the items that are drawn, in their order: all without {@link #SAMPLE}. Drawing again changes nothing. */
    public static <P> List<P> drawn(List<P> items, Values values) {
        long seed = values.named(SEED.name())
                .flatMap(values::find)
                .map(value -> (Long) value)
                .orElse(0L);
        return values.find(SAMPLE)
                .map(n -> Seeds.sample(items, n, Seeds.random(seed, "sample")))
                .orElse(items);
    }

    /** SHA-256 over what a row depends on of every item, in hex. */
    public String hash(List<P> items) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (P item : items) {
                for (String field : fields.apply(item)) {
                    digest.update((field + '\0').getBytes(StandardCharsets.UTF_8));
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
