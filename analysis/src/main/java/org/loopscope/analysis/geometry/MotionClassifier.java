package org.loopscope.analysis.geometry;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.loopscope.model.Capture;

/**
 * Sorts tokens by what their step outputs do at the end of a run. Looked at is the tail: the last w = max(6, ⌊T/4⌋)
 * updates Δ_t = h_t − h_{t−1}. The first of these that holds is the class:
 *
 * <ol>
 *   <li><b>too few steps</b>: T &lt; 8.
 *   <li><b>settles</b>: ‖Δ_t‖ / ‖h_t‖ &lt; 0.03 for every t of the tail.
 *   <li><b>cycles</b> with period k: for some lag 2 ≤ k ≤ w/2 the median over the tail of ‖h_t − h_{t−k}‖ is at most half
 *       the median of ‖Δ_t‖; k is the smallest lag within 10 % of the least such median.
 *   <li><b>drifts</b>: straightness ‖h_T − h_{T−w}‖ / Σ ‖Δ_t‖ of at least 0.5.
 *   <li><b>wanders</b>: none of these.
 * </ol>
 *
 * <p>Why these: 0.03 is the default of the exit rule on ‖Δ‖/‖h‖ of Huginn (Geiping et al. 2025, arXiv:2502.05171, model
 * code). States that are independent draws around one point have a return ratio of 1 at every lag and a random walk √k, so
 * half is clearly a return. A random walk of w steps has a straightness near 1/√w, 0.25 for w = 16. The limits are ours,
 * not a standard: the record keeps the numbers behind the class. Blayney et al. 2026 (arXiv:2604.11791) appendix C sort
 * orbits by the cosine with the last state instead.
 */
public final class MotionClassifier {
    /** Fewest steps that are sorted. */
    public static final int MIN_STEPS = 8;
    /** Largest relative step of a token that has settled. */
    public static final double SETTLED = 0.03;
    /** Largest return ratio of a cycle. */
    public static final double RETURN = 0.5;
    /** Least straightness of a drift. */
    public static final double STRAIGHT = 0.5;

    private static final int MIN_TAIL = 6;
    private static final double SAME_RETURN = 1.1;

    private MotionClassifier() {}

    /** The motion of every token, [S]. */
    public static Motion[] of(Capture capture) {
        return IntStream.range(0, capture.length())
                .mapToObj(p -> of(states(capture, p)))
                .toArray(Motion[]::new);
    }

    /**
     * The class of one token had its run ended at each step: [T], index t − 1. The states of a run of t steps are the first t
     * of a longer one.
     */
    public static Motion.Kind[] byStep(Capture capture, int position) {
        float[][] states = states(capture, position);
        return IntStream.rangeClosed(1, states.length)
                .mapToObj(t -> t < MIN_STEPS
                        ? Motion.Kind.TOO_SHORT
                        : of(Arrays.copyOf(states, t)).kind())
                .toArray(Motion.Kind[]::new);
    }

    /** Updates in the tail of a run of {@code steps}. */
    public static int tail(int steps) {
        return Math.min(steps - 1, Math.max(MIN_TAIL, steps / 4));
    }

    private static float[][] states(Capture capture, int position) {
        float[][] states = new float[capture.steps()][];
        for (int t = 1; t <= states.length; t++) {
            states[t - 1] = capture.hiddenState(t, position);
        }
        return states;
    }

    /** The motion of one token with step outputs {@code states} [T][d]. */
    static Motion of(float[][] states) {
        int steps = states.length;
        int tail = tail(steps);
        int from = steps - tail; // index of the first state that an update of the tail leads to
        double largest = 0;
        double path = 0;
        for (int i = from; i < steps && tail > 0; i++) {
            double size = distance(states[i], states[i - 1]);
            path += size;
            largest = Math.max(largest, size / length(states[i]));
        }
        double straightness = path == 0 ? Double.NaN : distance(states[steps - 1], states[from - 1]) / path;
        double[] returns = returns(states, from, tail / 2);
        double best = Arrays.stream(returns).min().orElse(Double.NaN);
        OptionalInt period = IntStream.range(0, returns.length)
                .filter(i -> returns[i] <= SAME_RETURN * best + 1e-12)
                .map(i -> i + 2)
                .findFirst();
        Motion.Kind kind = kind(steps, largest, best, straightness);
        return new Motion(
                kind, kind == Motion.Kind.CYCLES ? period : OptionalInt.empty(), tail, largest, best, straightness);
    }

    private static Motion.Kind kind(int steps, double largest, double best, double straightness) {
        if (steps < MIN_STEPS) {
            return Motion.Kind.TOO_SHORT;
        }
        if (largest < SETTLED) {
            return Motion.Kind.SETTLES;
        }
        if (best <= RETURN) {
            return Motion.Kind.CYCLES;
        }
        return straightness >= STRAIGHT ? Motion.Kind.DRIFTS : Motion.Kind.WANDERS;
    }

    /** Return ratios of the lags 2 to {@code maxLag}; none without movement. */
    private static double[] returns(float[][] states, int from, int maxLag) {
        double step = maxLag < 2 ? 0 : median(states, from, 1);
        if (step == 0) {
            return new double[0];
        }
        return IntStream.rangeClosed(2, maxLag)
                .mapToDouble(lag -> median(states, from, lag) / step)
                .toArray();
    }

    /** Median of ‖h_t − h_{t−lag}‖ over the tail. */
    private static double median(float[][] states, int from, int lag) {
        double[] sorted = IntStream.range(Math.max(from, lag), states.length)
                .mapToDouble(i -> distance(states[i], states[i - lag]))
                .sorted()
                .toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    static double distance(float[] a, float[] b) {
        double squares = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = (double) a[i] - b[i];
            squares += difference * difference;
        }
        return Math.sqrt(squares);
    }

    static double length(float[] a) {
        double squares = 0;
        for (float x : a) {
            squares += (double) x * x;
        }
        return Math.sqrt(squares);
    }
}
