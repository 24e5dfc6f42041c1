package org.loopscope.app.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class PanelThreadsTest {
    private static final long PATIENCE = 60; // seconds; reached only when something is broken

    private final PanelThreads threads = new PanelThreads();
    private final CountDownLatch product = new CountDownLatch(1);

    /** Like a matrix product: hears no interrupt. */
    private void untilReleased() {
        boolean waiting = true;
        while (waiting) {
            try {
                product.await();
                waiting = false;
            } catch (InterruptedException e) {
                continue;
            }
        }
    }

    @Test
    void theEndWaitsForWorkThatAPanelBegan() throws InterruptedException {
        threads.named("a lab").execute(this::untilReleased);
        assertFalse(threads.end(0), "the work is still inside its product");
        product.countDown();
        assertTrue(threads.end(PATIENCE));
    }

    @Test
    void theEndWaitsForWhatAnExecutorIsDoingAndLetsItStartNothingMore() throws InterruptedException {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        CompletableFuture<String> begun = new CompletableFuture<>();
        executor.execute(() -> {
            begun.complete("begun");
            untilReleased();
        });
        begun.join();
        assertFalse(threads.end(0, executor), "the work is still inside its product");
        assertThrows(RejectedExecutionException.class, () -> executor.execute(() -> {}));
        product.countDown();
        assertTrue(threads.end(PATIENCE, executor));
    }

    @Test
    void workThatThrowsIsNotWaitedForForever() throws InterruptedException {
        CompletableFuture<Thread> thrown = new CompletableFuture<>();
        threads.named("a lab").execute(() -> {
            Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> thrown.complete(thread));
            throw new IllegalStateException("on purpose");
        });
        assertTrue(threads.end(PATIENCE));
        assertEquals("a lab", thrown.join().getName());
    }
}
