package org.loopscope.analysis.loss;

import java.util.ArrayList;
import java.util.List;

/**
 * A piece of a text that is run by itself, because the whole is longer than a run may be.
 *
 * @param from number of its first token in the text, 0-based
 * @param end behind its last token
 * @param counted number in the text of the first token whose prediction is counted here; those before it give context
 */
public record TextWindow(int from, int end, int counted) {
    /**
     * Windows that go on by {@code stride} tokens, so that every token but the first is predicted exactly once, from {@code window −
     * stride} tokens before it or more where the text has them.
     *
     * @param tokens of the text
     * @param stride less than {@code window}: the first token of a window is not predicted in it
     */
    public static List<TextWindow> of(int tokens, int window, int stride) {
        if (stride < 1 || stride >= window) {
            throw new IllegalArgumentException("stride: want 1 to " + (window - 1) + ", got " + stride);
        }
        List<TextWindow> windows = new ArrayList<>();
        int counted = 1;
        for (int from = 0; counted < tokens; from += stride) {
            int end = Math.min(tokens, from + window);
            windows.add(new TextWindow(from, end, counted));
            counted = end;
        }
        return windows;
    }
}
