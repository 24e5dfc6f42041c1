package org.loopscope.app;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class InterruptTest {
    @Test
    @Timeout(60)
    void theMachineWaitsUntilTheCancelledWorkHasEnded() throws InterruptedException {
        Interrupt interrupt = new Interrupt();
        AtomicBoolean cleanedUp = new AtomicBoolean();
        AtomicBoolean cleanedUpBeforeTheEnd = new AtomicBoolean();
        CountDownLatch workStarted = new CountDownLatch(1);
        Thread work = new Thread(() -> {
            workStarted.countDown();
            while (!interrupt.requested()) {
                Thread.onSpinWait();
            }
            cleanedUp.set(true);
            interrupt.workEnded();
        });
        work.start();
        assertTrue(workStarted.await(30, TimeUnit.SECONDS));
        assertFalse(interrupt.requested());

        Thread shutdown = new Thread(() -> {
            interrupt.cancelAndWait();
            cleanedUpBeforeTheEnd.set(cleanedUp.get());
        });
        shutdown.start();
        shutdown.join();
        work.join();
        assertTrue(cleanedUpBeforeTheEnd.get());
    }
}
