package org.loopscope.app.shell;

import java.util.Locale;
import java.util.function.Function;
import javafx.beans.binding.Bindings;
import javafx.beans.property.SimpleStringProperty;
import javafx.collections.ListChangeListener;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.Tooltip;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import org.loopscope.app.workbench.EventLog;
import org.loopscope.app.workbench.RunEntry;
import org.loopscope.app.workbench.TaskEntry;
import org.loopscope.app.workbench.Workbench;
import org.loopscope.model.base.ForeignText;

/** Runs, tasks and log. */
final class BottomView {
    private final Workbench workbench;
    private final TabPane tabs = new TabPane();
    private final Tab logTab = new Tab();

    BottomView(Workbench workbench) {
        this.workbench = workbench;
        tabs.setId("bottom-tabs");
        tabs.setTabClosingPolicy(TabPane.TabClosingPolicy.UNAVAILABLE);
        tabs.getStyleClass().add("ls-bottom");
        Tab runs = new Tab("Runs", runTable());
        runs.setId("tab-runs");
        Tab tasks = new Tab("Tasks", taskList());
        tasks.setId("tab-tasks");
        logTab.setId("tab-log");
        logTab.setContent(logList());
        logTab.textProperty()
                .bind(Bindings.createStringBinding(
                        () -> {
                            int unseen = workbench.log().unseenErrorsProperty().get();
                            return unseen == 0 ? "Log" : "Log ● " + unseen;
                        },
                        workbench.log().unseenErrorsProperty()));
        workbench.log().unseenErrorsProperty().addListener((o, before, now) -> badge(now.intValue() > 0));
        logTab.selectedProperty()
                .addListener((o, before, now) -> workbench.log().markSeen());
        tabs.getTabs().addAll(runs, tasks, logTab);
    }

    Node node() {
        return tabs;
    }

    void showLog() {
        tabs.getSelectionModel().select(logTab);
    }

    private void badge(boolean on) {
        logTab.getStyleClass().remove("ls-badge");
        if (on) {
            logTab.getStyleClass().add("ls-badge");
        }
    }

    // ---- runs

    private Node runTable() {
        TableView<RunEntry> table = new TableView<>(workbench.runs());
        table.setId("run-table");
        table.setPlaceholder(new Label("Runs of this window appear here."));
        CompareColumn compare = new CompareColumn(workbench, table);
        table.getColumns().add(compare.column());
        table.getColumns().add(column("#", 40, run -> Integer.toString(run.number())));
        TableColumn<RunEntry, String> prompt = column("prompt", 400, run -> Tokens.line(run.title()));
        table.getColumns().add(prompt);
        table.getColumns()
                .add(column(
                        "model", 110, run -> Tokens.line(run.capture().model().id())));
        table.getColumns()
                .add(column("arithmetic", 110, run -> run.capture().model().computeDtype()));
        table.getColumns()
                .add(column("T", 40, run -> Integer.toString(run.capture().steps())));
        table.getColumns()
                .add(column("tokens", 60, run -> Integer.toString(run.capture().length())));
        table.getColumns().add(column("answer at full depth", 140, run -> Tokens.shown(run.answer())));
        table.getColumns().add(column("first stable loop", 120, run -> Integer.toString(run.firstStableStep())));
        table.getColumns().add(column("time", 80, run -> seconds(run.capture().elapsedMillis())));
        table.getColumns()
                .add(column("memory", 80, run -> Units.bytes(run.capture().sizeBytes())));
        table.getColumns().add(column("source", 120, RunEntry::source));
        table.getSelectionModel().selectedItemProperty().addListener((o, before, now) -> {
            if (now != null) {
                workbench.show(now);
            }
        });
        workbench.currentRunProperty().addListener((o, before, now) -> {
            if (now == null) {
                table.getSelectionModel().clearSelection();
            } else {
                table.getSelectionModel().select(now);
            }
        });
        MenuItem remove = new MenuItem("Remove from history");
        remove.setOnAction(e -> {
            RunEntry chosen = table.getSelectionModel().getSelectedItem();
            if (chosen != null) {
                workbench.remove(chosen);
            }
        });
        MenuItem reuse = new MenuItem("Copy prompt to editor");
        reuse.setOnAction(e -> {
            RunEntry chosen = table.getSelectionModel().getSelectedItem();
            if (chosen != null) {
                workbench.form().promptProperty().set(chosen.capture().prompt());
            }
        });
        table.setContextMenu(new ContextMenu(compare.menuItem(), reuse, remove));
        return table;
    }

