package org.loopscope.analysis.depth;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.set.PromptText.Span;
import org.loopscope.model.Capture;
import org.loopscope.model.exit.ExitDistribution;

/**
 * Reads the rows of every step from a run. That one run of T steps tells what fewer would say is exact for fixed text: step
 * t of a token attends to step t of earlier tokens only, so h_1..h_t do not depend on how many steps follow (Zhu et al.
 * 2025, arXiv:2510.25741, §3.1 and the full KV cache of §5.4.2).
 */
public final class DepthReader {
    private final LensGrid lens;
    private final Capture capture;
    private final ExitDistribution[] exits; // [S]
    private final int trained;

    public DepthReader(LensGrid lens) {
        this.lens = lens;
        this.capture = lens.capture();
        this.trained = capture.config().trainedSteps();
        this.exits = new ExitDistribution[capture.length()];
        for (int p = 0; p < exits.length; p++) {
            exits[p] = capture.exitDistribution(p);
        }
    }

    /**
     * Rows of one span by step, [T].
     *
     * @param next the token that follows each position, [S + 1], read at p + 1
     * @param textEnds whether nothing follows the last position, so that {@code next} does not count there
     * @param lastLog ln p_t, [T], of the token after the last position, where that is not in the capture
     */
    public List<DepthRow> rows(int prompt, String group, Span span, int[] next, boolean textEnds, double[] lastLog) {
        List<DepthRow> rows = new ArrayList<>();
        for (int step = 1; step <= lens.steps(); step++) {
            OptionalDouble last = lastLog.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(lastLog[step - 1]);
            rows.add(row(prompt, group, span, step, next, textEnds, last));
        }
        return rows;
    }

    private DepthRow row(
            int prompt, String group, Span span, int step, int[] next, boolean textEnds, OptionalDouble lastLog) {
        int row = lens.rowOfStep(step);
        int n = span.count();
        int right = 0;
        int last = 0;
        int asTrained = 0;
        double[] sums = new double[9];
        for (int p = span.from(); p < span.from() + n; p++) {
            int says = lens.topId(row, p, 0);
            boolean end = p == capture.length() - 1;
            right += says == next[p + 1] ? 1 : 0;
            last += says == lens.finalId(p) ? 1 : 0;
            asTrained += trained <= lens.steps() && says == lens.topId(lens.rowOfStep(trained), p, 0) ? 1 : 0;
            sums[0] += lens.entropy(row, p);
            sums[1] += lens.topProbability(row, p, 0);
            sums[2] += end && lastLog.isPresent() ? Math.exp(lastLog.getAsDouble()) : lens.probabilityOfNext(row, p);
            sums[3] += lens.klToPrevious(row, p);
            sums[8] += lens.overlapWithLast(row, p);
            sums[4] += exits[p].lambda(step);
            sums[5] += exits[p].survival(step - 1);
            sums[6] += expectedSteps(exits[p], step);
            sums[7] += DepthCost.flops(capture.config(), step, p + 1.0) / 1e6;
        }
        return new DepthRow(
                prompt,
                group,
                span.scope(),
                step,
                n,
                textEnds && span.from() + n == capture.length() ? -1 : right,
                last,
                trained <= lens.steps() ? asTrained : -1,
                sums[0] / n,
                sums[1] / n,
                sums[2] / n,
                sums[3] / n,
                sums[8] / n,
                sums[4] / n,
                sums[5] / n,
                sums[6] / n,
                sums[7] / n,
                trained,
                lens.steps());
    }

    /** E[exit step] of a run that ends at T = {@code step}: 1 + Σ_{n&lt;T} S_n, in which λ_T has no part. */
    static double expectedSteps(ExitDistribution exits, int step) {
        double sum = 0;
        for (int n = 1; n <= step; n++) {
            sum += exits.survival(n - 1);
        }
        return sum;
    }
}
