package org.loopscope.app.shell;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javafx.application.Platform;

/**
 * How long the FX thread answers nothing: it is asked every millisecond, one question at a time, and the longest wait for
 * an answer is kept. Several short tasks in a row count as one wait, as for a person who clicks.
 */
final class FxAway implements AutoCloseable {
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "loopscope-fx-away");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicBoolean asked = new AtomicBoolean();
    private final AtomicLong longest = new AtomicLong();
    private volatile long counted = System.nanoTime(); // questions from then on count

    FxAway() {
        clock.scheduleAtFixedRate(this::ask, 0, 1, TimeUnit.MILLISECONDS);
    }

    private void ask() {
        if (asked.compareAndSet(false, true)) {
            long start = System.nanoTime();
            Platform.runLater(() -> {
                if (start - counted >= 0) {
                    longest.accumulateAndGet(System.nanoTime() - start, Math::max);
                }
                asked.set(false);
            });
        }
    }

    /** Forgets what was before, a question that has no answer yet included. */
    void restart() {
        counted = System.nanoTime();
        longest.set(0);
    }

    /** Since {@link #restart}. */
    double seconds() {
        return longest.get() / 1e9;
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
