package org.loopscope.analysis.sweep;

import java.nio.file.Path;
import java.util.Map;
import org.loopscope.analysis.prompts.PromptSet;
import org.loopscope.analysis.set.SetRows;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.tokenizer.Tokenizer;

/**
 * Quality and compute of every rule on every prompt of a set, one run a prompt, written to a CSV file as it goes. Holds
 * the rows of one prompt at a time.
 */
public final class Sweep {
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
        Tokenizer tokenizer = model.requireTokenizer();
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
        SetRows.Measure rows = (number, prompt, quiet) -> measure.rows(number, prompt, quiet).stream()
                .map(row -> row.cells(model.info()))
                .toList();
        return SetRows.write(out, SweepRow.COLUMNS, identity(), set, rows, control);
    }

    /** What decides the rows. */
    private Map<String, String> identity() {
        Map<String, String> identity = SetRows.identity(model, set);
        identity.put("steps", Integer.toString(plan.steps()));
        identity.put("rules", plan.specs());
        identity.put("tokens generated", Integer.toString(plan.generate()));
        return identity;
    }
}
