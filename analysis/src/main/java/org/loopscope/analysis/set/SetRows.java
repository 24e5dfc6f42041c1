package org.loopscope.analysis.set;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.prompts.PromptSet;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.ProgramVersion;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.tokenizer.Tokenizer;

/** Writes rows for every prompt of a set to a {@link ResumableCsv}; holds those of one prompt at a time. */
public final class SetRows {
    private static final int HASH_SHOWN = 12;

    private SetRows() {}

    /** Measures one prompt. */
    @FunctionalInterface
    public interface Measure {
        /**
         * @param number of the prompt, from 1
         * @return its rows, cells in the order of the columns
         * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
         */
        List<List<String>> rows(int number, Prompt prompt, RunControl control) throws LoopscopeException;
    }

    /** What decides the rows of any measurement: the program, the weights, the arithmetic and the prompts. */
    public static Map<String, String> identity(LoopedModel model, PromptSet set) {
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put("program version", ProgramVersion.get());
        identity.put("weights", shown(model.info().weightHash()));
        identity.put("arithmetic", model.info().computeDtype());
        putAddedTokens(identity, model);
        identity.put("prompts", set.prompts().size() + " with hash " + shown(hash(set.prompts())));
        return identity;
    }

    /** Special tokens around every prompt, where there are any: rows made with them and without do not go together. */
    public static void putAddedTokens(Map<String, String> identity, LoopedModel model) {
        model.tokenizer()
                .map(Tokenizer::addedTokens)
                .filter(added -> !added.isNone())
                .ifPresent(added -> identity.put("special tokens", added.text()));
    }

    /**
     * Measures the prompts that {@code out} does not hold yet, and finishes it.
     *
     * @return how many prompts an earlier, interrupted run had done
     * @throws LoopscopeException if the file cannot be written or was begun with another identity
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled; the prompts that are done are
     *     kept for the next run
     */
    public static int write(
            Path out,
            List<String> columns,
            Map<String, String> identity,
            PromptSet set,
            Measure measure,
            RunControl control)
            throws LoopscopeException {
        try (ResumableCsv csv = ResumableCsv.open(out, columns, identity)) {
            int n = set.prompts().size();
            int before = Math.min(csv.items(), n);
            RunControl quiet = RunControl.of(control::isCancelled, (stage, done, total) -> {});
            for (int i = csv.items(); i < n; i++) {
                control.checkCancelled();
                control.progress("prompts", i, n);
                csv.append(measure.rows(i + 1, set.prompts().get(i), quiet));
            }
            csv.finish();
            control.progress("prompts", n, n);
            return before;
        }
    }

    private static String shown(String hash) {
        return hash.substring(0, Math.min(HASH_SHOWN, hash.length()));
    }

    /** SHA-256 over what a row depends on of every prompt, in hex. */
    private static String hash(List<Prompt> prompts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Prompt prompt : prompts) {
                String fields = prompt.prompt()
                        + '\0'
                        + prompt.answer().orElse("")
                        + '\0'
                        + prompt.group().orElse("")
                        + '\0';
                digest.update(fields.getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
