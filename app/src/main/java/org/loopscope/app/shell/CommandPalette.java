package org.loopscope.app.shell;

import java.util.List;
import java.util.Locale;
import javafx.geometry.Pos;
import javafx.scene.Scene;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.stage.Popup;

/** Every command by name: type to filter, Enter does it, Escape closes. */
final class CommandPalette {
    private final Popup popup = new Popup();
    private final TextField filter = new TextField();
    private final ListView<Command> list = new ListView<>();
    private final List<Command> commands;

    CommandPalette(List<Command> commands) {
        this.commands = commands;
        filter.setId("palette-filter");
        filter.setPromptText("Type a command");
        filter.textProperty().addListener((o, before, now) -> fill());
        filter.addEventFilter(KeyEvent.KEY_PRESSED, this::keyPressed);
        list.setId("palette-list");
        list.setPrefSize(520, 300);
        list.setCellFactory(view -> new Cell());
        list.setOnMouseClicked(e -> runSelected());
        VBox box = new VBox(8, filter, list);
        box.getStyleClass().add("ls-palette");
        popup.getContent().add(box);
        popup.setAutoHide(true);
        popup.setHideOnEscape(true);
    }

    void show(Scene scene) {
        VBox box = (VBox) popup.getContent().get(0);
        box.getStylesheets().setAll(scene.getStylesheets());
        box.setStyle(scene.getRoot().getStyle());
        box.getStyleClass().remove("dark");
        if (scene.getRoot().getStyleClass().contains("dark")) {
            box.getStyleClass().add("dark");
        }
        filter.clear();
        fill();
        var window = scene.getWindow();
        popup.show(window, window.getX() + scene.getWidth() / 2 - 270, window.getY() + 110);
        filter.requestFocus();
    }

    private void fill() {
        String wanted = filter.getText().strip().toLowerCase(Locale.ROOT);
        list.getItems()
                .setAll(commands.stream()
                        .filter(c -> (c.text() + " " + c.help())
                                .toLowerCase(Locale.ROOT)
                                .contains(wanted))
                        .toList());
        list.getSelectionModel().selectFirst();
    }

    private void keyPressed(KeyEvent event) {
        if (event.getCode() == KeyCode.DOWN) {
            list.getSelectionModel().selectNext();
            event.consume();
        } else if (event.getCode() == KeyCode.UP) {
            list.getSelectionModel().selectPrevious();
            event.consume();
        } else if (event.getCode() == KeyCode.ENTER) {
            runSelected();
            event.consume();
        }
        list.scrollTo(Math.max(0, list.getSelectionModel().getSelectedIndex() - 3));
    }

    private void runSelected() {
        Command chosen = list.getSelectionModel().getSelectedItem();
        popup.hide();
        if (chosen != null) {
            chosen.run();
        }
    }

    private static final class Cell extends ListCell<Command> {
        @Override
        protected void updateItem(Command item, boolean empty) {
            super.updateItem(item, empty);
            setText(null);
            if (empty || item == null) {
                setGraphic(null);
                return;
            }
            Label name = new Label(item.text());
            name.getStyleClass().add("ls-strong");
            Label help = new Label(item.help());
            help.getStyleClass().add("ls-muted");
            Region gap = new Region();
            HBox.setHgrow(gap, Priority.ALWAYS);
            Label keys = new Label(item.keysText());
            keys.getStyleClass().add("ls-muted");
            keys.setMinWidth(Region.USE_PREF_SIZE);
            HBox row = new HBox(8, name, help, gap, keys);
            name.setMinWidth(Region.USE_PREF_SIZE);
            row.setAlignment(Pos.CENTER_LEFT);
            row.setDisable(item.disabled().get());
            row.setPrefWidth(480);
            setGraphic(row);
        }
    }
}
