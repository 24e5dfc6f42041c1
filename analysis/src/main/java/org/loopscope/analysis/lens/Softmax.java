package org.loopscope.analysis.lens;

/** Softmax in double, the maximum taken out first. */
final class Softmax {
    private Softmax() {}

    /**
     * Softmax of {@code n} logits from {@code offset} into {@code out}.
     *
     * @return ln Σ exp(logit); NaN or infinite if a logit is, and {@code out} is then of no use
     */
    static double probabilities(float[] logits, int offset, int n, double[] out) {
        return probabilities(logits, offset, n, 1, out);
    }

    /** The same of logits that are divided by {@code temperature}, above 0, first. */
    static double probabilities(float[] logits, int offset, int n, double temperature, double[] out) {
        float max = Float.NEGATIVE_INFINITY;
        for (int v = 0; v < n; v++) {
            max = Math.max(max, logits[offset + v]); // NaN wins
        }
        double sum = 0;
        for (int v = 0; v < n; v++) {
            double e = Math.exp(((double) logits[offset + v] - max) / temperature);
            out[v] = e;
            sum += e;
        }
        double scale = 1 / sum;
        for (int v = 0; v < n; v++) {
            out[v] *= scale;
        }
        return max / temperature + Math.log(sum);
    }
}
