package org.loopscope.model.exit;

import java.util.Arrays;

/**
 * When one token leaves the loop: its exit pdf and CDF over recurrent steps t = 1..T.
 *
 * <p>p(t|x) = λ_t · S_{t−1} for t &lt; T. The last step takes what is left, p(T|x) = S_{T−1}, so λ_T is never read by
 * the pdf. Everything is computed in double from the gate logits, log S_t = −Σ softplus(g_j) and CDF(t) = −expm1(log
 * S_t), so that a saturated gate (λ rounding to 1) does not make the CDF reach 1 early. Source: Zhu et al. 2025
 * (arXiv:2510.25741) §3.2, eq. 3.
 */
public final class ExitDistribution {
    private final double[] lambda; // [T]
    private final double[] survival; // [T], survival[t - 1] = S_t = prod_{j <= t} (1 - lambda_j), as if t < T
    private final double[] pdf; // [T], pdf[t - 1] = p(t|x)
    private final double[] cdf; // [T], cdf[T - 1] is exactly 1

    private ExitDistribution(double[] lambda, double[] survival, double[] pdf, double[] cdf) {
        this.lambda = lambda;
        this.survival = survival;
        this.pdf = pdf;
        this.cdf = cdf;
    }

    /**
     * The distribution for gate logits g_1..g_T, shape [T].
     *
     * @throws IllegalArgumentException if there is none, or one that p reads (all but the last) is NaN
     */
    public static ExitDistribution fromGateLogits(double... gateLogits) {
        int steps = gateLogits.length;
        if (steps == 0) {
            throw new IllegalArgumentException("gate logits: want at least one step, got none");
        }
        double[] lambda = new double[steps];
        double[] survival = new double[steps];
        double[] pdf = new double[steps];
        double[] cdf = new double[steps];
        double logSurvival = 0;
        for (int t = 1; t <= steps; t++) {
            double g = gateLogits[t - 1];
            if (t < steps && Double.isNaN(g)) {
                throw new IllegalArgumentException("gate logit at step " + t + ": want a number, got NaN");
            }
            double before = logSurvival;
            lambda[t - 1] = sigmoid(g);
            logSurvival -= softplus(g);
            survival[t - 1] = Math.exp(logSurvival);
            if (t < steps) {
                pdf[t - 1] = lambda[t - 1] * Math.exp(before);
                cdf[t - 1] = 0 - Math.expm1(logSurvival); // not the sign alone: a gate of 0 would show as -0.0
            } else {
                pdf[t - 1] = Math.exp(before);
                cdf[t - 1] = 1.0; // set, not summed: the exit search below must end
            }
        }
        return new ExitDistribution(lambda, survival, pdf, cdf);
    }

    /**
     * The distribution for gate values λ_1..λ_T, shape [T], each but the last in [0, 1].
     *
     * @throws IllegalArgumentException if there is none, or one that p reads is outside [0, 1] or NaN
     */
    public static ExitDistribution fromGates(double... lambda) {
        double[] logits = new double[lambda.length];
        for (int t = 1; t <= lambda.length; t++) {
            double gate = lambda[t - 1];
            if (t < lambda.length && !(gate >= 0.0 && gate <= 1.0)) { // written so that NaN is refused too
                throw new IllegalArgumentException("lambda at step " + t + ": want [0, 1], got " + gate);
            }
            logits[t - 1] = Math.log(gate) - Math.log1p(-gate);
        }
        return fromGateLogits(logits);
    }

    /** What a model without a gate has: every number is NaN, and a threshold is reached by the last step only. */
    public static ExitDistribution none(int steps) {
        double[] nan = new double[steps];
        Arrays.fill(nan, Double.NaN);
        return new ExitDistribution(nan, nan, nan, nan);
    }

    /** T. */
    public int steps() {
        return pdf.length;
    }

    /** λ_t = σ(g_t), also at t = T where the pdf does not read it; {@code step} is 1-based. */
    public double lambda(int step) {
        return lambda[step - 1];
    }

    /** S_t = ∏_{j≤t} (1 − λ_j): the probability of still being in the loop after {@code step}, were it not the last. */
    public double survival(int step) {
        return step == 0 ? 1.0 : survival[step - 1];
    }

    /** p(t|x). */
    public double pdf(int step) {
        return pdf[step - 1];
    }

    /** CDF(t|x) = Σ_{j≤t} p(j|x); exactly 1 at T. */
    public double cdf(int step) {
        return cdf[step - 1];
    }

    /**
     * First step t with CDF(t|x) ≥ q, the Q-exit rule. q = 0 is always step 1 and q = 1 always step T, also when a
     * gate has saturated so far that the CDF rounds to 1 before T.
     *
     * @throws IllegalArgumentException if {@code q} is outside [0, 1] or NaN
     */
    public int exitStep(double q) {
        if (!(q >= 0.0 && q <= 1.0)) {
            throw new IllegalArgumentException("q: want [0, 1], got " + q);
        }
        if (q == 1.0) {
            return steps();
        }
        int step = 1;
        while (step < steps() && !(cdf[step - 1] >= q)) { // written so that NaN never leaves
            step++;
        }
        return step;
    }

    /** E[t] = Σ t · p(t|x), in steps. */
    public double expectedSteps() {
        double sum = 0;
        for (int t = 1; t <= pdf.length; t++) {
            sum += t * pdf[t - 1];
        }
        return sum;
    }

    /** H(p) = −Σ p ln p, in nats; at most ln T. */
    public double entropy() {
        double sum = 0;
        for (double p : pdf) {
            sum -= p == 0 ? 0 : p * Math.log(p);
        }
        return sum;
    }

    private static double sigmoid(double g) {
        return g >= 0 ? 1 / (1 + Math.exp(-g)) : Math.exp(g) / (1 + Math.exp(g));
    }

    private static double softplus(double g) {
        return Math.max(g, 0) + Math.log1p(Math.exp(-Math.abs(g)));
    }
}
