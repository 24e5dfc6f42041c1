package org.loopscope.model.hub;

import java.time.Duration;
import java.time.Instant;
import org.loopscope.model.base.RunControl;

/**
 * How long and how often something is tried.
 *
 * @param silence how long a server may say nothing
 * @param attempts how often in a row, if next to nothing comes
 * @param sleeper waits between attempts
 */
record Patience(Duration silence, int attempts, Sleeper sleeper) {
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final long SLICE_MILLIS = 50;

    /** Waits. */
    @FunctionalInterface
    interface Sleeper {
        void sleep(Duration duration, RunControl control);
    }

    static Patience usual() {
        return new Patience(Duration.ofSeconds(60), 5, Patience::sleep);
    }

    /** Waits 1, 2, 4 … seconds after failure 1, 2, 3 …, or as long as the server asks; at most half a minute. */
    void afterFailure(int failures, Duration asked, RunControl control) {
        Duration own = Duration.ofSeconds(1L << Math.min(failures - 1, 10));
        Duration wait = asked.compareTo(own) > 0 ? asked : own;
        sleeper.sleep(wait.compareTo(LONGEST) > 0 ? LONGEST : wait, control);
        control.checkCancelled();
    }

    private static void sleep(Duration duration, RunControl control) {
        Instant end = Instant.now().plus(duration);
        while (Instant.now().isBefore(end)) {
            control.checkCancelled();
            try {
                Thread.sleep(SLICE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
