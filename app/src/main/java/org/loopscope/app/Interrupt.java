package org.loopscope.app;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ctrl+C as a cancel: the work sees the request, cleans up and ends, and only then the Java machine goes down (with
 * code 130, as it does by itself after SIGINT).
 */
final class Interrupt {
    private static final Logger LOG = LoggerFactory.getLogger(Interrupt.class);
    private static final long PATIENCE_SECONDS = 10;

    private final AtomicBoolean requested = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Turns Ctrl+C into a cancel from here on; the returned flag says whether it was pressed. */
    BooleanSupplier cancelOnInterrupt() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::cancelAndWait, "cancel-on-interrupt"));
        return this::requested;
    }

    boolean requested() {
        return requested.get();
    }

    /** What happens when the Java machine is told to go down. */
    void cancelAndWait() {
        requested.set(true);
        try {
            boolean answered = ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!answered) {
                LOG.warn("The work did not stop within {} seconds; the program ends without it.", PATIENCE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The work is over and holds nothing half-written. To be called before the machine is asked to exit. */
    void workEnded() {
        ended.countDown();
    }
}
