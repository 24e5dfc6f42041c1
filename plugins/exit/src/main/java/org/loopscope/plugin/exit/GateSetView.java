package org.loopscope.plugin.exit;

import java.io.File;
import java.util.List;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.stage.FileChooser;
import org.jspecify.annotations.Nullable;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.FigureCard;
import org.loopscope.plugin.card.LegendSide;
import org.loopscope.plugin.figure.GateSetFigures;

/** Lays out the gate over a set of prompts, below the gate of the run that is shown. */
final class GateSetView {
    private static final String EMPTY =
            "No set yet. Open the CSV of loopscope gate, or run a prompt set (JSONL or CSV) through the open model.";

    private final GateSetViewModel model;
    private final FigureCard calibration;
    private final FigureCard gain;
    private final Runnable legend;
    private final VBox root;

    GateSetView(PanelContext context, GateSetViewModel model) {
        this.model = model;
        calibration = card(GateSetFigures.CALIBRATION, "Calibration of the gate over a set", context);
        gain = card(GateSetFigures.GAIN, "What the next loop gains where the gate goes on", context);
        calibration.figureProperty().bind(model.calibrationProperty());
        gain.figureProperty().bind(model.gainProperty());
        legend = LegendSide.in(calibration, context);
        Label heading = new Label("Over a set of prompts");
        heading.getStyleClass().add("figure-card-title");
        HBox bar = new HBox(8, heading, files(), tokens());
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().add("card-toolbar");
        HBox row = new HBox(calibration, gain);
        row.getStyleClass().add("panel-row");
        for (FigureCard card : new FigureCard[] {calibration, gain}) {
            HBox.setHgrow(card, Priority.ALWAYS);
            card.setMinHeight(330);
        }
        calibration.setPrefWidth(500);
        gain.setPrefWidth(400);
        root = new VBox(
                8,
                bar,
                label("exit-gate-set-status", "card-label", model.work().statusProperty()),
                label("exit-gate-set-facts", "card-note", model.factsProperty()),
                row);
    }

    private static FigureCard card(String id, String title, PanelContext context) {
        FigureCard card = new FigureCard(id, title, context, () -> GateFigures.HELP);
        card.setEmptyText(EMPTY);
        card.letTitleShrink(); // two such titles side by side are wider than a small window
        return card;
    }

    private Node files() {
        Button open = button("exit-gate-set-open", "Open gate CSV…", "Show what loopscope gate has written");
        open.setOnAction(e -> open());
        open.disableProperty().bind(model.work().runningProperty());
        Button run = button("exit-gate-set-run", "Run set…", "Run a prompt set through the open model");
        run.setOnAction(e -> run());
        run.disableProperty().bind(model.cannotRunBinding());
        Button cancel = button("exit-gate-set-cancel", "Cancel", "Stop; what is done is kept");
        cancel.setOnAction(e -> model.work().cancel());
        cancel.disableProperty().bind(model.work().runningProperty().not());
        HBox box = new HBox(6, open, run, cancel);
        box.setMinWidth(Region.USE_PREF_SIZE);
        return box;
    }

    private Node tokens() {
        ComboBox<GateSetViewModel.Tokens> box = new ComboBox<>();
        box.setId("exit-gate-set-tokens");
        box.setAccessibleText("Tokens that are counted");
        box.visibleProperty().bind(box.valueProperty().isNotNull()); // nothing to choose before a set is shown
        box.valueProperty().bindBidirectional(model.tokensProperty());
        model.choicesProperty().addListener((o, before, now) -> box.getItems().setAll(now));
        return box;
    }

    private static Button button(String id, String text, String tip) {
        Button button = new Button(text);
        button.setId(id);
        button.setTooltip(new Tooltip(tip));
        return button;
    }

    private static Label label(String id, String style, ObservableValue<String> text) {
        Label label = new Label();
        label.setId(id);
        label.getStyleClass().add(style);
        label.setWrapText(true);
        label.setMaxWidth(Double.MAX_VALUE);
        label.setMinHeight(Region.USE_PREF_SIZE);
        label.textProperty().bind(text);
        label.visibleProperty().bind(label.textProperty().isNotEmpty());
        label.managedProperty().bind(label.visibleProperty());
        return label;
    }

    private void open() {
        File file = chooser("Open a gate CSV", List.of("*.csv"))
                .showOpenDialog(root.getScene().getWindow());
        if (file != null) {
            model.open(file.toPath());
        }
    }

    private void run() {
        File set = chooser("Prompt set", List.of("*.jsonl", "*.csv"))
                .showOpenDialog(root.getScene().getWindow());
        if (set == null) {
            return;
        }
        FileChooser rows = chooser("Where its rows go", List.of("*.csv"));
        rows.setInitialDirectory(set.getParentFile());
        rows.setInitialFileName(set.getName().replaceFirst("\\.[^.]*$", "") + "-gate.csv");
        @Nullable File out = rows.showSaveDialog(root.getScene().getWindow());
        if (out != null) {
            model.run(set.toPath(), out.toPath());
        }
    }

    private static FileChooser chooser(String title, List<String> endings) {
        FileChooser chooser = new FileChooser();
        chooser.setTitle(title);
        chooser.getExtensionFilters().add(new FileChooser.ExtensionFilter(title, endings));
        return chooser;
    }

    Node view() {
        return root;
    }

    void dispose() {
        legend.run();
        for (FigureCard card : new FigureCard[] {calibration, gain}) {
            card.figureProperty().unbind();
            card.dispose();
        }
        model.dispose();
    }
}
