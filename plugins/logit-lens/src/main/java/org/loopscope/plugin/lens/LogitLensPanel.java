package org.loopscope.plugin.lens;

import java.io.File;
import java.util.Optional;
import javafx.application.Platform;
import javafx.beans.binding.Bindings;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.CheckMenuItem;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.stage.FileChooser;
import javafx.stage.Window;
import org.loopscope.figure.TokenExitFigure;
import org.loopscope.plugin.Panel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.FigureCard;
import org.loopscope.plugin.card.HeatmapView;
import org.loopscope.plugin.card.HoverPane;
import org.loopscope.plugin.card.SetLabModel;
import org.loopscope.plugin.card.SetLabView;
import org.loopscope.plugin.card.SettingControl;
import org.loopscope.plugin.profile.LensProfileLab;

/** Lays out the Logit lens panel. */
final class LogitLensPanel implements Panel {
    private static final String EMPTY = "No run yet. Type a prompt at the left and press Run.";

    private final LensViewModel model;
    private final FigureCard heatmapCard;
    private final FigureCard trajectoryCard;
    private final FigureCard exitCard;
    private final HeatmapView heatmap;
    private final LensTrainingViewModel training;
    private final LensLabCards lab;
    private final SetLabView profile;
    private final ScrollPane root;

    LogitLensPanel(PanelContext context) {
        model = new LensViewModel(context, Platform::runLater);
        training = new LensTrainingViewModel(
                context, model::useTuned, context.ownThread("lens-training"), Platform::runLater);
        heatmapCard = new FigureCard(LensFigures.HEATMAP, "Logit lens", context, () -> LogitLensProvider.HELP);
        trajectoryCard = new FigureCard(Trajectories.FIGURE, "Trajectories", context, () -> LogitLensProvider.HELP);
        exitCard = new FigureCard(TokenExitFigure.ID, "Exit", context, () -> TokenExitFigure.HELP);
        for (FigureCard card : new FigureCard[] {heatmapCard, trajectoryCard, exitCard}) {
            card.setEmptyText(EMPTY);
        }
        heatmap = new HeatmapView(heatmapCard, this::hover);
        heatmap.figureProperty().bind(model.heatmapProperty());
        heatmap.setOnClick((row, column, keep) -> model.click(row, column, keep));
        heatmapCard.view().addEventHandler(KeyEvent.KEY_PRESSED, this::key);
        heatmapCard.setToolbar(toolbar(new PinnedTokens(model, context).node()));
        trajectoryCard.figureProperty().bind(model.trajectoriesProperty());
        exitCard.figureProperty().bind(model.exitProperty());
        exitCard.visibleProperty().bind(model.gatedProperty());
        exitCard.managedProperty().bind(model.gatedProperty());
        trajectoryCard.setSide(new VBox(new TrajectoryLegend(model, context).node(), logarithmic()));
        HBox lower = new HBox(trajectoryCard, exitCard);
        lower.getStyleClass().add("panel-row");
        HBox.setHgrow(trajectoryCard, Priority.ALWAYS);
        HBox.setHgrow(exitCard, Priority.ALWAYS);
        trajectoryCard.setPrefWidth(480);
        exitCard.setPrefWidth(420);
        lab = new LensLabCards(
                new LensLabViewModel(context, model.shownGridProperty(), model.tunedProperty(), Platform::runLater),
                context);
        VBox content = new VBox(heatmapCard, trainingLine(), lower);
        content.getChildren().addAll(lab.rows());
        profile = new SetLabView(
                "lens-set",
                "Over a set of prompts",
                "No set yet. Open the CSV of loopscope probe lens, or run a prompt set through the open model.",
                context,
                new SetLabModel<>(new LensProfileLab(), context, context.ownThread("lens-set"), Platform::runLater));
        content.getChildren().add(profile.view());
        content.getStyleClass().add("panel-content");
        root = new ScrollPane(content);
        root.setFitToWidth(true);
        root.getStyleClass().add("panel-scroll");
    }

    private Node[] toolbar(Node pins) {
        ChoiceBox<LensValue> value = new ChoiceBox<>();
        value.getItems().setAll(LensValue.values());
        value.valueProperty().bindBidirectional(model.valueProperty());
        value.setId("lens-value");
        value.setAccessibleText("Colour cells by");
        value.setTooltip(new Tooltip("What the cells are coloured by"));
        CheckBox layers = new CheckBox("Layers");
        layers.setId("lens-layers");
        layers.setMinWidth(Region.USE_PREF_SIZE);
        layers.setTooltip(new Tooltip("Layers need a run with layer states: set capture to “layers”"));
        layers.selectedProperty().bindBidirectional(model.layersProperty());
        layers.disableProperty().bind(model.layersAvailableProperty().not());
        SettingControl.marks(layers, LensLab.LAYERS);
        Node top = SettingControl.of("lens-top", LensLab.TOP, model.valuesProperty(), model::say);
        Label progress = new Label();
        progress.textProperty().bind(model.progressProperty());
        progress.setId("lens-progress");
        return new Node[] {
            name("Colour"), value, layers, top, tunedButton(), trainMenu(), progress, pins, heatmap.fitControl()
        };
    }

    private static Label name(String text) {
        Label label = new Label(text);
        label.setMinWidth(Region.USE_PREF_SIZE);
        return label;
    }

