package org.loopscope.analysis.sweep;

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
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.RunControl;
import org.loopscope.model.Tokenizer;

/**
 * Quality and compute of every rule on every prompt of a set, one run a prompt, written to a CSV file as it goes. Holds
 * the rows of one prompt at a time.
 */
public final class Sweep {
    private static final int HASH_SHOWN = 12;

    private final LoopedModel model;
    private final PromptSet set;
    private final SweepPlan plan;
    private final PromptMeasure measure;

    /**
     * Reads all prompts as tokens, to refuse one that cannot be run before hours have gone into the others.
     *
     * @throws LoopscopeException if the model has no tokenizer or a prompt cannot be run, with its number
     */
    public Sweep(LoopedModel model, PromptSet set, SweepPlan plan) throws LoopscopeException {
        Tokenizer tokenizer = model.tokenizer()
                .orElseThrow(() -> new LoopscopeException(
                        "A sweep needs a tokenizer; the model " + model.info().id() + " has none."));
        this.model = model;
        this.set = set;
        this.plan = plan;
        this.measure = new PromptMeasure(model, tokenizer, plan);
        for (int i = 0; i < set.prompts().size(); i++) {
            measure.check(i + 1, set.prompts().get(i));
        }
    }

    /**
     * Measures the prompts that {@code out} does not hold yet, and finishes it.
     *
     * @return how many prompts an earlier, interrupted run had done
     * @throws LoopscopeException if the file cannot be written or was begun with another model, set or plan
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled; the prompts that are done are
     *     kept for the next run
     */
    public int run(Path out, RunControl control) throws LoopscopeException {
        try (ResumableCsv csv = ResumableCsv.open(out, SweepRow.COLUMNS, identity())) {
            int before = Math.min(csv.items(), set.prompts().size());
            int n = set.prompts().size();
            RunControl quiet = RunControl.of(control::isCancelled, (stage, done, total) -> {});
            for (int i = csv.items(); i < n; i++) {
                control.checkCancelled();
                control.progress("prompts", i, n);
                Prompt prompt = set.prompts().get(i);
                List<SweepRow> rows = measure.rows(i + 1, prompt, quiet);
                String id = model.info().id();
                csv.append(rows.stream().map(row -> row.cells(id)).toList());
            }
            csv.finish();
            control.progress("prompts", n, n);
            return before;
        }
    }

    /** What decides the rows. */
    private Map<String, String> identity() {
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put("weights", shown(model.info().weightHash()));
        identity.put("arithmetic", model.info().computeDtype());
        identity.put("prompts", set.prompts().size() + " with hash " + shown(hash(set.prompts())));
        identity.put("steps", Integer.toString(plan.steps()));
        identity.put("rules", plan.specs());
        identity.put("tokens generated", Integer.toString(plan.generate()));
        return identity;
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
