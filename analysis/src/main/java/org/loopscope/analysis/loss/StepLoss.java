package org.loopscope.analysis.loss;

import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.model.exit.ExitDistribution;

/** L(t) = −ln p_t(next token) of one token, nats, at every step. Steps are 1-based. Immutable. */
public final class StepLoss {
    private final double[] losses; // [T]
    private final double margin;

    private StepLoss(double[] losses, double margin) {
        this.losses = losses;
        this.margin = margin;
    }

    /**
     * Of the token behind {@code position}.
     *
     * @param margin nats that a rise is counted above
     */
    public static StepLoss of(LensGrid lens, int position, double margin) {
        double[] losses = new double[lens.steps()];
        for (int t = 1; t <= losses.length; t++) {
            losses[t - 1] = lens.lossOfNext(lens.rowOfStep(t), position);
        }
        return new StepLoss(losses, margin);
    }

    /** Of numbers, [T]. */
    public static StepLoss of(double[] losses, double margin) {
        return new StepLoss(losses.clone(), margin);
    }

    /** L(step). */
    public double at(int step) {
        return losses[step - 1];
    }

    /** The first step with the least loss. */
    public int best() {
        return best(losses.length);
    }

    private int best(int upTo) {
        int best = 1;
        for (int t = 2; t <= upTo; t++) {
            best = at(t) < at(best) ? t : best;
        }
        return best;
    }

    /** Whether L rises by more than the margin from one step to the next somewhere up to {@code step}. */
    public boolean risen(int step) {
        for (int t = 2; t <= step; t++) {
            if (at(t) > at(t - 1) + margin) {
                return true;
            }
        }
        return false;
    }

    /** Whether L(step) is more than the margin above the least up to there. */
    public boolean worse(int step) {
        return at(step) > at(best(step)) + margin;
    }

    /** Σ p(t) L(t); a step with p(t) = 0 adds nothing. */
    public double expected(ExitDistribution exit) {
        double sum = 0;
        for (int t = 1; t <= losses.length; t++) {
            sum += exit.pdf(t) > 0 ? exit.pdf(t) * at(t) : 0;
        }
        return sum;
    }

    /** −ln Σ p(t) p_t(next): the loss of the mixture of probabilities, the largest term taken out. */
    public double ofMixture(ExitDistribution exit) {
        double least = Double.POSITIVE_INFINITY;
        for (int t = 1; t <= losses.length; t++) {
            least = exit.pdf(t) > 0 ? Math.min(least, at(t)) : least;
        }
        double sum = 0;
        for (int t = 1; t <= losses.length; t++) {
            sum += exit.pdf(t) > 0 ? exit.pdf(t) * Math.exp(least - at(t)) : 0;
        }
        return least - Math.log(sum);
    }
}
