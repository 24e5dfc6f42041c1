package org.loopscope.analysis.lens;

/** Log-probabilities of a few tokens, without an array for all of them. */
public final class LogSoftmax {
    private LogSoftmax() {}

    /** ln Σ exp(logit) over {@code n} logits from {@code offset}, in double, the maximum taken out; NaN if one is NaN. */
    public static double logSum(float[] logits, int offset, int n) {
        float max = Float.NEGATIVE_INFINITY;
        for (int v = 0; v < n; v++) {
            max = Math.max(max, logits[offset + v]);
        }
        double sum = 0;
        for (int v = 0; v < n; v++) {
            sum += Math.exp((double) logits[offset + v] - max);
        }
        return max + Math.log(sum);
    }
}