    private static TableColumn<RunEntry, String> column(String title, double width, Function<RunEntry, String> value) {
        TableColumn<RunEntry, String> column = new TableColumn<>(title);
        column.setPrefWidth(width);
        column.setCellValueFactory(row -> new SimpleStringProperty(value.apply(row.getValue())));
        column.setSortable(false);
        return column;
    }

    private static String seconds(long millis) {
        return millis < 1000 ? millis + " ms" : String.format(Locale.ROOT, "%.1f s", millis / 1e3);
    }

    // ---- tasks

    private Node taskList() {
        ListView<TaskEntry> list = new ListView<>(workbench.tasks().entries());
        list.setId("task-list");
        list.setPlaceholder(new Label("Work in progress appears here."));
        list.setCellFactory(view -> new TaskCell());
        return list;
    }

    private static final class TaskCell extends ListCell<TaskEntry> {
        @Override
        protected void updateItem(TaskEntry item, boolean empty) {
            super.updateItem(item, empty);
            setText(null);
            if (empty || item == null) {
                setGraphic(null);
                return;
            }
            Label title = new Label(ForeignText.line(item.title()));
            title.setMinWidth(120);
            ProgressBar bar = new ProgressBar();
            bar.setPrefWidth(160);
            bar.progressProperty().bind(item.progressProperty());
            Label message = new Label();
            message.getStyleClass().add("ls-muted");
            message.textProperty().bind(item.messageProperty());
            Region gap = new Region();
            HBox.setHgrow(gap, Priority.ALWAYS);
            Button cancel = new Button("Cancel");
            cancel.setAccessibleText("Cancel " + item.title());
            cancel.setOnAction(e -> item.cancel());
            cancel.disableProperty().bind(item.stateProperty().isNotEqualTo(TaskEntry.State.RUNNING));
            HBox row = new HBox(10, bar, title, message, gap, cancel);
            row.setAlignment(Pos.CENTER_LEFT);
            setGraphic(row);
        }
    }

    // ---- log

    private Node logList() {
        ListView<EventLog.Entry> list = new ListView<>(workbench.log().entries());
        list.setId("log-list");
        list.setPlaceholder(new Label("Nothing has happened yet."));
        list.setCellFactory(view -> new LogCell());
        workbench.log().entries().addListener((ListChangeListener<EventLog.Entry>) change -> {
            list.scrollTo(list.getItems().size() - 1);
            if (logTab.isSelected()) {
                workbench.log().markSeen();
            }
        });
        MenuItem copy = new MenuItem("Copy");
        copy.setOnAction(e -> {
            EventLog.Entry chosen = list.getSelectionModel().getSelectedItem();
            if (chosen != null) {
                ClipboardContent content = new ClipboardContent();
                content.putString(chosen.toString());
                Clipboard.getSystemClipboard().setContent(content);
            }
        });
        list.setContextMenu(new ContextMenu(copy));
        return list;
    }

    private static final class LogCell extends ListCell<EventLog.Entry> {
        @Override
        protected void updateItem(EventLog.Entry item, boolean empty) {
            super.updateItem(item, empty);
            getStyleClass().removeAll("ls-log-error", "ls-log-warning");
            if (empty || item == null) {
                setText(null);
                setTooltip(null);
                return;
            }
            setText(item.toString().lines().findFirst().orElse(""));
            item.details().ifPresentOrElse(d -> setTooltip(new Tooltip(d)), () -> setTooltip(null));
            if (item.level() == EventLog.Level.ERROR) {
                getStyleClass().add("ls-log-error");
            } else if (item.level() == EventLog.Level.WARNING) {
                getStyleClass().add("ls-log-warning");
            }
        }
    }
}
