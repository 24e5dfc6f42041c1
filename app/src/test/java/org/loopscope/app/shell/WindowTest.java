package org.loopscope.app.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import javafx.application.Platform;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.embed.swing.SwingFXUtils;
import javafx.geometry.Point2D;
import javafx.geometry.Rectangle2D;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.TabPane;
import javafx.scene.control.TitledPane;
import javafx.scene.control.TreeItem;
import javafx.scene.control.TreeView;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import javafx.stage.WindowEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.app.base.GuiOptions;
import org.loopscope.app.base.Settings;
import org.loopscope.app.workbench.GenerationForm;
import org.loopscope.app.workbench.RunEntry;
import org.loopscope.app.workbench.TaskEntry;
import org.loopscope.app.workbench.Workbench;
import org.loopscope.figure.FigureTheme;
import org.loopscope.model.exit.ExitRule;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

/** What a person does with the window, headless: every test starts it as the program does, with the embedded model. */
@ExtendWith({NeedsTextDrawing.class, ApplicationExtension.class})
class WindowTest {
    @TempDir
    Path folder;

    private final ExecutorService worker = Executors.newSingleThreadExecutor();
    private final ExecutorService analysis = Executors.newSingleThreadExecutor();
    private Stage stage;
    private Workbench workbench;
    private MainWindow window;

    @Start
    void start(Stage stage) {
        var started = LoopscopeApp.start(stage, Settings.inMemory(), worker, analysis, GuiOptions.WELCOME);
        this.stage = stage;
        workbench = started.workbench();
        window = started.window();
    }

    @AfterEach
    void stop() {
        worker.shutdownNow();
        analysis.shutdownNow();
    }

    private void until(String what, BooleanSupplier condition) {
        try {
            WaitForAsyncUtils.waitFor(60, TimeUnit.SECONDS, () -> onFx(condition));
        } catch (TimeoutException e) {
            throw new AssertionError("waited in vain until " + what, e);
        }
        WaitForAsyncUtils.waitForFxEvents();
    }

    private static boolean onFx(BooleanSupplier condition) {
        return WaitForAsyncUtils.waitForAsyncFx(10_000, condition::getAsBoolean);
    }

    private void untilRuns(int count) {
        until(
                count + " runs are shown",
                () -> workbench.runs().size() == count
                        && !workbench.busyBinding().get());
    }

    /** The panel in front is filled in the background and drawn at a pulse. */
    private void untilDrawn(FxRobot robot, int colours) {
        try {
            WaitForAsyncUtils.waitFor(60, TimeUnit.SECONDS, () -> distinctColours(robot, "#panel-tabs") > colours);
        } catch (TimeoutException e) {
            throw new AssertionError("waited in vain for a panel that is not empty", e);
        }
    }

    private String text(FxRobot robot, String id) {
        return robot.lookup("#" + id).queryAs(Label.class).getText();
    }

    @Test
    void theWelcomePromptRunsByItselfAndShowsItsPicture(FxRobot robot) {
        untilRuns(1);
        assertTrue(
                text(robot, "inspector-answer").startsWith("“Dan” first stable at loop 3"),
                text(robot, "inspector-answer"));
        assertEquals("mean loops 1.80 of 4 · 55 % fewer · same token as full depth 9/15", text(robot, "exit-summary"));
        double pictures =
                robot.lookup("#split-across").query().getBoundsInParent().getHeight();
        double window = robot.lookup("#split-across").query().getScene().getHeight();
        assertTrue(pictures > 0.65 * window, "of " + window + " pixels the panels have " + pictures);
        TabPane tabs = robot.lookup("#panel-tabs").queryAs(TabPane.class);
        assertEquals(
                List.of(
                        "tab-logit-lens",
                        "tab-exit",
                        "tab-faithfulness",
                        "tab-geometry",
                        "tab-depth",
                        "tab-evaluate",
                        "tab-kv",
                        "tab-compare"),
                tabs.getTabs().stream().map(tab -> tab.getId()).toList());
        untilDrawn(robot, 50);
    }

    @Test
    void aSamplePromptIsPickedAndRun(FxRobot robot) {
        untilRuns(1);
        TreeView<SampleTree.Item> tree = robot.lookup("#samples").query();
        TreeItem<SampleTree.Item> group =
                tree.getRoot().getChildren().get(0).getChildren().get(0);
        robot.interact(() -> {
            group.setExpanded(true);
            tree.getSelectionModel().select(group.getChildren().get(0));
            tree.requestFocus();
        });
        robot.type(KeyCode.ENTER);
        untilRuns(2);
        RunEntry shown = workbench.currentRunProperty().get();
        var sample = group.getChildren().get(0).getValue().prompt().orElseThrow();
        assertEquals(sample.prompt(), shown.title());
        assertEquals(sample.answer().orElseThrow(), shown.answer());
    }

