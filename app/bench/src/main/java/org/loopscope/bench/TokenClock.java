package org.loopscope.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

/** Seconds a generated token takes, from the progress that a run reports after each. */
final class TokenClock {
    private final List<Long> nanos = new ArrayList<>();
    private final RunControl control;
    private final int expected;

    private TokenClock(int expected, RunControl control) {
        this.expected = expected;
        this.control = RunControl.of(control::isCancelled, this::progress);
    }

    private void progress(String stage, long done, long total) {
        if (stage.startsWith("token") && total == expected) {
            nanos.add(System.nanoTime());
        }
    }

    /**
     * One generation.
     *
     * @param secondsPerToken median over the tokens after the first; choosing a token and its pass through the steps
     * @param meanSecondsPerToken mean over the same tokens: the figure to read where they run different numbers of steps
     */
    record Generation(double secondsPerToken, double meanSecondsPerToken, Capture capture) {}

    /** Generates as {@code options} say, at least two tokens. */
    static Generation generate(LoopedModel model, int[] prompt, RunOptions options, RunControl control)
            throws LoopscopeException {
        TokenClock clock = new TokenClock(options.generate(), control);
        Capture capture = model.run(prompt, options, clock.control);
        int intervals = clock.nanos.size() - 1;
        if (intervals < 1) {
            throw new IllegalStateException("tokens: want progress of at least 2, got " + clock.nanos.size());
        }
        double[] seconds = new double[intervals];
        for (int i = 0; i < intervals; i++) {
            seconds[i] = (clock.nanos.get(i + 1) - clock.nanos.get(i)) / 1e9;
        }
        return new Generation(
                Sample.median(seconds), Arrays.stream(seconds).average().orElseThrow(), capture);
    }
}
