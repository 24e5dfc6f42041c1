package org.loopscope.model.ouro;

import org.loopscope.model.backend.Team;

/** Splits row-wise work over the processors, when it is large enough to be worth it. */
final class Parallel {
    /** Numbers below which giving other threads a part costs more than it saves. */
    private static final long WORTH_SPLITTING = 1 << 14;

    private Parallel() {}

    /** Work on the rows from {@code from} up to, not including, {@code to}. */
    @FunctionalInterface
    interface RangeTask {
        void run(int from, int to);
    }

    /** Runs {@code task} over ranges that together are 0 to {@code rows}, of {@code rowCost} numbers a row. */
    static void forRows(int rows, long rowCost, RangeTask task) {
        int parts = (int) Math.min(Math.min(rows, 2L * Team.processors()), rows * rowCost / WORTH_SPLITTING);
        if (parts < 2) {
            task.run(0, rows);
            return;
        }
        Team.share(parts, part -> task.run(split(rows, parts, part), split(rows, parts, part + 1)));
    }

    private static int split(int rows, int parts, int part) {
        return (int) ((long) rows * part / parts);
    }
}
