package org.loopscope.analysis.lens;

/** The normaliser of a softmax, in double. */
final class Softmax {
    private Softmax() {}

    /** ln Σ exp(logit) over {@code n} logits from {@code offset}, the maximum taken out first; NaN if one is NaN. */
    static double logSumExp(float[] logits, int offset, int n) {
        float max = Float.NEGATIVE_INFINITY;
        for (int v = 0; v < n; v++) {
            max = Math.max(max, logits[offset + v]); // NaN wins
        }
        double sum = 0;
        for (int v = 0; v < n; v++) {
            sum += Math.exp((double) logits[offset + v] - max);
        }
        return max + Math.log(sum);
    }
}
