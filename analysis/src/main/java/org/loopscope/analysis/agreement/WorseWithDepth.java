package org.loopscope.analysis.agreement;

import java.util.Arrays;
import java.util.function.Predicate;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.stat.RunIntervals;

/**
 * How often more depth makes it worse: the share of items whose right continuation becomes less probable. With l_t the
 * natural log-probability that step t gives it, an item is worse at step t if l_t &lt; l_{t−1} − tolerance, and worse at the
 * end if l_T &lt; max_t l_t − tolerance, that is if some earlier step was better. The tolerance, 0.01 nats, keeps
 * rounding out where both are nearly certain. After the question left open by Zhu et al. 2025 (arXiv:2510.25741) §7.3
 * whether refinement is monotone. Immutable.
 */
public final class WorseWithDepth {
    /** Nats. */
    public static final double TOLERANCE = 0.01;

    private final double[][] logProbability; // [n][T]
    private final boolean run; // the items are the tokens of one run, in their order

    private WorseWithDepth(double[][] logProbability, boolean run) {
        this.logProbability = Arrays.stream(logProbability)
                .filter(item -> Arrays.stream(item).noneMatch(Double::isNaN))
                .map(double[]::clone)
                .toArray(double[][]::new);
        this.run = run;
    }

    /** @param logProbability [n][T] of the right continuation of independent items; those with a NaN are left out */
    public static WorseWithDepth of(double[][] logProbability) {
        return new WorseWithDepth(logProbability, false);
    }

    /** The tokens of one run, all but the last: right is the token that really follows. */
    public static WorseWithDepth of(LensGrid lens) {
        double[][] items = new double[Math.max(0, lens.positions() - 1)][lens.steps()];
        for (int p = 0; p < items.length; p++) {
            for (int t = 1; t <= lens.steps(); t++) {
                items[p][t - 1] = Math.log(lens.probabilityOfNext(lens.rowOfStep(t), p));
            }
        }
        return new WorseWithDepth(items, true);
    }

    /** Items. */
    public int n() {
        return logProbability.length;
    }

    /** Items that are worse at the last step than at the best one. */
    public int worseAtEnd() {
        return count(WorseWithDepth::isWorseAtEnd);
    }

    /** 95 % interval of the share {@link #worseAtEnd}: Wilson's over items, {@link RunIntervals} over the tokens of one run. */
    public Interval worseAtEndInterval() {
        return interval(WorseWithDepth::isWorseAtEnd);
    }

    private static boolean isWorseAtEnd(double[] l) {
        return l[l.length - 1] < Arrays.stream(l).max().orElse(Double.NaN) - TOLERANCE;
    }

    private int count(Predicate<double[]> worse) {
        return (int) Arrays.stream(logProbability).filter(worse).count();
    }

    private Interval interval(Predicate<double[]> worse) {
        if (!run) {
            return Interval.wilson(count(worse), n());
        }
        return RunIntervals.share(Arrays.stream(logProbability)
                .mapToDouble(l -> worse.test(l) ? 1 : 0)
                .toArray());
    }
}
