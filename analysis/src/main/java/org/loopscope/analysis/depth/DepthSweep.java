package org.loopscope.analysis.depth;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.analysis.lens.NonFiniteLogitsException;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.prompts.PromptSet;
import org.loopscope.analysis.set.PromptText;
import org.loopscope.analysis.set.PromptText.Span;
import org.loopscope.analysis.set.SetRows;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.NonFiniteStateException;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.tokenizer.Tokenizer;

/**
 * Quality, uncertainty and cost by loop step on a prompt set, from one run of T steps a prompt, written to a CSV file as it
 * goes: a run that is stopped, at any moment and also by force, loses at most the prompt in hand.
 */
public final class DepthSweep {
    private final LoopedModel model;
    private final PromptSet set;
    private final int steps;
    private final int generate;
    private final Tokenizer tokenizer;

    /**
     * Reads all prompts as tokens, to refuse one that cannot be run before hours have gone into the others.
     *
     * @param steps T of the runs, 1 to {@link RunOptions#MAX_STEPS}
     * @param generate tokens generated, at depth T, after a prompt that has no answer
     * @throws LoopscopeException if the model has no tokenizer or a prompt cannot be run, with its number
     */
    public DepthSweep(LoopedModel model, PromptSet set, int steps, int generate) throws LoopscopeException {
        if (steps < 1 || steps > RunOptions.MAX_STEPS) {
            throw new LoopscopeException(
                    "Steps: expected a number from 1 to " + RunOptions.MAX_STEPS + ", found " + steps + ".");
        }
        if (generate < 0) {
            throw new LoopscopeException("Tokens to generate: expected 0 or more, found " + generate + ".");
        }
        this.tokenizer = model.requireTokenizer();
        this.model = model;
        this.set = set;
        this.steps = steps;
        this.generate = generate;
        for (int i = 0; i < set.prompts().size(); i++) {
            PromptText.check(model.config(), tokenizer, i + 1, set.prompts().get(i), generate);
        }
    }

    /**
     * Measures the prompts that {@code out} does not hold yet, and finishes it.
     *
     * @return how many prompts an earlier, interrupted run had done
     * @throws LoopscopeException if the file cannot be written or was begun with another model, set or T
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled; the prompts that are done are
     *     kept for the next run
     */
    public int run(Path out, RunControl control) throws LoopscopeException {
        Map<String, String> identity = SetRows.identity(model, set);
        identity.put("steps", Integer.toString(steps));
        identity.put("tokens generated", Integer.toString(generate));
        String id = model.info().id();
        String dtype = model.info().computeDtype();
        return SetRows.write(
                out,
                DepthRow.COLUMNS,
                identity,
                set,
                (number, prompt, quiet) -> rows(number, prompt, quiet).stream()
                        .map(row -> row.cells(id, dtype))
                        .toList(),
                control);
    }

    private List<DepthRow> rows(int number, Prompt prompt, RunControl control) throws LoopscopeException {
        PromptText text = PromptText.of(tokenizer, prompt, generate);
        String group = prompt.group().orElse("");
        try {
            Capture capture = model.run(text.ids(), RunOptions.steps(steps).withGenerate(text.generate()), control);
            LensGrid lens = LogitLens.steps(capture, model.unembedding(), 1, control);
            DepthReader reader = new DepthReader(lens);
            double[] last = text.answered()
                    ? LogitLens.trajectory(capture, model.unembedding(), capture.length() - 1, text.lastOfAnswer())
                    : new double[0];
            List<DepthRow> rows = new ArrayList<>();
            for (Span span : text.spans(capture.length())) {
                rows.addAll(reader.rows(number, group, span, text.next(capture), false, last));
            }
            return rows;
        } catch (NonFiniteStateException | NonFiniteLogitsException e) {
            return List.of(DepthRow.problem(number, group, model.config().trainedSteps(), steps));
        }
    }
}
