package org.loopscope.analysis.lens;

/**
 * A finite state gave logits that are not: the unembedding holds NaN or infinity, or the product leaves float32. Nothing
 * a caller did wrong; the message is one plain sentence for the user.
 */
public final class NonFiniteLogitsException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** The logits read from the output of {@code step} at {@code position}. */
    public static NonFiniteLogitsException atStep(int step, int position) {
        return new NonFiniteLogitsException(DepthPoint.stepOutput(step), position);
    }

    NonFiniteLogitsException(DepthPoint depth, int position) {
        super("The lens stopped at " + depth.label() + ", position " + position
                + ": the logits hold NaN or infinity where finite numbers were expected; the unembedding of this model"
                + " is damaged, or its states are too large for float32.");
    }
}
