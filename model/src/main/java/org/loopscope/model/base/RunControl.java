package org.loopscope.model.base;

import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Progress and cancel of one long operation. Plain code asks {@link #checkCancelled()} at least once per layer or
 * token and reports through {@link #progress}; it knows nothing of threads or windows.
 */
public interface RunControl {
    boolean isCancelled();

    /** Reports that {@code done} of {@code total} units of {@code stage} ("loading", "step 2 of 4", ...) are complete. */
    void progress(String stage, long done, long total);

    /** @throws CancellationException if somebody asked to cancel */
    default void checkCancelled() {
        if (isCancelled()) {
            throw new CancellationException("cancelled");
        }
    }

    /** A control that is never cancelled and drops progress. */
    static RunControl none() {
        return of(() -> false, (stage, done, total) -> {});
    }

    static RunControl of(BooleanSupplier cancelled, ProgressListener listener) {
        return new RunControl() {
            @Override
            public boolean isCancelled() {
                return cancelled.getAsBoolean();
            }

            @Override
            public void progress(String stage, long done, long total) {
                listener.progress(stage, done, total);
            }
        };
    }

    /** Receives progress; called on the thread that does the work. */
    @FunctionalInterface
    interface ProgressListener {
        void progress(String stage, long done, long total);
    }
}
