package org.loopscope.plugin.lens;

import java.util.List;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.FigureCard;
import org.loopscope.plugin.card.HeatmapView;
import org.loopscope.plugin.card.HoverPane;
import org.loopscope.plugin.card.SettingControl;
import org.loopscope.plugin.card.SettingsBar;
import org.loopscope.plugin.card.TextLine;

/** The cards of {@link LensLabViewModel}. */
final class LensLabCards {
    private final LensLabViewModel model;
    private final FigureCard groups;
    private final FigureCard depth;
    private final FigureCard mapCard;
    private final FigureCard changeCard;
    private final HeatmapView map;
    private final HeatmapView change;

    LensLabCards(LensLabViewModel model, PanelContext context) {
        this.model = model;
        groups = new FigureCard(GroupFigure.ID, "Token groups", context, () -> LogitLensProvider.LAB_HELP);
        groups.setEmptyText("Type groups of words, such as “men: Dan Bob; women: Sue Ann”, and press Enter.");
        groups.figureProperty().bind(model.groupsProperty());
        groups.setToolbar(groupTools());
        depth = new FigureCard(DepthFigure.ID, "Prediction depth", context, () -> LogitLensProvider.LAB_HELP);
        depth.setEmptyText("No run yet.");
        depth.figureProperty().bind(model.depthProperty());
        mapCard = new FigureCard(AttentionFigures.MAP, "Attention", context, () -> LogitLensProvider.LAB_HELP);
        mapCard.setEmptyText("Press Compute to see where tokens look; it takes a run with layer states.");
        map = new HeatmapView(mapCard, (row, column) -> hover(model.weightInfo(row, column)));
        map.figureProperty().bind(model.mapProperty());
        map.showWhole();
        map.setOnSelect((row, column) -> model.selectQuery(row));
        mapCard.setToolbar(mapTools());
        changeCard =
                new FigureCard(AttentionFigures.CHANGE, "Heads by loop", context, () -> LogitLensProvider.LAB_HELP);
        changeCard.setEmptyText("Press Compute at the left to see how the maps change from loop to loop.");
        change = new HeatmapView(changeCard, (row, column) -> Optional.empty());
        change.figureProperty().bind(model.changeProperty());
        change.setOnSelect(model::selectHead);
        changeCard.setToolbar(changeTools());
    }

    /** Two rows of cards. */
    List<Node> rows() {
        return List.of(row(groups, depth), row(mapCard, changeCard));
    }

    private static HBox row(FigureCard left, FigureCard right) {
        HBox row = new HBox(left, right);
        row.getStyleClass().add("panel-row");
        for (FigureCard card : new FigureCard[] {left, right}) {
            HBox.setHgrow(card, Priority.ALWAYS);
            card.setPrefWidth(450);
        }
        return row;
    }

    private Node[] groupTools() {
        TextField words = new TextField();
        words.setId("lens-groups-words");
        words.setPromptText("name: word word; name: word");
        words.setAccessibleText("Token groups");
        words.textProperty().bindBidirectional(model.groupWordsProperty());
        words.setOnAction(e -> model.applyGroups());
        SettingControl.marks(words, LensLab.GROUPS);
        HBox.setHgrow(words, Priority.ALWAYS);
        Label problem = new Label();
        problem.setId("lens-groups-problem");
        problem.setWrapText(true);
        problem.textProperty().bind(model.groupProblemProperty());
        problem.visibleProperty().bind(model.groupProblemProperty().isNotEmpty());
        problem.managedProperty().bind(problem.visibleProperty());
        return new Node[] {new Label("Groups"), words, problem};
    }

    private Node[] mapTools() {
        Button compute = new Button("Compute");
        compute.setId("lens-attention-compute");
        compute.setMinWidth(Region.USE_PREF_SIZE);
        compute.setOnAction(e -> model.computeAttention());
        compute.disableProperty().bind(model.attentionAvailableProperty().not());
        Node note = TextLine.small("lens-attention-note", model.attentionNoteProperty());
        return new Node[] {
            new SettingsBar(
                    "lens-attention", new AttentionLab().settings(), model.attentionValuesProperty(), compute, note),
            map.fitControl()
        };
    }

    private Node[] changeTools() {
        ChoiceBox<AttentionFigures.Measure> measure = new ChoiceBox<>();
        measure.getItems().setAll(AttentionFigures.Measure.values());
        measure.valueProperty().bindBidirectional(model.measureProperty());
        measure.setId("lens-attention-measure");
        measure.setAccessibleText("Colour heads by");
        return new Node[] {new Label("Colour"), measure};
    }

    private static Optional<Node> hover(List<String> lines) {
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        GridPane pane = HoverPane.grid(lines.get(0));
        for (int i = 1; i < lines.size(); i++) {
            HoverPane.line(pane, i, lines.get(i));
        }
        return Optional.of(pane);
    }

    void dispose() {
        map.dispose();
        change.dispose();
        for (FigureCard card : new FigureCard[] {groups, depth, mapCard, changeCard}) {
            card.figureProperty().unbind();
            card.dispose();
        }
        model.dispose();
    }
}
