package org.loopscope.app.shell;

import java.util.Locale;
import javafx.animation.KeyFrame;
import javafx.animation.Timeline;
import javafx.beans.binding.Bindings;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.util.Duration;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.app.workbench.TaskEntry;
import org.loopscope.app.workbench.Workbench;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.ProcessMemory;

/** The state of choices, always in sight: model, backend, T, rule, lens, memory, and what is being computed. */
final class StatusBar {
    private final Workbench workbench;
    private final HBox root = new HBox();
    private final Label facts = new Label();
    private final Label memory = new Label();
    private final Label task = new Label();
    private final ProgressBar bar = new ProgressBar();
    private final Timeline clock = new Timeline(new KeyFrame(Duration.seconds(2), e -> showMemory()));

    StatusBar(Workbench workbench) {
        this.workbench = workbench;
        root.getStyleClass().add("ls-status");
        root.setAlignment(Pos.CENTER_LEFT);
        facts.setId("status-facts");
        Tooltip whole = new Tooltip(); // the line is cut off in a narrow window
        whole.textProperty().bind(facts.textProperty());
        facts.setTooltip(whole);
        task.setId("status-task");
        bar.setId("status-progress");
        bar.setPrefWidth(140);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        root.getChildren().addAll(facts, gap, task, bar, memory);
        workbench.activeTaskProperty().addListener((o, before, now) -> {
            follow(now);
            showFacts();
        });
        workbench.inspectionProperty().addListener((o, before, now) -> showFacts());
        workbench.modelProperty().addListener((o, before, now) -> showFacts());
        workbench.exitRuleProperty().addListener((o, before, now) -> showFacts());
        follow(workbench.activeTaskProperty().get());
        showFacts();
        showMemory();
        clock.setCycleCount(Timeline.INDEFINITE);
        clock.play();
    }

    Node node() {
        return root;
    }

    void dispose() {
        clock.stop();
    }

    private void follow(TaskEntry running) {
        boolean busy = running != null;
        bar.setVisible(busy);
        bar.setManaged(busy);
        task.textProperty().unbind();
        bar.progressProperty().unbind();
        if (running == null) {
            task.setText("");
            return;
        }
        task.textProperty().bind(Bindings.concat(running.title(), " · ", running.messageProperty()));
        bar.progressProperty().bind(running.progressProperty());
    }

    private void showFacts() {
        LoopedModel model = workbench.modelProperty().get();
        Inspection inspection = workbench.inspectionProperty().get();
        if (model == null) {
            facts.setText(workbench.activeTaskProperty().get() == null ? "no model is open" : "opening a model");
            return;
        }
        StringBuilder text = new StringBuilder();
        text.append(Tokens.line(model.info().id()))
                .append(" · ")
                .append(model.info().backend())
                .append(", ")
                .append(model.info().computeDtype());
        if (inspection != null) {
            Capture capture = inspection.capture();
            text.append(" · T ")
                    .append(capture.steps())
                    .append(" (trained ")
                    .append(capture.config().trainedSteps())
                    .append(capture.outsideTraining() ? ", outside training" : "")
                    .append(") · rule ")
                    .append(workbench.exitRuleProperty().get().spec())
                    .append(" · lens: ")
                    .append(inspection.lens().statement())
                    .append(" · seed ")
                    .append(capture.options().sampling().seed());
            capture.mappedStates().ifPresent(states -> text.append(" · ").append(states));
        }
        facts.setText(text.toString());
    }

    private void showMemory() {
        Runtime runtime = Runtime.getRuntime();
        memory.setText(String.format(
                Locale.ROOT,
                "memory %s (Java heap %s)",
                Units.bytes(ProcessMemory.residentBytes()),
                Units.bytes(runtime.totalMemory() - runtime.freeMemory())));
    }
}
