package org.loopscope.plugin.card;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.plugin.PanelContext;

/**
 * Work of one kind off the FX thread: what is started cancels what was under way, and only the latest result arrives. Used
 * on the FX thread.
 */
public final class LatestWork<T> {
    /** What is computed. */
    @FunctionalInterface
    public interface Work<T> {
        T compute(RunControl control) throws LoopscopeException;
    }

    private final PanelContext context;
    private final Executor fxThread;
    private final String failure;
    private AtomicBoolean cancelled = new AtomicBoolean();

    /**
     * @param fxThread where results are handed over
     * @param failure how the sentence begins when it fails, without full stop
     */
    public LatestWork(PanelContext context, Executor fxThread, String failure) {
        this.context = context;
        this.fxThread = fxThread;
        this.failure = failure;
    }

    /** Starts {@code work}; {@code stage}, unless empty, is told with percents through {@code progress}. */
    public void start(String stage, Consumer<String> progress, Work<T> work, Consumer<T> done) {
        start(stage, progress, work, done, () -> {});
    }

    /** {@code ended} runs after success and failure, not after a cancel. All callbacks come on the FX thread. */
    public void start(String stage, Consumer<String> progress, Work<T> work, Consumer<T> done, Runnable ended) {
        cancel();
        AtomicBoolean stop = new AtomicBoolean();
        cancelled = stop;
        progress.accept(stage.isEmpty() ? "" : stage + " …");
        RunControl control = RunControl.of(
                stop::get,
                (name, count, total) -> fxThread.execute(() -> {
                    if (!stop.get() && !stage.isEmpty()) {
                        progress.accept(stage + ": " + 100 * count / Math.max(1, total) + " %");
                    }
                }));
        context.executor().execute(() -> {
            try {
                T result = work.compute(control);
                fxThread.execute(() -> finish(stop, progress, () -> done.accept(result), ended));
            } catch (CancellationException e) {
                stop.set(true); // another was asked for: nothing to show
            } catch (LoopscopeException | RuntimeException | OutOfMemoryError e) {
                fxThread.execute(
                        () -> finish(stop, progress, () -> context.showProblem(failure + ": " + reason(e), e), ended));
            }
        });
    }

    private void finish(AtomicBoolean stop, Consumer<String> progress, Runnable result, Runnable ended) {
        if (!stop.get()) {
            stop.set(true); // a late progress report says nothing any more
            progress.accept("");
            result.run();
            ended.run();
        }
    }

    private static String reason(Throwable e) {
        return e instanceof OutOfMemoryError
                ? "there is not enough memory; run fewer tokens or steps."
                : String.valueOf(e.getMessage());
    }

    /** Drops what is under way. */
    public void cancel() {
        cancelled.set(true);
    }
}
