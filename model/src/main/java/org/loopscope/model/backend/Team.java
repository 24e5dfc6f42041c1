package org.loopscope.model.backend;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One thread for each processor, which share work of well under a millisecond: between two pieces of work they wait by
 * looking out for the next for a short time, since waking a sleeping thread can take longer than the work (measured: a
 * product of 2 ms took 4 when its second thread had slept). After that time they sleep.
 *
 * <p>Work given while other work is being shared, by another run or from within, is done by the thread that gives it.
 */
public final class Team {
    private static final long LOOKOUT_NANOS = 2_000_000;
    private static final int LOOKS = 128; // between two looks at the clock

    private static final Team ALL = new Team(Runtime.getRuntime().availableProcessors());

    private final int size;
    private final ReentrantLock turn = new ReentrantLock();
    private final Thread[] workers;
    private boolean started;
    private volatile @Nullable Job current;

    Team(int size) {
        this.size = size;
        this.workers = new Thread[size - 1];
    }

    /** Parts of one piece of work. */
    private static final class Job {
        final IntConsumer work;
        final int parts;
        final AtomicInteger next = new AtomicInteger();
        final AtomicInteger done = new AtomicInteger();
        final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        Job(IntConsumer work, int parts) {
            this.work = work;
            this.parts = parts;
        }

        void help() {
            for (int part = next.getAndIncrement(); part < parts; part = next.getAndIncrement()) {
                try {
                    if (failure.get() == null) {
                        work.accept(part);
                    }
                } catch (Throwable t) { // thrown again by the thread that gave the work
                    failure.compareAndSet(null, t);
                } finally {
                    done.incrementAndGet();
                }
            }
        }

        boolean finished() {
            return done.get() == parts;
        }
    }

    /** Threads that share work: one for each processor. */
    public static int processors() {
        return ALL.size;
    }

    /**
     * Calls {@code work} with 0 to {@code parts} − 1, each once, on several threads; returns when all have been done. What
     * a part throws is thrown here, and parts not begun are left out then.
     */
    public static void share(int parts, IntConsumer work) {
        ALL.run(parts, work);
    }

    void run(int parts, IntConsumer work) {
        if (parts < 2 || size < 2 || turn.isHeldByCurrentThread() || !turn.tryLock()) {
            for (int part = 0; part < parts; part++) {
                work.accept(part);
            }
            return;
        }
        Job job = new Job(work, parts);
        try {
            begin(job);
            job.help();
            await(job);
        } finally {
            current = null;
            turn.unlock();
        }
        Throwable failure = job.failure.get();
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
    }

    private void begin(Job job) {
        current = job;
        if (!started) {
            started = true;
            for (int i = 0; i < workers.length; i++) {
                workers[i] = new Thread(this::workForever, "loopscope-team-" + (i + 1));
                workers[i].setDaemon(true);
                workers[i].start();
            }
        }
        for (Thread worker : workers) {
            LockSupport.unpark(worker);
        }
    }

    private static void await(Job job) {
        int looks = 0;
        while (!job.finished()) {
            Thread.onSpinWait();
            if (++looks % LOOKS == 0) {
                Thread.yield(); // the one we wait for may want this processor
            }
        }
    }

    private void workForever() {
        @Nullable Job last = null;
        long quietSince = System.nanoTime();
        int looks = 0;
        while (true) {
            Job job = current;
            if (job != null && job != last) {
                last = job;
                job.help();
                quietSince = System.nanoTime();
                looks = 0;
            } else if (++looks % LOOKS != 0) {
                Thread.onSpinWait();
            } else if (System.nanoTime() - quietSince > LOOKOUT_NANOS) {
                LockSupport.park(this);
                quietSince = System.nanoTime();
            }
        }
    }
}
