package org.loopscope.app.cli;

import java.io.PrintWriter;
import java.util.function.LongSupplier;
import org.loopscope.app.base.TimeLeft;
import org.loopscope.model.base.DisplayWidth;
import org.loopscope.model.base.ForeignText;

/** One line on stderr that says how far the work is: rewritten in place on a terminal, a line a stage in a file. */
final class ProgressLine {
    private static final long NANOS_BETWEEN = 100_000_000;

    private final PrintWriter err;
    private final boolean shown;
    private final boolean inPlace;
    private final Amount amount;
    private final LongSupplier nanos;
    private final TimeLeft timeLeft;
    private String stage = "";
    private int width;
    private long lastNanos;

    /** How far the work is, in words; {@code total} is above 0. */
    @FunctionalInterface
    interface Amount {
        Amount PERCENT = (done, total) -> Math.min(100, 100 * done / total) + " %";
        Amount BYTES = (done, total) -> Shown.bytes(done) + " of " + Shown.bytes(total);

        String text(long done, long total);
    }

    ProgressLine(PrintWriter err, boolean shown, boolean inPlace, Amount amount) {
        this(err, shown, inPlace, amount, System::nanoTime);
    }

    /** @param nanos a clock, as {@link System#nanoTime} */
    ProgressLine(PrintWriter err, boolean shown, boolean inPlace, Amount amount, LongSupplier nanos) {
        this.nanos = nanos;
        this.timeLeft = new TimeLeft(nanos);
        this.amount = amount;
        this.err = err;
        this.shown = shown;
        this.inPlace = inPlace;
    }

    synchronized void show(String told, long done, long total) {
        if (!shown) {
            return;
        }
        String newStage = ForeignText.line(told);
        boolean stageChanged = !newStage.equals(stage);
        stage = newStage;
        if (!inPlace) {
            if (stageChanged) {
                err.println(newStage);
            }
            return;
        }
        String left = timeLeft.after(done, total);
        long now = nanos.getAsLong();
        if (stageChanged || now - lastNanos >= NANOS_BETWEEN) {
            lastNanos = now;
            String text = total > 0 ? newStage + "  " + amount.text(done, total) : newStage;
            rewrite(left.isEmpty() ? text : text + ", " + left);
        }
    }

    synchronized void clear() {
        if (shown && inPlace && width > 0) {
            rewrite("");
            err.print('\r');
            err.flush();
            width = 0;
        }
    }

    /** Says something on a line of its own, whether progress is shown or not. */
    synchronized void tell(String sentence) {
        clear();
        err.println(sentence);
        stage = "";
    }

    private void rewrite(String text) {
        err.print('\r' + text + " ".repeat(Math.max(0, width - DisplayWidth.of(text))));
        err.flush();
        width = DisplayWidth.of(text);
    }
}
