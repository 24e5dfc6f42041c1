package org.loopscope.analysis.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.loopscope.analysis.exit.ExitAnalysis;
import org.loopscope.analysis.exit.WeightedExit;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.set.PromptText;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.RunControl;

/**
 * Replays every rule of a plan on the run of one prompt through all steps. An answer is given behind the
 * prompt ("teacher forcing"), so that each of its tokens is read with those before it as they should be.
 */
public final class PromptMeasure {
    private final LoopedModel model;
    private final SweepPlan plan;

    public PromptMeasure(LoopedModel model, SweepPlan plan) {
        this.model = model;
        this.plan = plan;
    }

    /**
     * The rows of a prompt.
     *
     * @param capture of {@link PromptText#ids}
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    public List<SweepRow> rows(int number, Prompt prompt, PromptText text, Capture capture, RunControl control) {
        LensGrid lens = LogitLens.steps(capture, model.unembedding(), 1, control);
        Optional<WeightedExit> weighted = plan.rules().stream().anyMatch(SweepRule::mixture)
                ? Optional.of(WeightedExit.of(capture, model.unembedding(), control))
                : Optional.empty();
        return rows(number, prompt, text, lens, weighted);
    }

    private List<SweepRow> rows(
            int number, Prompt prompt, PromptText text, LensGrid lens, Optional<WeightedExit> weighted) {
        Capture capture = lens.capture();
        ExitAnalysis exits = ExitAnalysis.of(capture, lens);
        int[] next = text.next(capture);
        List<SweepRow> rows = new ArrayList<>();
        for (SweepRule rule : plan.rules()) {
            int[] steps = rule.exitSteps(exits, lens);
            if (rule == SweepRule.ORACLE_RIGHT && text.answered()) { // its last token is not in the capture
                int last = capture.length() - 1;
                steps[last] = firstRight(lens, last, next[last + 1]);
            }
            int[] says = IntStream.range(0, steps.length)
                    .map(p -> rule.mixture()
                            ? rule.mixed(weighted.orElseThrow(), p)
                            : lens.topId(lens.rowOfStep(steps[p]), p, 0))
                    .toArray();
            Counter counter = new Counter(number, prompt, rule, steps, says, next, lens);
            text.spans(capture.length()).forEach(span -> rows.add(counter.row(span)));
        }
        return rows;
    }

    private static int firstRight(LensGrid lens, int position, int id) {
        for (int step = 1; step < lens.steps(); step++) {
            if (lens.topId(lens.rowOfStep(step), position, 0) == id) {
                return step;
            }
        }
        return lens.steps();
    }

    /**
     * @param steps taken at each position, [S]
     * @param says the most probable token there, [S]
     * @param next the token that follows each position, [S + 1] with the first unused
     */
    private record Counter(
            int number, Prompt prompt, SweepRule rule, int[] steps, int[] says, int[] next, LensGrid lens) {
        SweepRow row(PromptText.Span span) {
            long loops = 0;
            int agreeing = 0;
            int right = 0;
            for (int p = span.from(); p < span.from() + span.count(); p++) {
                loops += steps[p];
                agreeing += says[p] == lens.finalId(p) ? 1 : 0;
                right += says[p] == next[p + 1] ? 1 : 0;
            }
            return new SweepRow(
                    number,
                    prompt.group().orElse(""),
                    span.scope(),
                    rule.name(),
                    rule.threshold(),
                    span.count(),
                    loops,
                    agreeing,
                    right,
                    lens.steps());
        }
    }
}
