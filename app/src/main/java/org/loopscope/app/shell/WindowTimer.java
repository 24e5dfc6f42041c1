package org.loopscope.app.shell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ScrollBar;
import javafx.scene.control.Slider;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;
import org.loopscope.app.base.GuiOptions;
import org.loopscope.app.base.Settings;
import org.loopscope.app.workbench.RunEntry;
import org.loopscope.app.workbench.Workbench;
import org.loopscope.bench.MadeUpModel;
import org.loopscope.bench.WindowTimes;
import org.loopscope.bench.WindowWork;
import org.loopscope.model.base.RunControl;

/**
 * Measures the whole window as the program opens it, with a made-up model: how long the slider, scrolling, opening a run
 * and changing tabs keep the FX thread. Not used on the FX thread; the toolkit has been started.
 */
public final class WindowTimer {
    private static final long PATIENCE_SECONDS = 120;
    private static final int QUIET_PULSES = 3;
    private static final String LENS = "logit-lens";

    private final WindowWork work;
    private final RunControl control;
    private final ExecutorService worker = Executors.newSingleThreadExecutor();
    private final ExecutorService analysis = Executors.newSingleThreadExecutor();
    private @Nullable MainWindow window; // once opened

    public WindowTimer(WindowWork work, RunControl control) {
        this.work = work;
        this.control = control;
    }

    /**
     * Opens the window, measures, and closes it.
     *
     * @throws CancellationException if the control is cancelled; the window is closed then, too
     */
    public WindowTimes measure() {
        Stage stage = onFx(Stage::new);
        try (FxAway away = new FxAway()) {
            return measure(stage, away);
        } finally {
            onFx(() -> {
                stage.hide();
                return stage;
            });
            end();
        }
    }

