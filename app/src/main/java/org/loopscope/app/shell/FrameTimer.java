package org.loopscope.app.shell;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.shape.Rectangle;
import org.loopscope.bench.WindowTimes;
import org.loopscope.plugin.card.FigureView;

/** Times one change of what a scene shows and the frame that shows it. Used on the FX thread. */
final class FrameTimer {
    private final Scene scene;
    private final List<FigureView> figures;
    private final CompletableFuture<WindowTimes.Frame> done = new CompletableFuture<>();
    private final Runnable begins = this::pulseBegins;
    private final Runnable laidOut = this::pulseLaidOut;
    private final boolean painted;
    private final long start = System.nanoTime();
    private final long processor = processorNanos();
    private double change;
    private long pulses; // ns
    private long pulseStart;

    private FrameTimer(Scene scene, boolean painted) {
        this.scene = scene;
        this.figures = scene.getRoot().lookupAll(".figure-view").stream()
                .map(FigureView.class::cast)
                .toList();
        this.painted = painted;
    }

    /**
     * Makes {@code change} now; completes on the FX thread when a frame has been painted in which all figures in sight are
     * drawn. Where that takes several pulses, all of them count.
     */
    static CompletableFuture<WindowTimes.Frame> of(Scene scene, Runnable change) {
        return new FrameTimer(scene, true).time(change);
    }

    /** Completes on the FX thread after a pulse in which all figures in sight are drawn; painting is not waited for. */
    static CompletableFuture<WindowTimes.Frame> standing(Scene scene) {
        return new FrameTimer(scene, false).time(() -> {});
    }

    private CompletableFuture<WindowTimes.Frame> time(Runnable toDo) {
        long begun = System.nanoTime();
        toDo.run();
        change = (System.nanoTime() - begun) / 1e9;
        awaitPulse();
        return done;
    }

    private void awaitPulse() {
        pulseStart = 0;
        scene.addPreLayoutPulseListener(begins);
        scene.addPostLayoutPulseListener(laidOut);
        Platform.requestNextPulse();
    }

    private static long processorNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return threads.isCurrentThreadCpuTimeSupported() ? threads.getCurrentThreadCpuTime() : System.nanoTime();
    }

    private void pulseBegins() {
        pulseStart = System.nanoTime();
        scene.removePreLayoutPulseListener(begins);
    }

    /** The rest of the pulse hands the scene over to be painted; what is posted here runs right after it. */
    private void pulseLaidOut() {
        if (pulseStart != 0) {
            scene.removePostLayoutPulseListener(laidOut);
            Platform.runLater(this::pulseOver);
        }
    }

    /** Pictures are painted in turn: one of a single pixel comes when the frame is done. The FX thread waits for it. */
    private void pulseOver() {
        long over = System.nanoTime();
        pulses += over - pulseStart;
        if (!figures.stream().allMatch(FigureView::isDrawn)) {
            awaitPulse();
            return;
        }
        double processorSeconds = (processorNanos() - processor) / 1e9;
        if (painted) {
            new Rectangle(1, 1).snapshot(null, null);
        }
        done.complete(new WindowTimes.Frame(
                change, pulses / 1e9, processorSeconds, (over - start) / 1e9, (System.nanoTime() - over) / 1e9));
    }
}
