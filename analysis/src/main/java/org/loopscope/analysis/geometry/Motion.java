package org.loopscope.analysis.geometry;

import java.util.OptionalInt;

/**
 * How the step outputs of one token end: see {@link MotionClassifier}.
 *
 * @param kind the class
 * @param period of a cycle, in steps
 * @param tail steps that were looked at, the last ones
 * @param largestStep max of ‖Δ_t‖ / ‖h_t‖ over the tail
 * @param bestReturn median of ‖h_t − h_{t−k}‖ over that of ‖Δ_t‖, for the lag k ≥ 2 where it is least; NaN without
 *     movement or lag
 * @param straightness ‖h_T − h_{T−w}‖ / Σ ‖Δ_t‖ over the tail of w updates, in [0, 1]; NaN without movement
 */
public record Motion(
        Kind kind, OptionalInt period, int tail, double largestStep, double bestReturn, double straightness) {
    /** What a token does in the end. */
    public enum Kind {
        /** It has stopped. */
        SETTLES("settles"),
        /** It comes back to where it was some steps ago, again and again. */
        CYCLES("cycles"),
        /** It keeps going one way. */
        DRIFTS("drifts"),
        /** It keeps moving, but neither one way nor in a cycle. */
        WANDERS("wanders"),
        /** The run has too few steps to tell. */
        TOO_SHORT("too few steps");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** One or two lower-case words. */
        public String label() {
            return label;
        }
    }
}
