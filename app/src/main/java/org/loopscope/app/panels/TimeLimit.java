package org.loopscope.app.panels;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Code of others on a thread that can be left behind. */
final class TimeLimit {
    private TimeLimit() {}

    /**
     * What {@code call} gives, or throws what it threw. A call that takes too long is interrupted and left behind on its
     * daemon thread: Java has no way to end it.
     *
     * @param loader of the code, which may look for its own resources
     * @throws TimeoutException after {@code seconds}, with words that follow "because"
     */
    static <T> T call(String name, ClassLoader loader, long seconds, Callable<T> call)
            throws TimeoutException, ExecutionException, InterruptedException {
        FutureTask<T> task = new FutureTask<>(call);
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.setContextClassLoader(loader);
        thread.start();
        try {
            return task.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            thread.interrupt();
            thread.setPriority(Thread.MIN_PRIORITY);
            throw new TimeoutException("it did not answer within " + seconds + " s");
        } catch (InterruptedException e) {
            thread.interrupt();
            throw e;
        }
    }
}
