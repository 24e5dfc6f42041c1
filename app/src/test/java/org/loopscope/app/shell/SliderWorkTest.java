package org.loopscope.app.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Control;
import javafx.scene.control.Slider;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.loopscope.app.base.GuiOptions;
import org.loopscope.app.base.Settings;
import org.loopscope.app.workbench.Workbench;
import org.loopscope.bench.MadeUpModel;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.plugin.card.FigureView;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

/**
 * What a move of the slider costs, counted and not timed: what was slow once was new nodes, new tooltips (each a scene of its
 * own) and cells painted again.
 */
@ExtendWith({NeedsTextDrawing.class, ApplicationExtension.class})
class SliderWorkTest {
    private final ExecutorService worker = Executors.newSingleThreadExecutor();
    private final ExecutorService analysis = Executors.newSingleThreadExecutor();
    private final AtomicInteger analyses = new AtomicInteger();
    private Stage stage;
    private Workbench workbench;

    @Start
    void start(Stage stage) {
        this.stage = stage;
        MadeUpModel model = new MadeUpModel(4, 2);
        workbench = LoopscopeApp.start(
                        stage,
                        Settings.inMemory(),
                        (name, precision, control) -> model,
                        worker,
                        work -> {
                            analyses.incrementAndGet();
                            analysis.execute(work);
                        },
                        new GuiOptions(MadeUpModel.NAME, Optional.empty()))
                .workbench();
    }

    @AfterEach
    void stop() {
        worker.shutdownNow();
        analysis.shutdownNow();
    }

    private void until(BooleanSupplier condition) {
        try {
            WaitForAsyncUtils.waitFor(
                    60, TimeUnit.SECONDS, () -> WaitForAsyncUtils.waitForAsyncFx(10_000, condition::getAsBoolean));
        } catch (TimeoutException e) {
            throw new AssertionError("waited in vain", e);
        }
        WaitForAsyncUtils.waitForFxEvents();
    }

    private void run(FxRobot robot) {
        until(() -> workbench.modelProperty().get() != null
                && workbench.activeTaskProperty().get() == null);
        robot.interact(() -> {
            workbench.form().promptProperty().set(MadeUpModel.prompt(40));
            workbench.form().captureLayersProperty().set(true);
            workbench.run();
        });
        until(() ->
                workbench.runs().size() == 1 && workbench.activeTaskProperty().get() == null);
    }

    private void move(FxRobot robot, double q) {
        robot.interact(() -> robot.lookup("#q-slider").queryAs(Slider.class).setValue(q));
        WaitForAsyncUtils.waitForFxEvents();
    }

    /** Nodes of the scene, and their tooltips. */
    private static Set<Object> parts(Node node) {
        Set<Object> found = Collections.newSetFromMap(new IdentityHashMap<>());
        collect(node, found);
        return found;
    }

    private static void collect(Node node, Set<Object> found) {
        found.add(node);
        if (node instanceof Control control && control.getTooltip() != null) {
            found.add(control.getTooltip());
        }
        if (node instanceof Parent parent) {
            parent.getChildrenUnmodifiable().forEach(child -> collect(child, found));
        }
    }

    @Test
    void aMoveOfTheSliderMakesNoNewNodeOrTooltipAndStartsNoAnalysis(FxRobot robot) {
        run(robot);
        TabPane panels = robot.lookup("#panel-tabs").queryAs(TabPane.class);
        for (Tab tab : List.copyOf(panels.getTabs())) {
            robot.interact(() -> panels.getSelectionModel().select(tab));
            for (double q : new double[] {0.01, 0.3, 0.6, 0.99}) { // until everything has been shown once
                move(robot, q);
            }
            Set<Object> before = parts(stage.getScene().getRoot());
            int started = analyses.get();
            for (double q : new double[] {0.02, 0.31, 0.61, 0.98}) {
                move(robot, q);
                Set<Object> made = parts(stage.getScene().getRoot());
                made.removeAll(before);
                assertTrue(made.isEmpty(), tab.getId() + " at q = " + q + " made " + made);
            }
            assertEquals(started, analyses.get(), tab.getId());
        }
    }

    @Test
    void aMoveOfTheSliderDoesNotPaintTheCellsOfTheLensAgain(FxRobot robot) {
        run(robot);
        FigureView view = robot.lookup("#card-logit-lens-figure").queryAs(FigureView.class);
        move(robot, 0.4);
        List<Integer> painted = new ArrayList<>();
        for (double q : new double[] {0.02, 0.31, 0.61, 0.98}) {
            move(robot, q);
            painted.add(((HeatmapFigure) view.figureProperty().get()).timesCellsPainted());
        }
        assertTrue(painted.get(0) >= 1, "painted " + painted);
        assertEquals(List.of(painted.get(0), painted.get(0), painted.get(0), painted.get(0)), painted);
    }
}
