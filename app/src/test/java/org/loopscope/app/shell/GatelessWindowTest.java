package org.loopscope.app.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import javafx.event.ActionEvent;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.control.Slider;
import javafx.scene.control.Spinner;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.control.TextField;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.app.base.GuiOptions;
import org.loopscope.app.base.Settings;
import org.loopscope.app.gateless.GatelessFamily;
import org.loopscope.app.workbench.EventLog;
import org.loopscope.app.workbench.Workbench;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.exit.RuleKind;
import org.loopscope.model.exit.Signal;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

/** The window with a model that has no exit gate: every panel works, and what needs the gate is not offered. */
@ExtendWith({NeedsTextDrawing.class, ApplicationExtension.class})
class GatelessWindowTest {
    @TempDir
    static Path folder;

    private final ExecutorService worker = Executors.newSingleThreadExecutor();
    private final ExecutorService analysis = Executors.newSingleThreadExecutor();
    private Workbench workbench;

    @Start
    void start(Stage stage) throws Exception {
        Path model = GatelessFamily.write(folder.resolve("gateless"));
        workbench = LoopscopeApp.start(
                        stage,
                        Settings.inMemory(),
                        worker,
                        analysis,
                        new GuiOptions(model.toString(), Optional.empty()))
                .workbench();
    }

    @AfterEach
    void stop() {
        worker.shutdownNow();
        analysis.shutdownNow();
    }

    private static void until(String what, BooleanSupplier condition) {
        try {
            WaitForAsyncUtils.waitFor(
                    60, TimeUnit.SECONDS, () -> WaitForAsyncUtils.waitForAsyncFx(10_000, condition::getAsBoolean));
        } catch (TimeoutException e) {
            throw new AssertionError("waited in vain until " + what, e);
        }
        WaitForAsyncUtils.waitForFxEvents();
    }

    private static List<String> ids(TabPane tabs) {
        return tabs.getTabs().stream().map(Tab::getId).toList();
    }

    @Test
    void everyPanelShowsTheRunAndNothingOfTheGateIsOffered(FxRobot robot) {
        until("the model is open", () -> workbench.modelProperty().get() != null);
        assertEquals(ExitRule.full(), workbench.exitRuleProperty().get(), "the rule of before reads a gate");
        ComboBox<RuleKind> rules = robot.lookup("#exit-rule").queryComboBox();
        assertFalse(rules.getItems().contains(RuleKind.Q), "q reads a gate that is not there");
        assertEquals(RuleScale.CHOICES.size() - 1, rules.getItems().size());
        robot.interact(() -> {
            workbench.form().promptProperty().set("people Ann's friend's boss is");
            workbench.form().captureLayersProperty().set(true);
        });
        robot.clickOn("#run-button");
        until(
                "the run is shown",
                () -> workbench.runs().size() == 1 && !workbench.busyBinding().get());
        robot.interact(() -> workbench.exitRuleProperty().set(ExitRule.threshold(Signal.ENTROPY, 1)));
        String answer = robot.lookup("#inspector-answer").queryAs(Label.class).getText();
        assertTrue(answer.endsWith("The model has no exit gate."), answer);
        TabPane panels = robot.lookup("#panel-tabs").queryAs(TabPane.class);
        assertTrue(
                ids(panels)
                        .containsAll(List.of(
                                "tab-logit-lens",
                                "tab-exit",
                                "tab-faithfulness",
                                "tab-geometry",
                                "tab-depth",
                                "tab-kv")),
                ids(panels).toString());
        for (Tab tab : panels.getTabs()) {
            robot.interact(() -> panels.getSelectionModel().select(tab));
            WaitForAsyncUtils.waitForFxEvents();
            assertNoNan(robot, tab.getId());
        }
        robot.interact(() -> panels.getTabs().stream()
                .filter(tab -> tab.getId().equals("tab-exit"))
                .forEach(panels.getSelectionModel()::select));
        until(
                "the Exit panel is there",
                () -> robot.lookup("#exit-tabs").tryQuery().isPresent());
        assertEquals(
                List.of("exit-tab-tokens", "exit-tab-curve"),
                ids(robot.lookup("#exit-tabs").queryAs(TabPane.class)));
        rulesAreComposed(robot);
        List<EventLog.Entry> wrong = workbench.log().entries().stream()
                .filter(entry -> entry.level() != EventLog.Level.INFO)
                .toList();
        assertEquals(List.of(), wrong);
    }

    /** Modifiers and combinations, chosen and typed; the slider and the chooser leave them alone. */
    private void rulesAreComposed(FxRobot robot) {
        robot.clickOn("#rule-menu");
        Spinner<Integer> least = robot.lookup("#rule-min-steps").query();
        Spinner<Integer> patience = robot.lookup("#rule-patience").query();
        robot.interact(() -> {
            least.getValueFactory().setValue(2);
            patience.getValueFactory().setValue(3);
        });
        assertEquals("entropy:1.0+min-steps=2+patience=3", spec());
        Slider slider = robot.lookup("#q-slider").query();
        robot.interact(() -> slider.setValue(0));
        assertEquals("entropy:0.0+min-steps=2+patience=3", spec());
        TextField text = robot.lookup("#rule-text").query();
        robot.interact(() -> {
            text.setText("all(entropy:2,kl:0.1)");
            text.fireEvent(new ActionEvent());
        });
        assertEquals("all(entropy:2.0,kl:0.1)", spec());
        assertEquals(1, least.getValue());
        robot.interact(() -> {
            text.setText("any(q:0.5,kl:0.1)");
            text.fireEvent(new ActionEvent());
        });
        Label problem = robot.lookup("#rule-problem").query();
        assertTrue(problem.getText().contains("no exit gate"), problem.getText());
        assertEquals("all(entropy:2.0,kl:0.1)", spec());
        robot.interact(() -> {
            text.setText("all(entropy:2");
            text.fireEvent(new ActionEvent());
        });
        assertTrue(problem.getText().contains("expected 2 to 8 rules"), problem.getText());
        assertTrue(robot.lookup("#rule-recipe").tryQuery().isPresent());
    }

    private String spec() {
        return workbench.exitRuleProperty().get().spec();
    }

    private static void assertNoNan(FxRobot robot, String where) {
        for (Node node : robot.lookup(".label").queryAll()) {
            String text = String.valueOf(((Labeled) node).getText());
            assertFalse(node.isVisible() && text.contains("NaN"), where + ": " + text);
        }
    }
}
