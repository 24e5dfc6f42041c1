package org.loopscope.lab;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.prompts.SampleCatalog;
import org.loopscope.analysis.prompts.SampleSet;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.model.base.LoopscopeException;

/**
 * A kind of prompt set.
 *
 * @param description of such a file, for the help of {@code --set}
 * @param endings of names of files, without the dot
 * @param fits which sets that come with the program are of this kind
 * @param reader reads a file, or a set that comes with the program by its name
 * @param fields of an item, all that its rows depend on
 * @param single makes one item of a prompt that is given by itself; empty where only sets are measured
 */
public record PromptKind<P>(
        String description,
        List<String> endings,
        Predicate<SampleSet> fits,
        Reader<P> reader,
        Function<P, List<String>> fields,
        Optional<Single<P>> single) {
    /** Makes an item of one prompt. */
    @FunctionalInterface
    public interface Single<P> {
        /** Exactly one of both is there. */
        P of(Optional<String> text, Optional<int[]> ids);
    }

    /** Reads a set. */
    @FunctionalInterface
    public interface Reader<P> {
        /**
         * @param name of a file, or of a set that comes with the program
         * @throws LoopscopeException with one sentence for what is no such set
         */
        List<P> read(String name, Values values) throws LoopscopeException;
    }

    /** Prompts, with an answer and a group where they have one. */
    public static final PromptKind<Prompt> PROMPTS = new PromptKind<>(
            "Prompts, JSONL or CSV, or a set that comes with the program, such as embedded/people.jsonl. An answer is"
                    + " given behind its prompt.",
            List.of("jsonl", "csv"),
            set -> true,
            (name, values) -> SetFile.prompts(name).prompts(),
            prompt -> List.of(
                    prompt.prompt(), prompt.answer().orElse(""), prompt.group().orElse("")),
            Optional.empty());

    /** Prompts, or plain text files, each of which is one text; a folder stands for the files in it. */
    public static final PromptKind<Prompt> TEXTS = new PromptKind<>(
            "A text file or a folder of them, each file being one text; or prompts, JSONL or CSV, or a set that comes with"
                    + " the program, such as embedded/eval-people.jsonl, whose answers are given behind them.",
            List.of("jsonl", "csv", "txt", "md"),
            set -> true,
            (name, values) -> TextFiles.read(name),
            PROMPTS.fields(),
            Optional.empty());

    /** The sets that come with the program and are of this kind. */
    public List<SampleSet> bundled() throws LoopscopeException {
        return SampleCatalog.builtIn().sets().stream().filter(fits).toList();
    }
}
