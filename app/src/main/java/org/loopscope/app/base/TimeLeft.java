package org.loopscope.app.base;

import java.util.function.LongSupplier;

/**
 * How long work still takes, from the rate of its stage so far. Stages follow one another; one begins where the total
 * changes or the count starts again. What is shown counts down calmly: a new estimate replaces it only where the two
 * differ by more than a sixth, and numbers are rounded the more the larger they are. Not safe for several threads.
 */
public final class TimeLeft {
    private static final double SECOND = 1e9;
    private static final double SHOWN_AFTER = 2 * SECOND;
    private static final double SHOWN_FROM = 0.02; // of the stage

    private final LongSupplier nanos;
    private long lastReport;
    private long stageStart;
    private long lastDone;
    private long lastTotal;
    private double shownEnd; // in nanos, NaN before the first estimate of a stage

    /** @param nanos a clock, as {@link System#nanoTime} */
    public TimeLeft(LongSupplier nanos) {
        this.nanos = nanos;
        this.lastReport = nanos.getAsLong();
        this.stageStart = lastReport;
        this.shownEnd = Double.NaN;
    }

    /** After a report of progress: {@code 1 min 30 s left}, or empty while nothing sensible can be said. */
    public String after(long done, long total) {
        long now = nanos.getAsLong();
        if (total != lastTotal || done < lastDone) {
            stageStart = lastReport;
            shownEnd = Double.NaN;
        }
        lastReport = now;
        lastDone = done;
        lastTotal = total;
        double elapsed = (double) now - stageStart;
        if (!(total > 0 && done > 0 && done < total) || elapsed < SHOWN_AFTER || (double) done / total < SHOWN_FROM) {
            return "";
        }
        double left = elapsed / done * (total - done);
        double shown = shownEnd - now;
        if (!(Math.abs(left - shown) <= left / 6 + SECOND / 2) || shown < 0) {
            shownEnd = now + left;
            shown = left;
        }
        return text(shown / SECOND) + " left";
    }

    /** Seconds to 10, then fives to a minute, then half minutes to ten minutes, then minutes; never 0. */
    static String text(double seconds) {
        if (seconds <= 10) {
            return Math.max(1, Math.round(seconds)) + " s";
        }
        long fives = 5 * Math.round(seconds / 5);
        if (fives < 60) {
            return fives + " s";
        }
        long halves = Math.round(seconds / 30);
        if (halves < 20) {
            return halves / 2 + " min" + (halves % 2 == 1 ? " 30 s" : "");
        }
        long minutes = Math.round(seconds / 60);
        return minutes < 60 ? minutes + " min" : minutes / 60 + " h " + minutes % 60 + " min";
    }
}
