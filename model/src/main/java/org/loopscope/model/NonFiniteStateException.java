package org.loopscope.model;

import java.util.Optional;

/** A run met NaN or infinity and stopped; the steps that were complete by then are kept. */
public final class NonFiniteStateException extends LoopscopeException {
    private static final long serialVersionUID = 1L;

    private final int step;
    private final int layer;
    private final transient Optional<Capture> partial;

    /** @param partial the capture of the complete steps before {@code step}, marked as partial; empty when there are none */
    public NonFiniteStateException(int step, int layer, int position, Optional<Capture> partial) {
        super("The run stopped at step " + step + ", layer " + layer + ": the state of token " + position
                + " holds NaN or infinity where finite numbers were expected; "
                + (step > 1 ? "steps 1 to " + (step - 1) + " are kept." : "no step was complete."));
        this.step = step;
        this.layer = layer;
        this.partial = partial;
    }

    /** Step at which the run stopped, 1-based. */
    public int step() {
        return step;
    }

    /** Layer after which the state was not finite, 0-based. */
    public int layer() {
        return layer;
    }

    public Optional<Capture> partial() {
        return partial;
    }
}
