package org.loopscope.plugin.faithfulness;

import java.util.List;
import java.util.Optional;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.loopscope.plugin.Panel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.FigureCard;
import org.loopscope.plugin.card.HeatmapView;
import org.loopscope.plugin.card.HoverPane;

/** Lays out the Faithfulness panel. */
final class FaithfulnessPanel implements Panel {
    private static final String EMPTY = "No run yet. Type a prompt at the left and press Run.";

    private final FaithfulnessViewModel model;
    private final FigureCard matrixCard;
    private final FigureCard marginalsCard;
    private final FigureCard timelineCard;
    private final HeatmapView matrix;
    private final HeatmapView timeline;
    private final LabView lab;
    private final ScrollPane root;

    FaithfulnessPanel(PanelContext context) {
        model = new FaithfulnessViewModel(context, Platform::runLater);
        matrixCard = card(AgreementFigures.MATRIX, "Agreement of loop steps", context);
        marginalsCard = card(MarginalsFigure.ID, "Label marginals", context);
        timelineCard = card(FlipFigures.TIMELINE, "When the answer settles", context);
        matrix = new HeatmapView(matrixCard, (row, column) -> hover(model.matrixInfo(row, column)));
        matrix.showWhole();
        matrix.figureProperty().bind(model.matrixProperty());
        matrix.setOnSelect((row, column) -> model.selectStep(row));
        marginalsCard.figureProperty().bind(model.marginalsProperty());
        Tooltip marginals = new Tooltip();
        marginals.getStyleClass().add("card-hover");
        marginals.textProperty().bind(model.marginalsTextProperty());
        Tooltip.install(marginalsCard.view(), marginals);
        timeline = new HeatmapView(timelineCard, (row, column) -> hover(model.tokenInfo(column)));
        timeline.figureProperty().bind(model.timelineProperty());
        timeline.setOnSelect(model::select);
        timelineCard.view().addEventHandler(KeyEvent.KEY_PRESSED, this::key);
        timelineCard.setToolbar(facts(), timeline.fitControl());
        HBox upper = new HBox(matrixCard, marginalsCard);
        upper.getStyleClass().add("panel-row");
        HBox.setHgrow(matrixCard, Priority.ALWAYS);
        HBox.setHgrow(marginalsCard, Priority.ALWAYS);
        matrixCard.setPrefWidth(450);
        marginalsCard.setPrefWidth(450);
        PatchViewModel patching =
                new PatchViewModel(context, context.ownThread("faithfulness lab"), Platform::runLater);
        SetViewModel sets = new SetViewModel(context, context.ownThread("faithfulness lab"), Platform::runLater);
        lab = new LabView(context, patching, sets, (row, column) -> hover(patching.info(row, column)));
        VBox content = new VBox(caution(), upper, timelineCard, worse());
        content.getChildren().addAll(lab.nodes());
        content.getStyleClass().add("panel-content");
        VBox.setVgrow(upper, Priority.ALWAYS);
        upper.setMinHeight(320);
        timelineCard.setMinHeight(270);
        root = new ScrollPane(content);
        root.setFitToWidth(true);
        root.setFitToHeight(true);
        root.getStyleClass().add("panel-scroll");
    }

    private static FigureCard card(String id, String title, PanelContext context) {
        FigureCard card = new FigureCard(id, title, context, () -> FaithfulnessProvider.HELP);
        card.setEmptyText(EMPTY);
        return card;
    }

    private Label caution() {
        Label label = new Label();
        label.setId("faithfulness-caution");
        label.getStyleClass().add("card-note");
        label.setWrapText(true);
        label.setMaxWidth(Double.MAX_VALUE);
        label.setMinHeight(Region.USE_PREF_SIZE);
        label.textProperty().bind(model.cautionProperty());
        label.visibleProperty().bind(model.cautionProperty().isNotEmpty());
        label.managedProperty().bind(label.visibleProperty());
        return label;
    }

    private Label worse() {
        Label label = new Label();
        label.setId("faithfulness-worse");
        label.getStyleClass().add("card-note");
        label.setWrapText(true);
        label.setMaxWidth(Double.MAX_VALUE);
        label.setMinHeight(Region.USE_PREF_SIZE);
        label.textProperty().bind(model.worseProperty());
        label.visibleProperty().bind(model.worseProperty().isNotEmpty());
        label.managedProperty().bind(label.visibleProperty());
        return label;
    }

    private Label facts() {
        Label label = new Label();
        label.setId("faithfulness-token");
        label.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(label, Priority.ALWAYS);
        label.textProperty().bind(model.tokenFactsProperty());
        return label;
    }

    private void key(KeyEvent e) {
        switch (e.getCode()) {
            case LEFT -> model.move(-1, 0);
            case RIGHT -> model.move(1, 0);
            case UP -> model.move(0, 1);
            case DOWN -> model.move(0, -1);
            default -> {
                return;
            }
        }
        e.consume();
    }

    private static Optional<Node> hover(List<String> lines) {
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        GridPane grid = HoverPane.grid(lines.get(0));
        for (int i = 1; i < lines.size(); i++) {
            HoverPane.line(grid, i, lines.get(i));
        }
        return Optional.of(grid);
    }

    @Override
    public Node view() {
        return root;
    }

    @Override
    public void dispose() {
        matrix.dispose();
        timeline.dispose();
        for (FigureCard card : new FigureCard[] {matrixCard, marginalsCard, timelineCard}) {
            card.figureProperty().unbind();
            card.dispose();
        }
        lab.dispose();
        model.dispose();
    }
}
