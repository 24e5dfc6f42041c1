package org.loopscope.model;

import java.util.Optional;
import org.loopscope.model.base.LoopscopeException;

/** A run met NaN or infinity and stopped; what was complete by then is kept. */
public final class NonFiniteStateException extends LoopscopeException {
    private static final long serialVersionUID = 1L;

    private final int step;
    private final int position;
    private final transient Optional<Capture> partial;

    /**
     * @param sentence from {@link #sentence}
     * @param step at which the run stopped, 1-based
     * @param position of the first token whose state is not finite
     * @param partial the capture of what was complete before, marked with the same sentence; empty when nothing was
     */
    public NonFiniteStateException(String sentence, int step, int position, Optional<Capture> partial) {
        super(sentence);
        this.step = step;
        this.position = position;
        this.partial = partial;
    }

    /**
     * The sentence for the user.
     *
     * @param place where in the step, such as {@code layer 3} or {@code final norm}
     * @param kept what is kept, such as {@code steps 1 to 3 are kept}
     */
    public static String sentence(int step, String place, int position, String kept) {
        return "The run stopped at step " + step + ", " + place + ": the state at position " + position
                + " holds NaN or infinity where finite numbers were expected; " + kept + ".";
    }

    /** Step at which the run stopped, 1-based. */
    public int step() {
        return step;
    }

    /** First token whose state is not finite, 0-based. */
    public int position() {
        return position;
    }

    /** Complete steps of all tokens when the prompt was being read, else all steps of the tokens before this one. */
    public Optional<Capture> partial() {
        return partial;
    }
}
