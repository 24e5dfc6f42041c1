package org.loopscope.analysis.profile;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.loopscope.analysis.lens.DepthPoint;
import org.loopscope.analysis.lens.NonFiniteLogitsException;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.prompts.PromptSet;
import org.loopscope.analysis.set.PromptText;
import org.loopscope.analysis.set.PromptText.Span;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.set.SetRows;
import org.loopscope.analysis.table.Columns;
import org.loopscope.analysis.table.Origin;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.NonFiniteStateException;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.tokenizer.Tokenizer;

/**
 * How states move and what the lens reads at every place of the depth, on a prompt set: one run a prompt, its answer given
 * behind it, written to a CSV file as it goes. A run that is stopped, at any moment and also by force, loses at most the
 * prompt in hand.
 */
public final class ProfileSet {
    private final LoopedModel model;
    private final PromptSet set;
    private final ProfileKind kind;
    private final int steps;
    private final int generate;
    private final Tokenizer tokenizer;
    private final Columns<ProfileRow.InFile> table;

    /**
     * Reads all prompts as tokens, to refuse one that cannot be run before hours have gone into the others.
     *
     * @param steps T of the runs, 1 to {@link RunOptions#MAX_STEPS}
     * @param generate tokens generated, at depth T, after a prompt that has no answer
     * @throws LoopscopeException if the model has no tokenizer or a prompt cannot be run, with its number
     */
    public ProfileSet(LoopedModel model, PromptSet set, ProfileKind kind, int steps, int generate)
            throws LoopscopeException {
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
        this.kind = kind;
        this.table = ProfileRow.table(kind);
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
     * @throws LoopscopeException if the file cannot be written or was begun with another model, set, kind or T
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled; the prompts that are done are
     *     kept for the next run
     */
    public int run(Path out, RunControl control) throws LoopscopeException {
        Map<String, String> identity = SetRows.identity(model, set);
        identity.put("states", kind.statement());
        identity.put("steps", Integer.toString(steps));
        identity.put("tokens generated", Integer.toString(generate));
        return SetRows.write(out, kind.columns(), identity, set, this::rows, control);
    }

    private List<List<String>> rows(int number, Prompt prompt, RunControl control) throws LoopscopeException {
        PromptText text = PromptText.of(tokenizer, prompt, generate);
        String group = prompt.group().orElse("");
        RunOptions options =
                RunOptions.steps(steps).withGenerate(text.generate()).withLayers(kind.layers());
        try {
            Capture capture = model.run(text.wholeIds(), options, control);
            ProfileReader reader = ProfileReader.of(kind, capture, model.unembedding(), control);
            List<List<String>> rows = new ArrayList<>();
            for (Span span : text.spans(capture.length())) {
                for (int i = 0; i < reader.places().size(); i++) {
                    DepthPoint place = reader.places().get(i);
                    double[] means = reader.means(i, span.from(), span.count());
                    rows.add(cells(new ProfileRow(number, group, span.scope(), place, span.count(), means)));
                }
            }
            return rows;
        } catch (NonFiniteStateException | NonFiniteLogitsException e) {
            double[] none = new double[kind.measured().size()];
            Arrays.fill(none, Double.NaN);
            return List.of(cells(new ProfileRow(number, group, Scope.PROBLEM, DepthPoint.stepOutput(1), 0, none)));
        }
    }

    private List<String> cells(ProfileRow row) {
        return table.cells(new ProfileRow.InFile(
                row, kind.statement(), model.config().trainedSteps(), steps, Origin.of(model.info())));
    }
}
