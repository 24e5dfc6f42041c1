package org.loopscope.model.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.loopscope.model.base.LoopscopeException;

/** Runs tasks on all processors, and waits for them. */
public final class ParallelTasks {
    private ParallelTasks() {}

    /** Work that is done once. */
    @FunctionalInterface
    public interface Task {
        void run() throws LoopscopeException;
    }

    /**
     * Runs all tasks. When one fails, those that have not begun are left out, and the failure of the first in the list
     * that failed is thrown once none runs any more.
     *
     * @throws LoopscopeException that a task threw, and likewise its unchecked exceptions and errors
     */
    public static void run(List<? extends Task> tasks) throws LoopscopeException {
        int processors = Runtime.getRuntime().availableProcessors();
        ExecutorService threads =
                Executors.newFixedThreadPool(Math.max(1, Math.min(processors, tasks.size())), work -> {
                    Thread thread = new Thread(work, "weights");
                    thread.setDaemon(true);
                    return thread;
                });
        boolean[] failed = {false};
        List<Future<?>> futures = new ArrayList<>();
        for (Task task : tasks) {
            futures.add(threads.submit(() -> {
                synchronized (failed) {
                    if (failed[0]) {
                        return null;
                    }
                }
                boolean complete = false;
                try {
                    task.run();
                    complete = true;
                } finally {
                    synchronized (failed) {
                        failed[0] |= !complete;
                    }
                }
                return null;
            }));
        }
        threads.shutdown();
        finish(futures);
    }

    private static void finish(List<Future<?>> futures) throws LoopscopeException {
        List<Throwable> failures = new ArrayList<>();
        boolean interrupted = false;
        for (Future<?> future : futures) {
            boolean waiting = true;
            while (waiting) {
                try {
                    future.get();
                    waiting = false;
                } catch (InterruptedException e) {
                    interrupted = true; // the tasks own memory that the caller frees: it has to wait for them
                } catch (ExecutionException e) {
                    failures.add(e.getCause());
                    waiting = false;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!failures.isEmpty()) {
            rethrow(failures.get(0));
        }
    }

    private static void rethrow(Throwable failure) throws LoopscopeException {
        if (failure instanceof LoopscopeException e) {
            throw e;
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
        throw new IllegalStateException(failure);
    }
}
