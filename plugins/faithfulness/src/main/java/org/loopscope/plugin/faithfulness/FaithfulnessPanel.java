package org.loopscope.plugin.faithfulness;

import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.loopscope.plugin.Panel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.ArrowKeys;
import org.loopscope.plugin.card.CardRow;
import org.loopscope.plugin.card.FigureCard;
import org.loopscope.plugin.card.HeatmapView;
import org.loopscope.plugin.card.HoverPane;
import org.loopscope.plugin.card.TextLine;

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
        matrix = new HeatmapView(matrixCard, (row, column) -> HoverPane.of(model.matrixInfo(row, column)));
        matrix.showWhole();
        matrix.figureProperty().bind(model.matrixProperty());
        matrix.setOnSelect((row, column) -> model.selectStep(row));
        marginalsCard.figureProperty().bind(model.marginalsProperty());
        Tooltip marginals = new Tooltip();
        marginals.getStyleClass().add("card-hover");
        marginals.textProperty().bind(model.marginalsTextProperty());
        Tooltip.install(marginalsCard.view(), marginals);
        timeline = new HeatmapView(timelineCard, (row, column) -> HoverPane.of(model.tokenInfo(column)));
        timeline.figureProperty().bind(model.timelineProperty());
        timeline.setOnSelect(model::select);
        ArrowKeys.install(timelineCard.view(), model::move);
        timelineCard.setToolbar(facts(), timeline.fitControl());
        CardRow upper = new CardRow(matrixCard, marginalsCard);
        PatchViewModel patching =
                new PatchViewModel(context, context.ownThread("faithfulness lab"), Platform::runLater);
        lab = new LabView(context, patching, (row, column) -> HoverPane.of(patching.info(row, column)));
        VBox content = new VBox(
                TextLine.note("faithfulness-caution", model.cautionProperty()),
                upper,
                timelineCard,
                TextLine.note("faithfulness-worse", model.worseProperty()));
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

    private Label facts() {
        Label label = new Label();
        label.setId("faithfulness-token");
        label.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(label, Priority.ALWAYS);
        label.textProperty().bind(model.tokenFactsProperty());
        return label;
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
