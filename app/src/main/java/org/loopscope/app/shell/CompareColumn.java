package org.loopscope.app.shell;

import javafx.beans.InvalidationListener;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.control.CheckBox;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import org.loopscope.app.workbench.ComparedRuns;
import org.loopscope.app.workbench.RunEntry;
import org.loopscope.app.workbench.Workbench;

/** The ticks in the list of runs: which are compared, and under which letter. The space bar ticks the chosen run. */
final class CompareColumn {
    private static final double WIDTH = 84;

    private final Workbench workbench;
    private final TableView<RunEntry> table;

    CompareColumn(Workbench workbench, TableView<RunEntry> table) {
        this.workbench = workbench;
        this.table = table;
        table.addEventHandler(KeyEvent.KEY_PRESSED, e -> {
            if (e.getCode() == KeyCode.SPACE) {
                toggleChosen();
                e.consume();
            }
        });
        InvalidationListener changed = o -> table.refresh();
        workbench.compared().ticked().addListener(changed);
        workbench.compared().runsProperty().addListener(changed);
    }

    TableColumn<RunEntry, RunEntry> column() {
        TableColumn<RunEntry, RunEntry> column = new TableColumn<>("compare");
        column.setId("compare-column");
        column.setPrefWidth(WIDTH);
        column.setSortable(false);
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(row.getValue()));
        column.setCellFactory(c -> new TickCell());
        return column;
    }

    /** Ticks the run that is chosen in the list. */
    MenuItem menuItem() {
        MenuItem item = new MenuItem("Tick or untick for comparison");
        item.setOnAction(e -> toggleChosen());
        return item;
    }

    private void toggleChosen() {
        RunEntry chosen = table.getSelectionModel().getSelectedItem();
        if (chosen != null) {
            workbench.compared().toggle(chosen);
        }
    }

    private final class TickCell extends TableCell<RunEntry, RunEntry> {
        private final CheckBox box = new CheckBox();

        TickCell() {
            box.setFocusTraversable(false);
            box.setOnAction(e -> {
                RunEntry run = getItem();
                if (run != null) {
                    workbench.compared().tick(run, box.isSelected());
                    updateItem(run, false); // it may have been refused
                }
            });
        }

        @Override
        protected void updateItem(RunEntry run, boolean empty) {
            super.updateItem(run, empty);
            setText(null);
            if (empty || run == null) {
                setGraphic(null);
                return;
            }
            ComparedRuns compared = workbench.compared();
            box.setId("compare-tick-" + run.number());
            box.setSelected(compared.ticked().contains(run));
            box.setText(compared.letter(run).orElse(""));
            box.setAccessibleText("Compare run " + run.number());
            setGraphic(box);
        }
    }
}