    @Test
    void clickingATokenSelectsItAndTheInspectorFollows(FxRobot robot) {
        untilRuns(1);
        TokenStripView strip = robot.lookup("#token-strip").queryAs(TokenStripView.class);
        Rectangle2D chip = strip.boundsOf(3).orElseThrow();
        Point2D place = onFxPoint(strip, chip);
        robot.clickOn(place);
        until("token 3 is selected", () -> workbench.selectionProperty().get().position() == 3);
        assertTrue(text(robot, "inspector-title").contains("friend"), text(robot, "inspector-title"));
        robot.type(KeyCode.RIGHT);
        until(
                "the next token is selected",
                () -> workbench.selectionProperty().get().position() == 4);
        assertTrue(text(robot, "inspector-title").contains("'s"), text(robot, "inspector-title"));
    }

    private static Point2D onFxPoint(Node node, Rectangle2D bounds) {
        return WaitForAsyncUtils.waitForAsyncFx(
                10_000,
                () -> node.localToScreen(
                        bounds.getMinX() + bounds.getWidth() / 2, bounds.getMinY() + bounds.getHeight() / 2));
    }

    @Test
    void draggingTheThresholdChangesTheExitSteps(FxRobot robot) {
        untilRuns(1);
        int[] before = exitSteps();
        String summary = text(robot, "exit-summary");
        robot.drag("#q-slider .thumb").moveBy(95, 0).drop();
        until("q is larger", () -> workbench.exitRuleProperty().get() instanceof ExitRule.QExit q && q.q() > 0.8);
        int[] after = exitSteps();
        assertFalse(Arrays.equals(before, after), Arrays.toString(after));
        for (int i = 0; i < before.length; i++) {
            assertTrue(after[i] >= before[i], "a larger q never leaves earlier");
        }
        assertNotEquals(summary, text(robot, "exit-summary"));
        assertEquals(1, workbench.runs().size(), "nothing was run again");
    }

    @Test
    void theStripSaysWithWhichRuleItsTextWasGenerated(FxRobot robot) {
        untilRuns(1);
        assertEquals(
                "colour and number: exit step, rule q:0.5, replayed on this run's gates",
                text(robot, "strip-subtitle"));
        robot.interact(() -> workbench.form().generateProperty().set("1"));
        robot.clickOn("#run-button");
        untilRuns(2);
        robot.interact(() -> workbench.exitRuleProperty().set(ExitRule.full()));
        assertEquals(
                "colour and number: exit step, rule full, replayed on this run's gates; text generated with q:0.5",
                text(robot, "strip-subtitle"));
    }

    private int[] exitSteps() {
        return workbench
                .inspectionProperty()
                .get()
                .exits()
                .exitSteps(workbench.exitRuleProperty().get());
    }

    @Test
    void aLongRunIsCancelledAndTheWindowGoesOn(FxRobot robot) {
        untilRuns(1);
        robot.interact(() -> {
            workbench.form().stepsProperty().set("64");
            workbench.form().generateProperty().set("240");
        });
        robot.clickOn("#run-button");
        until("the run is at work", () -> workbench.busyBinding().get());
        TaskEntry task = workbench.tasks().entries().get(0);
        robot.clickOn("#cancel-button");
        until("it has stopped", () -> !workbench.busyBinding().get());
        assertEquals(TaskEntry.State.CANCELLED, task.stateProperty().get());
        assertEquals(1, workbench.runs().size(), "a cancelled run leaves no result");
        robot.interact(() -> {
            workbench.form().stepsProperty().set("4");
            workbench.form().generateProperty().set("0");
        });
        robot.clickOn("#run-button");
        untilRuns(2);
    }

    @Test
    void theFieldThatIsTypedWrongIsMarkedUntilItIsRight(FxRobot robot) {
        untilRuns(1);
        Node steps = robot.lookup("#steps").query();
        robot.interact(() -> workbench.form().stepsProperty().set("many"));
        robot.clickOn("#run-button");
        until("T is marked", () -> steps.getStyleClass().contains("ls-wrong"));
        assertEquals("T: expected a whole number from 1 to 64, found \"many\".", text(robot, "options-problem"));
        assertFalse(robot.lookup("#prompt").query().getStyleClass().contains("ls-wrong"));
        robot.interact(() -> workbench.form().stepsProperty().set("2"));
        robot.clickOn("#run-button");
        untilRuns(2);
        assertFalse(steps.getStyleClass().contains("ls-wrong"));
    }

