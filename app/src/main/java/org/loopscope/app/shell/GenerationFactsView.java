package org.loopscope.app.shell;

import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.app.workbench.GenerationFacts;
import org.loopscope.app.workbench.Workbench;

/** How the generated text of the shown run came about, under the inspector; takes no room for a run without any. */
final class GenerationFactsView {
    private final Workbench workbench;
    private final VBox root = new VBox();

    GenerationFactsView(Workbench workbench) {
        this.workbench = workbench;
        root.setId("generation-facts");
        root.getStyleClass().add("ls-facts");
        root.managedProperty().bind(root.visibleProperty());
        workbench.inspectionProperty().addListener((o, before, now) -> show());
        workbench.exitRuleProperty().addListener((o, before, now) -> show());
        show();
    }

    Node node() {
        return root;
    }

    private void show() {
        root.getChildren().clear();
        Inspection inspection = workbench.inspectionProperty().get();
        if (inspection != null) {
            GenerationFacts.of(
                            inspection.capture(),
                            inspection.exits(),
                            workbench.exitRuleProperty().get())
                    .forEach(this::add);
        }
        root.setVisible(!root.getChildren().isEmpty());
    }

    private void add(GenerationFacts.Fact fact) {
        if (root.getChildren().isEmpty()) {
            root.getChildren().add(line("Generation", "ls-heading"));
        }
        root.getChildren().addAll(line(fact.name(), "ls-small"), line(fact.text(), "ls-fact"));
    }

    private static Label line(String text, String style) {
        Label label = new Label(text);
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        label.getStyleClass().add(style);
        return label;
    }
}
