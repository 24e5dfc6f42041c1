package org.loopscope.analysis.depth;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What is measured at every step. Each has one value for a prompt, the mean over its tokens, or 0 or 1 for accuracy. */
public enum DepthValue {
    /** Prompts whose answer is right: each of its tokens the most probable one. */
    ACCURACY("answers right", DepthRow::accuracy),
    /** Tokens whose most probable prediction is the token that follows in the text. */
    NEXT_TOKEN("text's next token is the most probable", row -> row.share(row.right())),
    /** Tokens whose most probable prediction is that of the last step of the run. */
    AGREEMENT_LAST("agrees with the last step", row -> row.share(row.agreeingLast())),
    /** Tokens whose most probable prediction is that of the step the checkpoint was trained to end at. */
    AGREEMENT_TRAINED("agrees with the trained T", row -> row.share(row.agreeingTrained())),
    /** Probability of the token that follows in the text. */
    TEXT_PROBABILITY("probability of the text's next token", DepthRow::textProbability),
    /** Probability of the most probable token. */
    TOP_PROBABILITY("largest probability", DepthRow::topProbability),
    /** Entropy of the prediction, nats. */
    ENTROPY("entropy (nats)", DepthRow::entropy),
    /** KL(p_t ‖ p_{t−1}), nats; none at step 1. */
    KL_TO_PREVIOUS("KL to the step before (nats)", DepthRow::klToPrevious),
    /** Σ_v min(p_t(v), p_T(v)): how often a draft sampled from step t would be accepted; 1 at the last step. */
    SAMPLED_ACCEPTANCE("sampled drafts accepted", DepthRow::sampledAcceptance),
    /** λ_t; the exit pdf reads it where t &lt; T only. */
    LAMBDA("gate λ", DepthRow::lambda),
    /** S_{t−1}, the probability of reaching step t: p(t) of a run that ends at T = t. */
    REACHING("probability of reaching the step", DepthRow::reaching),
    /** E[exit step] of a run that ends at T = t: Σ_{n≤t} S_{n−1}. */
    EXPECTED_STEPS("expected exit step at T = t", DepthRow::expectedSteps),
    /** Arithmetic of a token, 10⁶ operations; see {@link DepthCost}. */
    MEGAFLOPS("MFLOP a token", DepthRow::megaflops);

    private final String title;
    private final ToDoubleFunction<DepthRow> of;

    DepthValue(String title, ToDoubleFunction<DepthRow> of) {
        this.title = title;
        this.of = of;
    }

    /** The name on figures, with the unit. */
    public String title() {
        return title;
    }

    /** The name in files: {@code agreement_last}. */
    public String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it is a share of things that either hold or do not. */
    public boolean share() {
        return ordinal() <= AGREEMENT_TRAINED.ordinal();
    }

    /** Whether it is a mean of probabilities, which is never above 1. */
    boolean probability() {
        return switch (this) {
            case TEXT_PROBABILITY, TOP_PROBABILITY, SAMPLED_ACCEPTANCE, LAMBDA, REACHING -> true;
            default -> false;
        };
    }

    /** Value of one row; NaN where it has none. */
    double of(DepthRow row) {
        return of.applyAsDouble(row);
    }

    /** What the row counts for in a mean: its tokens, or 1 for accuracy. */
    int weight(DepthRow row) {
        return this == ACCURACY ? 1 : row.tokens();
    }
}
