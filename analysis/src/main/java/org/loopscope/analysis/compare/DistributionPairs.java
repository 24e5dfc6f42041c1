package org.loopscope.analysis.compare;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.loopscope.analysis.lens.LogSoftmax;
import org.loopscope.model.Capture;
import org.loopscope.model.Unembedding;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.shape.Site;

/**
 * What needs whole distributions of two runs at the same place: KL divergence, and the probability of the same token in all
 * of them. Read by each run's own unembedding from its step outputs, which are normed already. Sums in double. Immutable; NaN
 * where a run has no token or loop, or another vocabulary than A.
 */
public final class DistributionPairs {
    private static final long BUDGET_BYTES = 32L << 20;

    private final OptionalInt token;
    private final double[][][] kl; // [runs][rows][columns], run 0 all 0 where A is there
    private final double[][][] answer; // [runs][rows][columns]
    private final double[][][] chosen; // [runs][rows][columns], all NaN without a token

    private DistributionPairs(Comparison comparison, OptionalInt token) {
        this.token = token;
        this.kl = nan(comparison);
        this.answer = nan(comparison);
        this.chosen = nan(comparison);
    }

    private static double[][][] nan(Comparison comparison) {
        Alignment alignment = comparison.alignment();
        double[][][] cells = new double[comparison.size()][alignment.rows()][alignment.columns()];
        for (double[][] run : cells) {
            for (double[] row : run) {
                Arrays.fill(row, Double.NaN);
            }
        }
        return cells;
    }

    /**
     * Reads every aligned token and loop; may take seconds.
     *
     * @param token an id whose probability is followed beside that of A's answer; empty for none
     * @throws IllegalArgumentException if the id is none of A's vocabulary
     * @throws IllegalStateException if the model of a run is closed
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    public static DistributionPairs of(Comparison comparison, OptionalInt token, RunControl control) {
        int vocabulary = comparison.inspection(0).unembedding().vocabSize();
        if (token.isPresent() && (token.getAsInt() < 0 || token.getAsInt() >= vocabulary)) {
            throw new IllegalArgumentException("token id: want 0 to " + (vocabulary - 1) + ", got " + token.getAsInt());
        }
        DistributionPairs pairs = new DistributionPairs(comparison, token);
        Alignment alignment = comparison.alignment();
        int block = (int) Math.max(1, BUDGET_BYTES / (Float.BYTES * (long) vocabulary * alignment.rows()));
        for (int from = 0; from < alignment.columns(); from += block) {
            int count = Math.min(block, alignment.columns() - from);
            pairs.read(comparison, from, count, control);
            control.progress("comparing distributions", from + count, alignment.columns());
        }
        return pairs;
    }

    private void read(Comparison comparison, int from, int count, RunControl control) {
        float[] ofA = logits(comparison, 0, from, count, control);
        for (int run = 0; run < comparison.size(); run++) {
            if (comparison.sameWords(run)) {
                int other = run;
                float[] ofRun = run == 0 ? ofA : logits(comparison, run, from, count, control);
                int rows = comparison.alignment().rows();
                IntStream.range(0, rows * count)
                        .parallel()
                        .forEach(cell -> reduce(comparison, other, cell / count, from, cell, count, ofA, ofRun));
            }
        }
    }

    /** [rows, count, V]; zero where the run has nothing. */
    private static float[] logits(Comparison comparison, int run, int from, int count, RunControl control) {
        control.checkCancelled();
        Capture capture = comparison.capture(run);
        Alignment alignment = comparison.alignment();
        Unembedding unembedding = comparison.inspection(run).unembedding();
        int d = unembedding.hiddenSize();
        float[] states = new float[alignment.rows() * count * d];
        for (int row = 0; row < alignment.rows(); row++) {
            for (int i = 0; i < count; i++) {
                if (alignment.has(run, row, from + i)) {
                    int position = alignment.position(run, from + i);
                    capture.states(Site.readout(alignment.step(run, row)), position, 1, states, (row * count + i) * d);
                }
            }
        }
        float[] logits = new float[alignment.rows() * count * unembedding.vocabSize()];
        unembedding.logits(states, alignment.rows() * count, logits);
        return logits;
    }

    private void reduce(
            Comparison comparison, int run, int row, int from, int cell, int count, float[] ofA, float[] ofRun) {
        int column = from + cell % count;
        Alignment alignment = comparison.alignment();
        if (!alignment.has(run, row, column)) {
            return;
        }
        int vocabulary = comparison.inspection(0).unembedding().vocabSize();
        int offset = cell * vocabulary;
        double normaliser = LogSoftmax.logSum(ofRun, offset, vocabulary);
        if (token.isPresent()) {
            chosen[run][row][column] = Math.exp(ofRun[offset + token.getAsInt()] - normaliser);
        }
        int positionOfA = alignment.position(0, column);
        if (positionOfA != Alignment.MISSING) {
            int id = comparison.inspection(0).lens().finalId(positionOfA);
            answer[run][row][column] = Math.exp(ofRun[offset + id] - normaliser);
        }
        if (alignment.has(0, row, column)) {
            double normaliserA = LogSoftmax.logSum(ofA, offset, vocabulary);
            kl[run][row][column] = divergence(ofA, normaliserA, ofRun, normaliser, offset, vocabulary);
        }
    }

    /** KL(p ‖ q) = Σ p (ln p − ln q), in nats. */
    private static double divergence(float[] p, double sumP, float[] q, double sumQ, int offset, int n) {
        double sum = 0;
        for (int v = offset; v < offset + n; v++) {
            double logP = p[v] - sumP;
            sum += Math.exp(logP) * (logP - (q[v] - sumQ));
        }
        return sum < 0 ? 0 : sum; // rounding can leave -1e-17 for equal distributions; NaN stays
    }

    /** The id that was chosen to be followed. */
    public OptionalInt token() {
        return token;
    }

    /** KL(p_A ‖ p_run) in nats. */
    public double kl(int run, int row, int column) {
        return kl[run][row][column];
    }

    /** Probability in this run of A's answer: the most probable token of A at full depth, at the aligned position. */
    public double answer(int run, int row, int column) {
        return answer[run][row][column];
    }

    /** Probability in this run of the chosen token; NaN without one. */
    public double chosen(int run, int row, int column) {
        return chosen[run][row][column];
    }
}
