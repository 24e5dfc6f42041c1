package org.loopscope.analysis.compare;

import java.util.Arrays;
import org.loopscope.model.base.RunControl;

/**
 * How far the step outputs h (after the final norm) of a run are from those of A at the same place. Sums in double. Immutable;
 * NaN where one of the two has no token or loop, where their lengths d differ, and where a state is zero.
 */
public final class StatePairs {
    private final double[][][] distance; // [runs][rows][columns]
    private final double[][][] cosine; // [runs][rows][columns]

    private StatePairs(Comparison comparison) {
        Alignment alignment = comparison.alignment();
        this.distance = new double[comparison.size()][alignment.rows()][alignment.columns()];
        this.cosine = new double[comparison.size()][alignment.rows()][alignment.columns()];
    }

    /** @throws java.util.concurrent.CancellationException if {@code control} is cancelled */
    public static StatePairs of(Comparison comparison, RunControl control) {
        StatePairs pairs = new StatePairs(comparison);
        for (int run = 0; run < comparison.size(); run++) {
            pairs.compare(comparison, run, control);
        }
        return pairs;
    }

    private void compare(Comparison comparison, int run, RunControl control) {
        Alignment alignment = comparison.alignment();
        int d = comparison.capture(0).config().hiddenSize();
        boolean sameLength = comparison.capture(run).config().hiddenSize() == d;
        float[] ofA = new float[d];
        float[] ofRun = new float[d];
        for (int row = 0; row < alignment.rows(); row++) {
            control.checkCancelled();
            Arrays.fill(distance[run][row], Double.NaN);
            Arrays.fill(cosine[run][row], Double.NaN);
            for (int column = 0; sameLength && column < alignment.columns(); column++) {
                if (comparison.both(run, row, column)) {
                    state(comparison, 0, row, column, ofA);
                    state(comparison, run, row, column, ofRun);
                    compare(run, row, column, ofA, ofRun);
                }
            }
        }
    }

    private static void state(Comparison comparison, int run, int row, int column, float[] out) {
        Alignment alignment = comparison.alignment();
        comparison.capture(run).hiddenStates(alignment.step(run, row), alignment.position(run, column), 1, out, 0);
    }

    private void compare(int run, int row, int column, float[] a, float[] b) {
        double squaresA = 0;
        double squaresB = 0;
        double squaredDifference = 0;
        double dot = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = (double) b[i] - a[i];
            squaresA += (double) a[i] * a[i];
            squaresB += (double) b[i] * b[i];
            squaredDifference += difference * difference;
            dot += (double) a[i] * b[i];
        }
        distance[run][row][column] = squaresA == 0 ? Double.NaN : Math.sqrt(squaredDifference / squaresA);
        double cos = dot / Math.sqrt(squaresA * squaresB); // NaN for a zero state
        cosine[run][row][column] = cos > 1 ? 1 : cos < -1 ? -1 : cos;
    }

    /** ‖h_run − h_A‖ / ‖h_A‖. */
    public double distance(int run, int row, int column) {
        return distance[run][row][column];
    }

    /** cos(h_A, h_run), in [−1, 1]. */
    public double cosine(int run, int row, int column) {
        return cosine[run][row][column];
    }
}
