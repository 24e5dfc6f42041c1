package org.loopscope.app.workbench;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.jspecify.annotations.Nullable;
import org.loopscope.app.base.TimeLeft;
import org.loopscope.model.base.RunControl;

/** One piece of background work as a person sees it: title, progress, time left, cancel. Properties change on the FX thread. */
public final class TaskEntry {
    /** Where the work stands. */
    public enum State {
        RUNNING,
        DONE,
        CANCELLED,
        FAILED
    }

    private record Progress(String stage, long done, long total) {}

    private final String title;
    private final Executor fx;
    private final long startedNanos;
    private final ReadOnlyDoubleWrapper progress = new ReadOnlyDoubleWrapper(-1);
    private final ReadOnlyStringWrapper message = new ReadOnlyStringWrapper("waiting");
    private final ReadOnlyObjectWrapper<State> state = new ReadOnlyObjectWrapper<>(State.RUNNING);
    private final AtomicReference<@Nullable Progress> pending = new AtomicReference<>();
    private final LongSupplier nanos;
    private volatile TimeLeft timeLeft;
    private volatile boolean cancelRequested;

    TaskEntry(String title, Executor fx) {
        this(title, fx, System::nanoTime);
    }

    /** @param nanos a clock, as {@link System#nanoTime} */
    TaskEntry(String title, Executor fx, LongSupplier nanos) {
        this.title = title;
        this.fx = fx;
        this.nanos = nanos;
        this.startedNanos = nanos.getAsLong();
        this.timeLeft = new TimeLeft(nanos);
    }

    public String title() {
        return title;
    }

    /** 0 to 1, or −1 while unknown. */
    public ReadOnlyDoubleProperty progressProperty() {
        return progress.getReadOnlyProperty();
    }

    public ReadOnlyStringProperty messageProperty() {
        return message.getReadOnlyProperty();
    }

    public ReadOnlyObjectProperty<State> stateProperty() {
        return state.getReadOnlyProperty();
    }

    public boolean isRunning() {
        return state.get() == State.RUNNING;
    }

    /** Asks the work to stop; it does at its next check. */
    public void cancel() {
        cancelRequested = true;
        if (isRunning()) {
            message.set("cancelling");
        }
    }

    /** Called when the work begins: what it waited before does not count. */
    RunControl control() {
        timeLeft = new TimeLeft(nanos);
        return RunControl.of(() -> cancelRequested, (stage, done, total) -> {
            // Many reports between two frames become one update.
            if (pending.getAndSet(new Progress(stage, done, total)) == null) {
                fx.execute(this::publish);
            }
        });
    }

    private void publish() {
        Progress latest = pending.getAndSet(null);
        if (latest == null || !isRunning() || cancelRequested) {
            return;
        }
        double fraction = latest.total <= 0 ? -1 : (double) latest.done / latest.total;
        progress.set(fraction);
        String left = timeLeft.after(latest.done, latest.total);
        message.set(latest.stage + (left.isEmpty() ? "" : " · " + left));
    }

    void end(State last, String text) {
        progress.set(last == State.DONE ? 1 : Math.max(progress.get(), 0));
        message.set(text);
        state.set(last);
    }

    /** Time since the work was asked for, in seconds. */
    double elapsedSeconds() {
        return (nanos.getAsLong() - startedNanos) / 1e9;
    }
}
