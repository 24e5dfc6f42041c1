package org.loopscope.analysis.profile;

import java.util.List;
import java.util.Locale;

/**
 * What is averaged at a place of the depth. With h_t the output of step t (after the final norm), x_{t,l} the residual
 * stream after layer l of step t (before it), and p the lens's distribution of the next token there. See {@link
 * org.loopscope.analysis.geometry.StepGeometry}, {@link org.loopscope.analysis.geometry.LayerGeometry} and {@link
 * org.loopscope.analysis.lens.LensGrid} for formulas and sources.
 */
public enum ProfileValue {
    /** ‖h_t‖, or ‖x_{t,l}‖. */
    NORM("norm", false),
    /** ‖h_t − h_{t−1}‖; of layers, what the layer adds. */
    STEP_SIZE("step size", false),
    /** The step size over the norm before. */
    RELATIVE_STEP("relative step", false),
    /** arccos(cos) / π of the states after and before, in [0, 1]. */
    ANGULAR_DISTANCE("angular distance", false),
    /** cos(Δ_t, Δ_{t−1}) of successive updates; from step 3. */
    UPDATE_COSINE("direction of updates (cosine)", false),
    /** ‖Δ_t − Δ_{t−1}‖; from step 3. */
    ACCELERATION("acceleration", false),
    /** ‖Δ_t − Δ_{t−1}‖ / (‖Δ_t‖ + ‖Δ_{t−1}‖), in [0, 1]; from step 3. */
    RELATIVE_ACCELERATION("relative acceleration", false),
    /** ‖h_t − h_T‖ / ‖h_T‖; 0 at the last step, whatever the tokens do. */
    DISTANCE_TO_END("distance to the last step, ‖h_t − h_T‖ / ‖h_T‖", false),
    /** Tokens that settle in a run that ends here; from step 8. See {@link org.loopscope.analysis.geometry.MotionClassifier}. */
    SETTLES("settles in a run that ends here (share)", true),
    /** Tokens that cycle in a run that ends here; from step 8. */
    CYCLES("cycles in a run that ends here (share)", true),
    /** Tokens that drift in a run that ends here; from step 8. */
    DRIFTS("drifts in a run that ends here (share)", true),
    /** Entropy of p, nats. */
    ENTROPY("entropy (nats)", false),
    /** KL(p ‖ p of the last depth), nats. */
    KL_TO_LAST("KL(last depth ‖ this depth) (nats)", false),
    /** Largest probability in p. */
    TOP_PROBABILITY("largest probability", false),
    /** Probability of the token that follows in the text. */
    TEXT_PROBABILITY("probability of the text's next token", false),
    /** Tokens whose most probable prediction is that of the last depth. */
    AGREES_WITH_LAST("agrees with the last depth (share)", true),
    /** Tokens whose most probable prediction no longer changes from here on: prediction depth reached. */
    SETTLED("prediction settled (share)", true);

    static final List<ProfileValue> STEP_GEOMETRY = List.of(
            NORM,
            STEP_SIZE,
            RELATIVE_STEP,
            ANGULAR_DISTANCE,
            UPDATE_COSINE,
            ACCELERATION,
            RELATIVE_ACCELERATION,
            DISTANCE_TO_END,
            SETTLES,
            CYCLES,
            DRIFTS);
    static final List<ProfileValue> LAYER_GEOMETRY = List.of(NORM, STEP_SIZE, RELATIVE_STEP, ANGULAR_DISTANCE);
    static final List<ProfileValue> LENS =
            List.of(ENTROPY, KL_TO_LAST, TOP_PROBABILITY, TEXT_PROBABILITY, AGREES_WITH_LAST, SETTLED);

    private final String title;
    private final boolean share;

    ProfileValue(String title, boolean share) {
        this.title = title;
        this.share = share;
    }

    /** The name on figures, with the unit. */
    public String title() {
        return title;
    }

    /** The name in files: {@code relative_step}. */
    public String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it is 1 at the last depth by definition. */
    boolean oneAtTheEnd() {
        return this == AGREES_WITH_LAST || this == SETTLED;
    }

    /** Whether it is a mean of probabilities, which is never above 1. */
    boolean probability() {
        return this == TOP_PROBABILITY || this == TEXT_PROBABILITY;
    }

    /** Whether it is a share of tokens. */
    public boolean share() {
        return share;
    }
}