    /** Waits for what the closed window began: a process that ends before prints on standard output. */
    private void end() {
        MainWindow closed = window;
        try {
            if (closed == null) {
                worker.shutdownNow();
                analysis.shutdownNow();
            } else if (!closed.awaitWork(PATIENCE_SECONDS, worker, analysis)) {
                throw new IllegalStateException("work of the window did not end in " + PATIENCE_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private WindowTimes measure(Stage stage, FxAway away) {
        MadeUpModel model = new MadeUpModel(work.steps(), work.layers());
        LoopscopeApp.Started started = onFx(() -> LoopscopeApp.start(
                stage,
                Settings.inMemory(),
                (name, precision, told) -> model,
                worker,
                analysis,
                new GuiOptions(MadeUpModel.NAME, Optional.empty())));
        window = started.window();
        Workbench workbench = started.workbench();
        until(() -> workbench.modelProperty().get() != null);
        Scene scene = onFx(stage::getScene);
        settle(workbench, scene);
        double first = open(workbench, scene, away);
        List<WindowTimes.Away> longest = longest(workbench, scene, away);
        List<WindowTimes.Frames> slider = sliders(workbench, scene);
        List<WindowTimes.Frames> scroll = scrolls(workbench, scene);
        return new WindowTimes(slider, scroll, longest, first);
    }

    // ---- opening

    private List<WindowTimes.Away> longest(Workbench workbench, Scene scene, FxAway away) {
        Map<String, List<Double>> seconds = new LinkedHashMap<>();
        for (int round = 0; round < work.rounds(); round++) {
            control.progress("opening a run and every tab", round, work.rounds());
            add(seconds, "run", open(workbench, scene, away));
            for (Picture picture : pictures(scene)) {
                away.restart();
                onFx(() -> picture.bringToFront());
                settle(workbench, scene);
                add(seconds, picture.name(), away.seconds());
            }
        }
        List<WindowTimes.Away> result = new ArrayList<>();
        seconds.forEach((name, each) -> result.add(new WindowTimes.Away(name, each)));
        return result;
    }

    private static void add(Map<String, List<Double>> seconds, String name, double value) {
        seconds.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
    }

    /** Runs the made-up prompt until its picture stands; how long the FX thread was away at most. */
    private double open(Workbench workbench, Scene scene, FxAway away) {
        RunEntry before = onFx(() -> {
            workbench.form().stepsProperty().set(Integer.toString(work.steps()));
            workbench.form().captureLayersProperty().set(true);
            workbench.form().promptProperty().set(MadeUpModel.prompt(work.tokens()));
            return workbench.currentRunProperty().get();
        });
        settle(workbench, scene);
        away.restart();
        onFx(() -> {
            workbench.run();
            return "";
        });
        until(() -> workbench.currentRunProperty().get() != before
                && workbench.activeTaskProperty().get() == null);
        settle(workbench, scene);
        double seconds = away.seconds();
        if (before != null) {
            onFx(() -> {
                workbench.remove(before);
                return "";
            });
        }
        return seconds;
    }

    // ---- pictures

    /** A panel, or a tab inside of it. */
    private record Picture(String name, TabPane panels, Tab panel, Optional<TabPane> tabs, Optional<Tab> tab) {
        String bringToFront() {
            panels.getSelectionModel().select(panel);
            if (tabs.isPresent() && tab.isPresent()) {
                tabs.get().getSelectionModel().select(tab.get());
            }
            return name;
        }
    }

    private static List<Picture> pictures(Scene scene) {
        return onFx(() -> {
            TabPane panels = (TabPane) scene.lookup("#panel-tabs");
            List<Picture> found = new ArrayList<>();
            for (Tab panel : panels.getTabs()) {
                String name = panel.getId().replaceFirst("^tab-", "");
                panels.getSelectionModel().select(panel);
                scene.getRoot().applyCss();
                scene.getRoot().layout();
                Optional<TabPane> tabs = Optional.ofNullable(panel.getContent().lookup(".tab-pane"))
                        .filter(TabPane.class::isInstance)
                        .map(TabPane.class::cast);
                if (tabs.isEmpty()) {
                    found.add(new Picture(name, panels, panel, Optional.empty(), Optional.empty()));
                } else {
                    for (Tab tab : tabs.get().getTabs()) {
                        found.add(new Picture(tab.getId(), panels, panel, tabs, Optional.of(tab)));
                    }
                }
            }
            panels.getSelectionModel().select(0);
            return found;
        });
    }

    // ---- frames

    private List<WindowTimes.Frames> sliders(Workbench workbench, Scene scene) {
        List<WindowTimes.Frames> result = new ArrayList<>();
        List<Picture> pictures = pictures(scene);
        for (Picture picture : pictures) { // else the first would pay for what Java compiles
            control.progress("moving the slider, warming up", 0, 0);
            onFx(picture::bringToFront);
            settle(workbench, scene);
            slider(picture.name(), scene);
        }
        for (int i = 0; i < pictures.size(); i++) {
            Picture picture = pictures.get(i);
            control.progress("moving the slider", i, pictures.size());
            onFx(picture::bringToFront);
            settle(workbench, scene);
            result.add(slider(picture.name(), scene));
        }
        showLens(workbench, scene, true);
        result.add(slider(LENS + "-layers", scene));
        showLens(workbench, scene, false);
        return result;
    }

    private WindowTimes.Frames slider(String name, Scene scene) {
        Slider slider = node(scene, "q-slider", Slider.class);
        Random random = new Random(5);
        return frames(name, scene, i -> slider.setValue(random.nextDouble()));
    }

    private List<WindowTimes.Frames> scrolls(Workbench workbench, Scene scene) {
        control.progress("scrolling", 0, 0);
        List<WindowTimes.Frames> result = new ArrayList<>();
        for (int rows = 0; rows <= 1; rows++) {
            showLens(workbench, scene, rows == 1);
            String name = rows == 0 ? "steps" : "layers";
            ScrollBar bar = node(scene, "card-" + LENS + "-scroll", ScrollBar.class);
            CheckBox all = node(scene, "card-" + LENS + "-fit", CheckBox.class);
            result.add(frames(name + " scrolled", scene, i -> bar.setValue((3.0 * i) % Math.max(1, bar.getMax()))));
            result.add(frames(name + " squeezed and back", scene, i -> all.setSelected(!all.isSelected())));
            onFx(() -> {
                all.setSelected(false);
                return name;
            });
        }
        showLens(workbench, scene, false);
        return result;
    }

    /** Brings the lens to the front, by step or by step and layer. */
    private void showLens(Workbench workbench, Scene scene, boolean layers) {
        Picture lens = pictures(scene).stream()
                .filter(picture -> picture.name().equals(LENS))
                .findFirst()
                .orElseThrow();
        onFx(lens::bringToFront);
        CheckBox box = node(scene, "lens-layers", CheckBox.class);
        onFx(() -> {
            box.setSelected(layers);
            return layers;
        });
        settle(workbench, scene);
    }

    private interface Change {
        void make(int i);
    }

    private WindowTimes.Frames frames(String name, Scene scene, Change change) {
        List<WindowTimes.Frame> frames = new ArrayList<>();
        for (int i = 0; i < work.warmups() + work.moves(); i++) {
            control.checkCancelled();
            int move = i;
            CompletableFuture<WindowTimes.Frame> frame = new CompletableFuture<>();
            Platform.runLater(() -> FrameTimer.of(scene, () -> change.make(move))
                    .thenAccept(frame::complete)
                    .exceptionally(thrown -> {
                        frame.completeExceptionally(thrown);
                        return null;
                    }));
            WindowTimes.Frame timed = await(frame);
            if (i >= work.warmups()) {
                frames.add(timed);
            }
        }
        return new WindowTimes.Frames(name, frames);
    }

    // ---- waiting

    private static <T extends Node> T node(Scene scene, String id, Class<T> type) {
        return onFx(() -> type.cast(scene.lookup("#" + id)));
    }

    /** Until nothing is computed, nothing is posted, and a few pulses have passed. */
    private void settle(Workbench workbench, Scene scene) {
        for (int i = 0; i < QUIET_PULSES; i++) {
            until(() -> workbench.activeTaskProperty().get() == null && (window == null || window.panelsShowTheRun()));
            await(CompletableFuture.runAsync(() -> {}, worker));
            await(CompletableFuture.runAsync(() -> {}, analysis));
            CompletableFuture<String> pulse = new CompletableFuture<>();
            Platform.runLater(() -> {
                FrameTimer.standing(scene).whenComplete((timed, thrown) -> pulse.complete(""));
            });
            await(pulse);
        }
    }

    private void until(Supplier<Boolean> condition) {
        long start = System.nanoTime();
        while (!onFx(condition)) {
            control.checkCancelled();
            if (System.nanoTime() - start > PATIENCE_SECONDS * 1_000_000_000L) {
                throw new IllegalStateException("the window did not come to rest in " + PATIENCE_SECONDS + " s");
            }
            try {
                TimeUnit.MILLISECONDS.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException();
            }
        }
    }

    private static <T> T onFx(Supplier<T> ask) {
        return await(CompletableFuture.supplyAsync(ask, Platform::runLater));
    }

    private static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the window could not be measured: " + e, e);
        }
    }
}
