package org.loopscope.model.exit;

/** The next-token distribution p_t that the logits of one step give, and what exit rules read of it. Immutable. */
public final class Prediction {
    private final double[] probability; // [V]
    private final double[] logProbability; // [V]
    private final int top1;
    private final double margin;

    private Prediction(double[] probability, double[] logProbability, int top1, double margin) {
        this.probability = probability;
        this.logProbability = logProbability;
        this.top1 = top1;
        this.margin = margin;
    }

    /** Softmax of finite {@code logits} [V], in double, the maximum taken out first. */
    public static Prediction of(float... logits) {
        int top = 0;
        for (int v = 1; v < logits.length; v++) {
            top = logits[v] > logits[top] ? v : top;
        }
        double[] probability = new double[logits.length];
        double sum = 0;
        for (int v = 0; v < logits.length; v++) {
            probability[v] = Math.exp((double) logits[v] - logits[top]);
            sum += probability[v];
        }
        double normaliser = logits[top] + Math.log(sum);
        double[] logProbability = new double[logits.length];
        double second = 0;
        double scale = 1 / sum;
        for (int v = 0; v < logits.length; v++) {
            probability[v] *= scale;
            logProbability[v] = logits[v] - normaliser;
            second = v == top ? second : Math.max(second, probability[v]);
        }
        return new Prediction(probability, logProbability, top, probability[top] - second);
    }

    /** H(p) = −Σ p ln p, in nats. */
    public double entropy() {
        double sum = 0;
        for (int v = 0; v < probability.length; v++) {
            sum -= probability[v] * logProbability[v];
        }
        return sum;
    }

    /** The most probable token; of equal ones the lowest id. */
    public int top1() {
        return top1;
    }

    public double maxLogProbability() {
        return logProbability[top1];
    }

    /** Largest minus second largest probability. */
    public double margin() {
        return margin;
    }

    /** KL(this ‖ earlier) = Σ p (ln p − ln p_earlier), in nats. */
    public double klFrom(Prediction earlier) {
        double sum = 0;
        for (int v = 0; v < probability.length; v++) {
            sum += probability[v] * (logProbability[v] - earlier.logProbability[v]);
        }
        return Math.max(0, sum); // rounding can leave -1e-17 for equal distributions
    }
}
