package org.loopscope.model.exit;

/**
 * What exit rules read of one token, at the steps that have run: the same view on a finished capture and on a token that
 * is going through the loop. Steps are 1-based. Values of the next-token distribution p_t and of the state h_t (after the
 * final norm) are rounded to float32, so that a rule decides the same on both.
 *
 * <p>Sources: entropy, maximum probability, margin: Huginn's and earlier early-exit rules; KL, step size and acceleration
 * as they are compared in Zhu et al. 2025 (arXiv:2510.25741) and the work that measures Ouro and Huginn loop by loop.
 * The formulas stand at the methods because the sources differ in direction and in what they divide by.
 */
public interface StepSignals {
    /** T, the steps that a token takes at most. */
    int steps();

    /** g_t, λ_t = σ(g_t); NaN for a model without a gate. */
    double gateLogit(int step);

    /** H(p_t) = −Σ p ln p, in nats. */
    double entropy(int step);

    /** max p_t. */
    double maxProbability(int step);

    /** Largest minus second largest probability of p_t, 0 to 1; 1 for a vocabulary of one. */
    double margin(int step);

    /** The most probable token of p_t; of equal ones the lowest id. */
    int top1(int step);

    /** KL(p_t ‖ p_{t−1}) in nats, the new distribution against the old one; NaN at step 1. */
    double kl(int step);

    /** A number of the states h_1 … h_t, {@link Signal#measured}. */
    double ofStates(Signal signal, int step);
}
