package org.loopscope.bench;

/**
 * What the window is measured with: a made-up run, with layer states.
 *
 * @param moves of the slider, and frames of scrolling, that count for each picture
 * @param warmups moves and frames before those
 * @param rounds how often the run and every tab are opened
 */
public record WindowWork(int tokens, int steps, int layers, int moves, int warmups, int rounds) {
    /** The size that the window is meant for. */
    public static final WindowWork USUAL = new WindowWork(512, 8, 24, 60, 20, 5);

    public WindowWork {
        if (tokens < 1 || steps < 1 || layers < 1 || moves < 1 || warmups < 0 || rounds < 1) {
            throw new IllegalArgumentException("window: want at least one of each, got " + tokens + " tokens, " + steps
                    + " steps, " + layers + " layers, " + moves + " moves, " + warmups + " warmups, " + rounds
                    + " rounds");
        }
    }
}
