package org.loopscope.app.shell;

import javafx.collections.FXCollections;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.ListCell;
import javafx.scene.control.Tooltip;
import org.loopscope.app.workbench.Workbench;
import org.loopscope.model.Precision;

/** The precision of the open model; choosing another one loads it again. */
final class PrecisionView {
    private static final String HELP = "How weights are held and multiplied; another choice loads the model again."
            + " float32 is exact; bf16-weights too, in half the memory, for bfloat16 checkpoints. bfloat16 and"
            + " int8-weights are faster or smaller, and change results.";

    private final Workbench workbench;
    private final ComboBox<Precision> box = new ComboBox<>(FXCollections.observableArrayList(Precision.values()));
    private boolean showing;

    PrecisionView(Workbench workbench) {
        this.workbench = workbench;
        box.setId("precision");
        box.setCellFactory(list -> new Cell());
        box.setButtonCell(new Cell());
        box.setAccessibleText("Precision");
        box.setTooltip(new Tooltip(HELP));
        box.setMinWidth(0);
        box.setMaxWidth(Double.MAX_VALUE);
        box.disableProperty()
                .bind(workbench.busyBinding().or(workbench.modelProperty().isNull()));
        box.setOnAction(e -> {
            if (!box.isShowing()) { // arrow keys go through the open list; only what it closes with is meant
                chosen();
            }
        });
        box.setOnHidden(e -> chosen());
        workbench.modelProperty().addListener((o, before, now) -> show());
        workbench.activeTaskProperty().addListener((o, before, now) -> show()); // a load that failed changed nothing
        show();
    }

    Node node() {
        return box;
    }

    private void show() {
        if (workbench.activeTaskProperty().get() == null) {
            showing = true;
            box.setValue(workbench.precision());
            showing = false;
        }
    }

    private void chosen() {
        if (!showing) {
            workbench.choosePrecision(box.getValue());
        }
    }

    private static final class Cell extends ListCell<Precision> {
        @Override
        protected void updateItem(Precision item, boolean empty) {
            super.updateItem(item, empty);
            setText(
                    empty || item == null
                            ? ""
                            : "Precision: " + item.cliName() + (item.exact() ? "" : " (changes results)"));
        }
    }
}
