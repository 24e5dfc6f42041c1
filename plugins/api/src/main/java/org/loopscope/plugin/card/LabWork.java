package org.loopscope.plugin.card;

import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

/** One piece of a panel's own work at a time, with progress and cancel. Used on the FX thread. */
public final class LabWork {
    private static final long NANOS_BETWEEN = 100_000_000;
    private static final double UNKNOWN = -1;

    private final Executor executor;
    private final Executor fxThread;
    private final ReadOnlyBooleanWrapper running = new ReadOnlyBooleanWrapper(false);
    private final ReadOnlyStringWrapper status = new ReadOnlyStringWrapper("");
    private final ReadOnlyDoubleWrapper progress = new ReadOnlyDoubleWrapper(UNKNOWN);
    private final String whenCancelled;
    private AtomicBoolean cancelled = new AtomicBoolean();

    /** What may be slow and may fail. */
    @FunctionalInterface
    public interface Work<T> {
        T call(RunControl control) throws Exception;
    }

    public LabWork(Executor executor, Executor fxThread) {
        this(executor, fxThread, "cancelled");
    }

    private LabWork(Executor executor, Executor fxThread, String whenCancelled) {
        this.executor = executor;
        this.fxThread = fxThread;
        this.whenCancelled = whenCancelled;
    }

    /**
     * Work through a prompt set, whose rows are kept where it is stopped.
     *
     * @param executor runs sets; they take long, so it should not be the one that panels share
     */
    public static LabWork ofSet(Executor executor, Executor fxThread) {
        return new LabWork(
                executor,
                fxThread,
                "Cancelled; what is done is kept, running the same set into the same file goes on.");
    }

    /** Whether something is at work. */
    public ReadOnlyBooleanProperty runningProperty() {
        return running.getReadOnlyProperty();
    }

    /** How far it is, or how it ended. */
    public ReadOnlyStringProperty statusProperty() {
        return status.getReadOnlyProperty();
    }

    /** How far it is, 0 to 1; negative while that is not known. */
    public ReadOnlyDoubleProperty progressProperty() {
        return progress.getReadOnlyProperty();
    }

    /** Says something instead of working. */
    public void say(String sentence) {
        status.set(sentence);
    }

    /** Starts {@code work} unless something is at work; {@code done} gets its result on the FX thread, and only then. */
    public <T> void start(Work<T> work, Consumer<T> done) {
        if (running.get()) {
            return;
        }
        AtomicBoolean flag = new AtomicBoolean();
        cancelled = flag;
        running.set(true);
        status.set("starting");
        AtomicLong last = new AtomicLong(System.nanoTime() - NANOS_BETWEEN);
        RunControl control = RunControl.of(flag::get, (stage, n, total) -> {
            long now = System.nanoTime();
            if (now - last.get() >= NANOS_BETWEEN) {
                last.set(now);
                fxThread.execute(() -> progress(flag, stage, n, total));
            }
        });
        executor.execute(() -> run(work, done, control, flag));
    }

    private <T> void run(Work<T> work, Consumer<T> done, RunControl control, AtomicBoolean flag) {
        try {
            control.checkCancelled();
            T result = work.call(control);
            fxThread.execute(() -> {
                end("");
                if (!flag.get()) {
                    done.accept(result);
                }
            });
        } catch (CancellationException e) {
            fxThread.execute(() -> end(whenCancelled));
        } catch (LoopscopeException e) {
            fxThread.execute(() -> end(String.valueOf(e.getMessage())));
        } catch (Exception e) { // or the model was closed under it
            fxThread.execute(() -> end(flag.get() ? whenCancelled : "This went wrong: " + e));
        } catch (Error e) {
            fxThread.execute(() -> end("This went wrong: " + e));
            throw e;
        }
    }

    private void progress(AtomicBoolean flag, String stage, long n, long total) {
        if (running.get() && cancelled == flag) {
            status.set(String.format(Locale.ROOT, "%s: %d of %d", stage, n, total));
            progress.set(total > 0 ? (double) n / total : UNKNOWN);
        }
    }

    private void end(String how) {
        running.set(false);
        progress.set(UNKNOWN);
        status.set(how);
    }

    /** Asks what is at work to stop. */
    public void cancel() {
        cancelled.set(true);
    }
}
