package org.loopscope.app.workbench;

import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.loopscope.model.base.RunControl;

/** Runs work off the FX thread and publishes its result on it; keeps the list of tasks that the window shows. */
public final class BackgroundTasks {
    private static final int KEPT = 30;

    private final Executor worker;
    private final Executor fx;
    private final ObservableList<TaskEntry> entries = FXCollections.observableArrayList();
    private final ObservableList<TaskEntry> shown =
            FXCollections.unmodifiableObservableList(entries); // held: listens weakly

    /** Work that may be slow and may fail. */
    @FunctionalInterface
    public interface Work<T> {
        T call(RunControl control) throws Exception;
    }

    /**
     * @param worker runs the work
     * @param fx runs what touches observable state, in order
     */
    public BackgroundTasks(Executor worker, Executor fx) {
        this.worker = worker;
        this.fx = fx;
    }

    /** Tasks, newest first. */
    public ObservableList<TaskEntry> entries() {
        return shown;
    }

    /** Asks everything that runs or waits to stop. */
    public void cancelAll() {
        entries.stream().filter(TaskEntry::isRunning).forEach(TaskEntry::cancel);
    }

    /** Starts {@code work}; exactly one of the two consumers is called on the FX thread, none when it was cancelled. */
    public <T> TaskEntry start(String title, Work<T> work, Consumer<T> onDone, Consumer<Throwable> onFailed) {
        return start(worker, title, work, onDone, onFailed);
    }

    /** As {@link #start(String, Work, Consumer, Consumer)}, for work that shall not keep the usual worker busy. */
    public <T> TaskEntry start(
            Executor on, String title, Work<T> work, Consumer<T> onDone, Consumer<Throwable> onFailed) {
        TaskEntry entry = new TaskEntry(title, fx);
        if (entries.size() >= KEPT) {
            entries.removeIf(old -> entries.indexOf(old) >= KEPT - 1 && !old.isRunning());
        }
        entries.add(0, entry);
        on.execute(() -> {
            RunControl control = entry.control();
            try {
                control.checkCancelled();
                T result = work.call(control);
                fx.execute(() -> {
                    entry.end(
                            TaskEntry.State.DONE, String.format(Locale.ROOT, "done in %.1f s", entry.elapsedSeconds()));
                    onDone.accept(result);
                });
            } catch (CancellationException e) {
                fx.execute(() -> entry.end(TaskEntry.State.CANCELLED, "cancelled"));
            } catch (Throwable e) { // whatever it is: a task that never ends would lock the window
                fx.execute(() -> {
                    entry.end(TaskEntry.State.FAILED, Problems.describe(e));
                    onFailed.accept(e);
                });
            }
        });
        return entry;
    }
}
