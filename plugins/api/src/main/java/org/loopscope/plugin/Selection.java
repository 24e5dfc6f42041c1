package org.loopscope.plugin;

/**
 * What the user points at; shared by every panel.
 *
 * @param position token, 0-based
 * @param step recurrent step, 1-based
 */
public record Selection(int position, int step) {
    public Selection {
        if (position < 0) {
            throw new IllegalArgumentException("position: want 0 or more, got " + position);
        }
        if (step < 1) {
            throw new IllegalArgumentException("step: want 1 or more, got " + step);
        }
    }

    /** The nearest selection that exists in a capture of {@code positions} tokens and {@code steps} steps. */
    public Selection within(int positions, int steps) {
        int p = Math.min(position, positions - 1);
        int t = Math.min(step, steps);
        return p == position && t == step ? this : new Selection(p, t);
    }
}
