package org.loopscope.app.shell;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The threads that panels start for long work, so that the window can wait for them. A process that ends while one of them
 * is inside a matrix product takes the library's memory away from it, and the library complains on standard output.
 */
final class PanelThreads {
    private final Set<CountDownLatch> atWork = ConcurrentHashMap.newKeySet();

    /** A daemon thread for each piece of work. */
    Executor named(String name) {
        return work -> {
            CountDownLatch end = new CountDownLatch(1);
            Thread thread = new Thread(
                    () -> {
                        try {
                            work.run();
                        } finally {
                            atWork.remove(end);
                            end.countDown();
                        }
                    },
                    name);
            thread.setDaemon(true);
            atWork.add(end);
            thread.start();
        };
    }

    /**
     * Lets {@code executors} start nothing more, and waits until they and these threads have ended. Whoever calls it has
     * cancelled their work before.
     *
     * @return false if something was still at work after {@code seconds}
     */
    boolean end(long seconds, ExecutorService... executors) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        List.of(executors).forEach(ExecutorService::shutdownNow);
        boolean ended = true;
        for (ExecutorService executor : executors) {
            ended &= executor.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
        for (CountDownLatch work : atWork) {
            ended &= work.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
        return ended;
    }
}
