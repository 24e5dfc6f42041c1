package org.loopscope.app.shell;

import java.util.concurrent.ForkJoinPool;
import javafx.application.Platform;
import javafx.beans.binding.Bindings;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.Region;
import org.loopscope.app.workbench.RunCost;
import org.loopscope.app.workbench.Workbench;

/** A quiet line under the run settings: how many tokens the prompt is, and the memory that running it would take. */
final class RunCostLine {
    private RunCostLine() {}

    static Node of(Workbench workbench) {
        RunCost cost = new RunCost(workbench, ForkJoinPool.commonPool(), Platform::runLater);
        Label label = new Label();
        label.setId("run-cost");
        label.getStyleClass().add("ls-muted");
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        label.textProperty().bind(cost.textProperty());
        label.visibleProperty().bind(Bindings.isNotEmpty(label.textProperty()));
        label.managedProperty().bind(label.visibleProperty());
        return label;
    }
}
