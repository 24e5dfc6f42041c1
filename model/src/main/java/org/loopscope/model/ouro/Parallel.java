package org.loopscope.model.ouro;

import java.util.stream.IntStream;

/** Splits row-wise work over the processors, when it is large enough to be worth it. */
final class Parallel {
    /** Numbers below which starting other threads costs more than it saves. */
    private static final long WORTH_SPLITTING = 1 << 16;

    private Parallel() {}

    /** Work on the rows from {@code from} up to, not including, {@code to}. */
    @FunctionalInterface
    interface RangeTask {
        void run(int from, int to);
    }

    /** Runs {@code task} over ranges that together are 0 to {@code rows}, of {@code rowCost} numbers a row. */
    static void forRows(int rows, long rowCost, RangeTask task) {
        int processors = Runtime.getRuntime().availableProcessors();
        int parts = (int) Math.min(Math.min(rows, 2L * processors), rows * rowCost / WORTH_SPLITTING);
        if (parts < 2 || processors < 2) {
            task.run(0, rows);
            return;
        }
        IntStream.range(0, parts)
                .parallel()
                .forEach(part -> task.run(split(rows, parts, part), split(rows, parts, part + 1)));
    }

    private static int split(int rows, int parts, int part) {
        return (int) ((long) rows * part / parts);
    }
}
