package org.loopscope.analysis.lens;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.loopscope.model.Capture;

/**
 * The arrays of a lens while they are being filled: reduces the logits of one cell at a time, so that logits are never
 * held for more than a chunk of positions.
 */
final class LensCells {
    final List<DepthPoint> rows;
    final int topK;
    final int[][] topIds; // [rows][S * k]
    final float[][] topLogProbabilities; // [rows][S * k]
    final float[][] entropy; // [rows][S]
    final float[][] klToLast; // [rows][S]
    final int[][] rankOfFinal; // [rows][S]
    final float[][] logProbabilityOfFinal; // [rows][S]
    final float[][] probabilityOfNext; // [rows][S]
    final int[][] tracked; // [S][n]
    final float[][][] trackedLogProbabilities; // [S][rows][n]

    private final Capture capture;
    private final int vocabSize;
    private final double[] logNormaliser; // [rows], of the position in hand
    private final double[] lastProbability; // [V], of the last row at the position in hand
    private final double[] lastLogProbability; // [V]

    LensCells(Capture capture, List<DepthPoint> rows, int vocabSize, int topK) {
        int n = rows.size();
        int s = capture.length();
        this.capture = capture;
        this.rows = rows;
        this.topK = topK;
        this.vocabSize = vocabSize;
        this.topIds = new int[n][s * topK];
        this.topLogProbabilities = new float[n][s * topK];
        this.entropy = new float[n][s];
        this.klToLast = new float[n][s];
        this.rankOfFinal = new int[n][s];
        this.logProbabilityOfFinal = new float[n][s];
        this.probabilityOfNext = new float[n][s];
        this.tracked = new int[s][];
        this.trackedLogProbabilities = new float[s][n][];
        this.logNormaliser = new double[n];
        this.lastProbability = new double[vocabSize];
        this.lastLogProbability = new double[vocabSize];
    }

    /**
     * Reduces the logits of one cell, V numbers of {@code logits} from {@code offset}. The last row of a position comes
     * before its other rows: they are compared with it.
     *
     * @throws IllegalStateException if a logit is not finite
     */
    void reduce(int row, int position, float[] logits, int offset) {
        boolean last = row == rows.size() - 1;
        double normaliser = normaliser(row, position, logits, offset);
        logNormaliser[row] = normaliser;
        TopK.select(logits, offset, vocabSize, topK, topIds[row], position * topK);
        for (int i = position * topK; i < (position + 1) * topK; i++) {
            topLogProbabilities[row][i] = (float) (logits[offset + topIds[row][i]] - normaliser);
        }
        double sum = 0;
        double divergence = 0;
        for (int v = 0; v < vocabSize; v++) {
            double logP = logits[offset + v] - normaliser;
            double p = Math.exp(logP);
            sum -= p * logP;
            if (last) {
                lastProbability[v] = p;
                lastLogProbability[v] = logP;
            } else {
                divergence += lastProbability[v] * (lastLogProbability[v] - logP);
            }
        }
        entropy[row][position] = (float) sum;
        klToLast[row][position] = (float) Math.max(0, divergence); // rounding can leave -1e-17 for equal distributions
        compareWithFinal(row, position, logits, offset);
    }

    private void compareWithFinal(int row, int position, float[] logits, int offset) {
        int finalId = topIds[rows.size() - 1][position * topK];
        float of = logits[offset + finalId];
        int rank = 1;
        for (int v = 0; v < vocabSize; v++) {
            float logit = logits[offset + v];
            if (logit > of || (logit == of && v < finalId)) {
                rank++;
            }
        }
        rankOfFinal[row][position] = rank;
        logProbabilityOfFinal[row][position] = (float) (of - logNormaliser[row]);
        probabilityOfNext[row][position] = position + 1 < capture.length()
                ? (float) Math.exp(logits[offset + capture.tokenId(position + 1)] - logNormaliser[row])
                : Float.NaN;
    }

    /** Once all rows of a position are reduced: which tokens are followed through its rows. */
    void chooseTracked(int position) {
        int from = position * topK;
        int[] ids = Arrays.stream(topIds)
                .flatMapToInt(row -> Arrays.stream(row, from, from + topK))
                .distinct()
                .toArray();
        List<Integer> sorted = new ArrayList<>(Arrays.stream(ids).boxed().toList());
        sorted.sort(Comparator.<Integer>comparingDouble(id -> -lastLogProbability[id])
                .thenComparing(Comparator.naturalOrder()));
        tracked[position] = sorted.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Log-probabilities of the tracked tokens in one row; after {@link #chooseTracked}. */
    void follow(int row, int position, float[] logits, int offset) {
        int[] ids = tracked[position];
        float[] out = new float[ids.length];
        for (int i = 0; i < ids.length; i++) {
            out[i] = (float) (logits[offset + ids[i]] - logNormaliser[row]);
        }
        trackedLogProbabilities[position][row] = out;
    }

    private double normaliser(int row, int position, float[] logits, int offset) {
        double result = Softmax.logSumExp(logits, offset, vocabSize);
        if (!Double.isFinite(result)) {
            throw new IllegalStateException("logits at " + rows.get(row).label() + ", position " + position
                    + ": want finite numbers, got NaN or infinity");
        }
        return result;
    }
}
