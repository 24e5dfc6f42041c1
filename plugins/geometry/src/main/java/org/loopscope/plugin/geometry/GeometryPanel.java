package org.loopscope.plugin.geometry;

import java.util.List;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.loopscope.analysis.geometry.LongRun;
import org.loopscope.plugin.Panel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.ArrowKeys;
import org.loopscope.plugin.card.CardRow;
import org.loopscope.plugin.card.FigureCard;
import org.loopscope.plugin.card.HeatmapView;
import org.loopscope.plugin.card.HoverPane;
import org.loopscope.plugin.card.SetLabModel;
import org.loopscope.plugin.card.SetLabView;
import org.loopscope.plugin.card.SettingsBar;
import org.loopscope.plugin.card.Spacer;
import org.loopscope.plugin.profile.GeometryProfileLab;

/** Lays out the Geometry panel. */
final class GeometryPanel implements Panel {
    private static final String EMPTY = "No run yet. Type a prompt at the left and press Run.";
    private static final String NO_LONG_RUN =
            "Press “Run " + LongRun.STEPS + " loops” to see where these tokens end, or make a run of 8 loops or more.";

    private final GeometryViewModel model;
    private final List<FigureCard> cards;
    private final HeatmapView map;
    private final HeatmapView motion;
    private final SetLabView profile;
    private final ScrollPane root;

    GeometryPanel(PanelContext context) {
        model = new GeometryViewModel(context, Platform::runLater);
        FigureCard mapCard = card(MapFigure.ID, "How states move", EMPTY, context);
        FigureCard curves = card(CurveFigures.TOKEN, "Motion of a token", EMPTY, context);
        FigureCard orbits = card(OrbitFigure.ID, "Orbits in one plane", EMPTY, context);
        FigureCard summary = card(CurveFigures.SUMMARY, "All tokens by step", EMPTY, context);
        FigureCard motionCard = card(MotionFigure.ID, "What tokens do in the end", NO_LONG_RUN, context);
        FigureCard distance = card(CurveFigures.DISTANCE, "Distance to a long run", NO_LONG_RUN, context);
        cards = List.of(mapCard, curves, orbits, summary, motionCard, distance);
        map = new HeatmapView(mapCard, (row, column) -> HoverPane.of(model.info(row, column)));
        map.figureProperty().bind(model.mapProperty());
        map.setOnSelect(model::select);
        ArrowKeys.install(mapCard.view(), model::move);
        mapCard.setToolbar(
                new SettingsBar("geometry", new GeometryLab().settings(), model.valuesProperty(), mapTools())
                        .usual(GeometryLab.TOKENS, "those chosen at the orbits"),
                map.fitControl());
        curves.figureProperty().bind(model.curvesProperty());
        orbits.figureProperty().bind(model.orbitsProperty());
        orbits.setToolbar(orbitTools());
        summary.figureProperty().bind(model.summaryProperty());
        motion = new HeatmapView(motionCard, (row, column) -> HoverPane.of(model.motionInfo(column)));
        motion.figureProperty().bind(model.motionProperty());
        motion.setOnSelect((row, column) -> model.selectToken(column));
        motionCard.setToolbar(motionTools());
        distance.figureProperty().bind(model.distanceProperty());
        profile = new SetLabView(
                "geometry-set",
                "Over a set of prompts",
                "No set yet. Open the CSV of loopscope probe geometry, or run a prompt set through the open model.",
                context,
                new SetLabModel<>(
                        new GeometryProfileLab(), context, context.ownThread("geometry-set"), Platform::runLater));
        VBox content = new VBox(
                mapCard, new CardRow(orbits, curves), motionCard, new CardRow(distance, summary), profile.view());
        content.getStyleClass().add("panel-content");
        root = new ScrollPane(content);
        root.setFitToWidth(true);
        root.getStyleClass().add("panel-scroll");
    }

    private static FigureCard card(String id, String title, String empty, PanelContext context) {
        FigureCard card = new FigureCard(id, title, context, () -> GeometryProvider.HELP);
        card.setEmptyText(empty);
        return card;
    }

    private Node[] mapTools() {
        ChoiceBox<GeometryValue> value = new ChoiceBox<>();
        value.getItems().setAll(GeometryValue.values());
        value.valueProperty().bindBidirectional(model.valueProperty());
        value.setId("geometry-value");
        value.setAccessibleText("Colour cells by");
        CheckBox layers = new CheckBox("Layers");
        layers.setId("geometry-layers");
        layers.setTooltip(new Tooltip("Layers need a run with layer states: set capture to “layers”"));
        layers.selectedProperty().bindBidirectional(model.layersProperty());
        layers.disableProperty().bind(model.layersAvailableProperty().not());
        return new Node[] {new Label("Colour"), value, layers};
    }

    private Node[] orbitTools() {
        ChoiceBox<GeometryViewModel.OrbitTokens> tokens = new ChoiceBox<>();
        tokens.getItems().setAll(GeometryViewModel.OrbitTokens.values());
        tokens.valueProperty().bindBidirectional(model.orbitTokensProperty());
        tokens.setId("geometry-orbit-tokens");
        tokens.setAccessibleText("Tokens in one plane");
        CheckBox third = new CheckBox("Axis 3 upwards");
        third.setId("geometry-third-axis");
        third.setMinWidth(Region.USE_PREF_SIZE);
        third.selectedProperty().bindBidirectional(model.thirdAxisProperty());
        Label name = new Label("Tokens");
        name.setMinWidth(Region.USE_PREF_SIZE);
        return new Node[] {name, tokens, third};
    }

    private Node[] motionTools() {
        Button run = new Button();
        run.textProperty().bind(model.valuesProperty().map(values -> "Run " + values.get(GeometryLab.LONG) + " loops"));
        run.setId("geometry-long-run");
        run.setTooltip(new Tooltip("Runs the same tokens again with so many loops"));
        run.disableProperty().bind(model.longRunAvailableProperty().not());
        run.setOnAction(e -> model.runLong());
        Label progress = new Label();
        progress.setId("geometry-progress");
        progress.textProperty().bind(model.progressProperty());
        return new Node[] {run, progress, new Spacer(), motion.fitControl()};
    }

    @Override
    public Node view() {
        return root;
    }

    @Override
    public void dispose() {
        map.dispose();
        motion.dispose();
        profile.dispose();
        for (FigureCard card : cards) {
            card.figureProperty().unbind();
            card.dispose();
        }
        model.dispose();
    }
}