    /** Opens a tuned lens, or goes back to the logit lens. */
    private Button tunedButton() {
        Button button = new Button();
        button.setId("lens-tuned");
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.textProperty()
                .bind(Bindings.when(Bindings.isNull(model.tunedProperty()))
                        .then("Tuned lens…")
                        .otherwise("Logit lens"));
        button.setTooltip(new Tooltip("Read layers through a lens that loopscope train tuned-lens wrote"));
        button.disableProperty().bind(model.layersAvailableProperty().not());
        SettingControl.marks(button, LensLab.TUNED);
        button.setOnAction(e -> {
            if (model.tunedProperty().get() != null) {
                model.dropTuned();
                return;
            }
            FileChooser chooser = new FileChooser();
            chooser.setTitle("Open tuned lens");
            chooser.getExtensionFilters().add(new FileChooser.ExtensionFilter("Tuned lens", "*.safetensors"));
            File file = chooser.showOpenDialog(button.getScene().getWindow());
            if (file != null) {
                model.useTuned(file.toPath());
            }
        });
        return button;
    }

    /** Trains a tuned lens on a text and opens it. */
    private MenuButton trainMenu() {
        CheckMenuItem perStep = new CheckMenuItem("One translator per loop and layer");
        perStep.setId("lens-train-per-step");
        perStep.selectedProperty().bindBidirectional(training.perStepProperty());
        MenuItem train = new MenuItem("Train tuned lens…");
        train.setId("lens-train-start");
        MenuButton button = new MenuButton("Train lens", null, train, perStep);
        button.setId("lens-train");
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setTooltip(new Tooltip("Train a tuned lens of the open model on a text of yours"));
        button.disableProperty().bind(training.work().runningProperty());
        train.setOnAction(e -> chooseTraining(button.getScene().getWindow()));
        return button;
    }

    private void chooseTraining(Window window) {
        FileChooser texts = new FileChooser();
        texts.setTitle("Text to train on: each line a text, or a prompt set");
        texts.getExtensionFilters()
                .setAll(new FileChooser.ExtensionFilter("Texts, prompt sets", "*.txt", "*.md", "*.jsonl", "*.csv"));
        texts.getExtensionFilters().add(new FileChooser.ExtensionFilter("All files", "*"));
        File text = texts.showOpenDialog(window);
        if (text == null) {
            return;
        }
        FileChooser lens = new FileChooser();
        lens.setTitle("Save the tuned lens");
        lens.setInitialFileName("lens.safetensors");
        lens.getExtensionFilters().add(new FileChooser.ExtensionFilter("Tuned lens", "*.safetensors"));
        File out = lens.showSaveDialog(window);
        if (out != null) {
            training.train(text.toPath(), out.toPath());
        }
    }

    /** How far the training is, or how it ended; not there before the first. */
    private Node trainingLine() {
        Label status = new Label();
        status.setId("lens-train-status");
        status.setWrapText(true);
        status.setMinHeight(Region.USE_PREF_SIZE);
        status.textProperty().bind(training.work().statusProperty());
        HBox.setHgrow(status, Priority.ALWAYS);
        Button cancel = new Button("Cancel");
        cancel.setId("lens-train-cancel");
        cancel.setMinWidth(Region.USE_PREF_SIZE);
        cancel.setOnAction(e -> training.work().cancel());
        cancel.visibleProperty().bind(training.work().runningProperty());
        cancel.managedProperty().bind(cancel.visibleProperty());
        HBox line = new HBox(name("Training a tuned lens:"), status, cancel);
        line.setAlignment(Pos.CENTER_LEFT);
        line.getStyleClass().add("card-toolbar");
        line.visibleProperty().bind(training.work().statusProperty().isNotEmpty());
        line.managedProperty().bind(line.visibleProperty());
        return line;
    }

    private CheckBox logarithmic() {
        CheckBox box = new CheckBox("Log scale");
        box.setId("lens-log");
        box.getStyleClass().add("legend-option");
        box.selectedProperty().bindBidirectional(model.logarithmicProperty());
        box.disableProperty().bind(Bindings.isNull(model.trajectoriesProperty()));
        return box;
    }

    private void key(KeyEvent e) {
        switch (e.getCode()) {
            case LEFT -> model.move(-1, 0);
            case RIGHT -> model.move(1, 0);
            case UP -> model.move(0, 1);
            case DOWN -> model.move(0, -1);
            case ENTER, SPACE -> model.pinSelected();
            default -> {
                return;
            }
        }
        e.consume();
    }

    private Optional<Node> hover(int row, int column) {
        return model.info(row, column).map(LogitLensPanel::content);
    }

    private static Node content(CellInfo info) {
        GridPane grid = HoverPane.grid(info.heading());
        int line = 1;
        for (CellInfo.Prediction prediction : info.predictions()) {
            HoverPane.bar(grid, line++, prediction.token(), prediction.probability());
        }
        for (String fact : info.facts()) {
            HoverPane.line(grid, line++, fact);
        }
        return grid;
    }

    @Override
    public Node view() {
        return root;
    }

    @Override
    public void dispose() {
        heatmap.dispose();
        lab.dispose();
        profile.dispose();
        training.dispose();
        for (FigureCard card : new FigureCard[] {heatmapCard, trajectoryCard, exitCard}) {
            card.figureProperty().unbind();
            card.dispose();
        }
        model.dispose();
    }
}
