package org.loopscope.bench;

import java.util.List;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

/**
 * Runs what is measured.
 *
 * @param warmups rounds before those that count, at least
 * @param warmSeconds for how long to warm up, at least
 * @param runs rounds that count
 * @param stage how progress calls it
 */
record Timing(int warmups, double warmSeconds, int runs, String stage, RunControl control) {
    private static final double WARM_SECONDS = 1;
    private static final int RUNS_WORTH_WARMING = 5; // fewer are a trial

    /** Does the work once and tells how long it, or the part that counts, took. */
    @FunctionalInterface
    interface Timed {
        double seconds() throws LoopscopeException;
    }

    /** The usual effort for a shape. */
    static Timing of(BenchShape shape, int runs, String stage, RunControl control) {
        boolean warm = shape.small() && runs >= RUNS_WORTH_WARMING;
        return new Timing(1, warm ? WARM_SECONDS : 0, runs, stage, control);
    }

    Timing withRuns(int count) {
        return new Timing(warmups, warmSeconds, count, stage, control);
    }

    /**
     * Does all works one after the other, round by round, so that what disturbs the machine disturbs all of them.
     *
     * @return seconds [works][runs]
     */
    double[][] interleaved(List<Timed> works) throws LoopscopeException {
        long start = System.nanoTime();
        int warm = 0;
        while (warm < warmups || (System.nanoTime() - start) / 1e9 < warmSeconds) {
            control.progress(stage + ", warming up", 0, 0);
            for (Timed work : works) {
                once(work);
            }
            warm++;
        }
        double[][] seconds = new double[works.size()][runs];
        for (int run = 0; run < runs; run++) {
            for (int i = 0; i < works.size(); i++) {
                seconds[i][run] = once(works.get(i));
            }
            control.progress(stage, run + 1, runs);
        }
        return seconds;
    }

    private double once(Timed work) throws LoopscopeException {
        control.checkCancelled();
        return work.seconds();
    }

    /** The time of {@code action}. */
    static Timed whole(Action action) {
        return () -> {
            long start = System.nanoTime();
            action.run();
            return (System.nanoTime() - start) / 1e9;
        };
    }

    /** Work of which all counts. */
    @FunctionalInterface
    interface Action {
        void run() throws LoopscopeException;
    }
}
