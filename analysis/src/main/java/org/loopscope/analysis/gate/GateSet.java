package org.loopscope.analysis.gate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.loopscope.analysis.lens.NonFiniteLogitsException;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.prompts.PromptSet;
import org.loopscope.analysis.run.GateDiagnosis;
import org.loopscope.analysis.run.Inspection;
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
 * Gates and gains of every token of every prompt of a set, one run a prompt, written to a CSV file as it goes. An answer is
 * given behind its prompt; a prompt without one may be continued by the model at full depth.
 */
public final class GateSet {
    private final LoopedModel model;
    private final PromptSet set;
    private final int steps;
    private final int generate;
    private final Tokenizer tokenizer;

    /**
     * Reads all prompts as tokens, to refuse one that cannot be run before hours have gone into the others.
     *
     * @param steps T
     * @param generate tokens generated after a prompt without answer
     * @throws LoopscopeException if the model has no tokenizer or a prompt cannot be run, with its number
     */
    public GateSet(LoopedModel model, List<Prompt> prompts, int steps, int generate) throws LoopscopeException {
        this.tokenizer = model.requireTokenizer();
        this.model = model;
        this.set = new PromptSet("", prompts, List.of());
        this.steps = steps;
        this.generate = generate;
        for (int i = 0; i < prompts.size(); i++) {
            PromptText.check(model.config(), tokenizer, i + 1, prompts.get(i), generate);
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
        return SetRows.write(
                out,
                GateRow.COLUMNS,
                identity,
                set,
                (number, prompt, quiet) -> rows(number, prompt, quiet).stream()
                        .map(row -> row.cells(model.info()))
                        .toList(),
                control);
    }

    private List<GateRow> rows(int number, Prompt prompt, RunControl control) throws LoopscopeException {
        String group = prompt.group().orElse("");
        PromptText text = PromptText.of(tokenizer, prompt, generate);
        try {
            RunOptions options = RunOptions.steps(steps).withGenerate(text.generate());
            Capture capture = model.run(text.wholeIds(), options, control);
            Inspection inspection = Inspection.of(capture, model, 1, control);
            List<GateDiagnosis.Point> points = GateDiagnosis.of(inspection).points();
            List<GateRow> rows = new ArrayList<>();
            for (Span span : text.spans(capture.length())) {
                for (GateDiagnosis.Point point : points) {
                    if (span.holds(point.position())) {
                        rows.add(row(number, group, span, point, inspection));
                    }
                }
            }
            return rows;
        } catch (NonFiniteStateException | NonFiniteLogitsException e) {
            return List.of(GateRow.problem(number, group, steps));
        }
    }

    private GateRow row(int number, String group, Span span, GateDiagnosis.Point point, Inspection inspection) {
        int step = point.step();
        return new GateRow(
                number,
                group,
                span.scope(),
                point.position(),
                step,
                point.gateLogit(),
                point.lambda(),
                GateDiagnosis.gain(inspection.lens(), step, point.position()),
                step == steps ? Double.NaN : GateDiagnosis.gain(inspection.lens(), step + 1, point.position()),
                point.label(),
                point.nextLabel(),
                steps);
    }
}