    @Test
    void whatAPanelsWorkThrowsIsTold(FxRobot robot) {
        untilRuns(1);
        var context = new ShellContext(
                workbench,
                new ReadOnlyObjectWrapper<>(FigureTheme.LIGHT),
                analysis,
                new PanelThreads(),
                List.of(),
                (title, text) -> {});
        robot.interact(() -> context.executor().execute(() -> {
            throw new StackOverflowError("deep");
        }));
        until("the problem is shown", () -> !workbench.noticeProperty().get().isEmpty());
        assertEquals(
                "A panel's work failed: Internal error (StackOverflowError: deep). The log has the details.",
                text(robot, "notice"));
    }

    @Test
    void whatAPanelAsksForAfterTheWindowHasClosedIsDropped() {
        ExecutorService closed = Executors.newSingleThreadExecutor();
        closed.shutdownNow();
        AtomicBoolean ran = new AtomicBoolean();
        var context = new ShellContext(
                workbench,
                new ReadOnlyObjectWrapper<>(FigureTheme.LIGHT),
                closed,
                new PanelThreads(),
                List.of(),
                (title, text) -> {});
        context.executor().execute(() -> ran.set(true)); // and throws nothing
        assertFalse(ran.get());
    }

    @Test
    void loopsAreReallySkippedAndTheInspectorSaysWhatThatSaved(FxRobot robot) {
        untilRuns(1);
        TitledPane section = robot.lookup("#generation").queryAs(TitledPane.class);
        assertFalse(section.isExpanded(), "folded away while nothing is generated");
        assertFalse(robot.lookup("#generation-facts").query().isVisible());
        robot.interact(() -> {
            workbench.form().generateProperty().set("3");
            workbench.form().generation().wayProperty().set(GenerationForm.Way.DRAFT_AND_VERIFY);
        });
        assertTrue(section.isExpanded());
        assertEquals(
                "Draft & verify gives the greedy text of full depth: expected the exit rule full, found q:0.5.",
                text(robot, "decoding-obstacle"));
        robot.interact(() -> workbench.form().generation().wayProperty().set(GenerationForm.Way.SKIP_LOOPS));
        assertEquals("", text(robot, "decoding-obstacle"));
        assertEquals("greedy · skip loops · KV full", section.getText());
        robot.clickOn("#run-button");
        untilRuns(2);
        assertTrue(robot.lookup("#generation-facts").query().isVisible());
        long facts = robot.from(robot.lookup("#generation-facts"))
                .lookup(".ls-small")
                .queryAll()
                .size();
        assertEquals(7, facts, "decoding, loops, time, regenerated, replayed, same step, departs");
    }

    @Test
    void aPredictionInTheInspectorIsPinnedByAClickAndLetGoAboveTheCells(FxRobot robot) {
        untilRuns(1);
        robot.clickOn("#inspector-token-1"); // loop 1 says Ivy
        until("a token is pinned", () -> workbench.pinnedTokensProperty().get().size() == 1);
        int pinned = workbench.pinnedTokensProperty().get().get(0);
        assertEquals(1, workbench.selectionProperty().get().step());
        robot.clickOn("#lens-unpin-" + pinned);
        until("it is let go", () -> workbench.pinnedTokensProperty().get().isEmpty());
        robot.interact(() -> workbench.goBack());
        assertEquals(List.of(pinned), workbench.pinnedTokensProperty().get(), "undone");
    }

