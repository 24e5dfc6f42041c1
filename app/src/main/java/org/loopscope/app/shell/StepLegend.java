package org.loopscope.app.shell;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.shape.Rectangle;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.app.workbench.Workbench;
import org.loopscope.figure.FigureTheme;

/** The colours of the exit steps beside the token strip; hidden when the strip shows something else. */
final class StepLegend {
    private static final int MOST = 8;

    private final Workbench workbench;
    private final ReadOnlyObjectProperty<FigureTheme> theme;
    private final ReadOnlyObjectProperty<TokenColoring> coloring;
    private final HBox root = new HBox(4);

    StepLegend(
            Workbench workbench,
            ReadOnlyObjectProperty<FigureTheme> theme,
            ReadOnlyObjectProperty<TokenColoring> coloring) {
        this.workbench = workbench;
        this.theme = theme;
        this.coloring = coloring;
        root.setAlignment(Pos.CENTER_LEFT);
        root.setMinWidth(Region.USE_PREF_SIZE);
        workbench.inspectionProperty().addListener((o, before, now) -> show());
        theme.addListener((o, before, now) -> show());
        coloring.addListener((o, before, now) -> show());
        show();
    }

    Node node() {
        return root;
    }

    private void show() {
        root.getChildren().clear();
        Inspection inspection = workbench.inspectionProperty().get();
        if (inspection == null || coloring.get() != TokenColoring.EXIT_STEP) {
            return;
        }
        int steps = inspection.capture().steps();
        Label name = new Label("step");
        name.getStyleClass().add("ls-small");
        root.getChildren().add(name);
        int stride = Math.max(1, (int) Math.ceil(steps / (double) MOST));
        for (int step = 1; step <= steps; step += stride) {
            Label number = new Label(Integer.toString(step));
            number.getStyleClass().add("ls-small");
            root.getChildren()
                    .addAll(new Rectangle(14, 8, FxColors.of(theme.get().step(step, steps))), number);
        }
    }
}