    @Test
    void twoRunsAreTickedInTheListAndStandSideBySide(FxRobot robot) {
        untilRuns(1);
        TabPane panels = robot.lookup("#panel-tabs").queryAs(TabPane.class);
        robot.interact(() -> panels.getTabs().stream()
                .filter(tab -> tab.getId().equals("tab-compare"))
                .findFirst()
                .ifPresent(panels.getSelectionModel()::select));
        assertTrue(robot.lookup("#compare-empty").query().isVisible());
        robot.interact(() -> workbench.form().promptProperty().set("people Ann's boss is"));
        robot.clickOn("#run-button");
        untilRuns(2);
        robot.clickOn("#compare-tick-1"); // run 2 is shown, so it is A
        until(
                "both stand there",
                () -> !workbench.compared().runsProperty().get().isEmpty());
        until("B is drawn", () -> text(robot, "card-compare-b-title").startsWith("B: #1 people Ann"));
        assertFalse(robot.lookup("#compare-empty").query().isVisible());
        assertTrue(text(robot, "card-compare-a-title").startsWith("A: #2 people Ann's boss is"));
        assertEquals(
                "A", robot.lookup("#compare-tick-2").queryAs(CheckBox.class).getText());
        robot.push(KeyCode.CONTROL, KeyCode.T); // ticks the shown run too: nothing changes but its tick
        assertEquals(2, workbench.compared().ticked().size());
        robot.clickOn("#compare-difference");
        until("the difference is shown", () -> text(robot, "card-compare-b-title")
                .startsWith("B − A"));
        robot.interact(() -> workbench.compared().clear());
        until("it is over", () -> robot.lookup("#compare-empty").query().isVisible());
    }

    @Test
    void closingWithAnUnsavedRunAsksAndCancelKeepsTheWindow(FxRobot robot) {
        untilRuns(1);
        robot.clickOn("#run-button");
        untilRuns(2);
        Platform.runLater(() -> stage.fireEvent(new WindowEvent(stage, WindowEvent.WINDOW_CLOSE_REQUEST)));
        until(
                "the question is asked",
                () -> robot.lookup("#close-dialog").tryQuery().isPresent());
        robot.clickOn("#close-cancel");
        until("it is answered", () -> robot.lookup("#close-dialog").tryQuery().isEmpty());
        assertTrue(onFx(stage::isShowing));
        Platform.runLater(() -> stage.fireEvent(new WindowEvent(stage, WindowEvent.WINDOW_CLOSE_REQUEST)));
        until(
                "the question is asked again",
                () -> robot.lookup("#close-dialog").tryQuery().isPresent());
        robot.clickOn("#close-discard");
        until("the window is closed", () -> !stage.isShowing());
    }

    @Test
    void aBrokenModelFolderIsToldAndNothingIsLost(FxRobot robot) throws IOException {
        untilRuns(1);
        Files.writeString(folder.resolve("config.json"), "{}");
        robot.interact(() -> window.open(folder));
        until("the problem is shown", () -> !workbench.noticeProperty().get().isEmpty());
        assertTrue(robot.lookup("#notice").queryAs(Label.class).isVisible());
        assertTrue(text(robot, "notice").contains("config.json"), text(robot, "notice"));
        assertEquals("embedded", workbench.modelNameProperty().get());
        robot.clickOn("#notice-dismiss");
        robot.clickOn("#run-button");
        untilRuns(2);
        assertEquals("Dan", workbench.currentRunProperty().get().answer());
    }

    @Test
    void darkAndLightBothDrawTheWholeWindow(FxRobot robot) {
        untilRuns(1);
        int light = brightness(robot);
        robot.clickOn("#theme-button");
        WaitForAsyncUtils.waitForFxEvents();
        int dark = brightness(robot);
        assertTrue(light > 200, "light mean brightness " + light);
        assertTrue(dark < 80, "dark mean brightness " + dark);
    }

    @Test
    void everyCommandIsInThePaletteAndEnterRunsIt(FxRobot robot) {
        untilRuns(1);
        robot.clickOn("#palette-button");
        WaitForAsyncUtils.waitForFxEvents();
        robot.write("faithf");
        robot.type(KeyCode.ENTER);
        TabPane tabs = robot.lookup("#panel-tabs").queryAs(TabPane.class);
        until(
                "the panel is in front",
                () -> tabs.getSelectionModel().getSelectedItem().getId().equals("tab-faithfulness"));
        untilDrawn(robot, 20);
    }

    private BufferedImage picture(FxRobot robot, String query) {
        Node node = robot.lookup(query).query();
        return WaitForAsyncUtils.waitForAsyncFx(
                20_000, () -> SwingFXUtils.fromFXImage(node.snapshot(null, null), null));
    }

    private long distinctColours(FxRobot robot, String query) {
        BufferedImage image = picture(robot, query);
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        return Arrays.stream(pixels).distinct().count();
    }

    private int brightness(FxRobot robot) {
        BufferedImage image = picture(robot, "#split-across");
        long sum = 0;
        for (int pixel : image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth())) {
            sum += ((pixel >> 16 & 255) + (pixel >> 8 & 255) + (pixel & 255)) / 3;
        }
        return (int) (sum / ((long) image.getWidth() * image.getHeight()));
    }
}
