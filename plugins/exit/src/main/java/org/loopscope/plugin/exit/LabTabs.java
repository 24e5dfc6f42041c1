package org.loopscope.plugin.exit;

import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.FigureCard;
import org.loopscope.plugin.card.HeatmapView;
import org.loopscope.plugin.card.HoverPane;
import org.loopscope.plugin.card.LegendSide;
import org.loopscope.plugin.card.SetLabModel;
import org.loopscope.plugin.card.SetLabView;
import org.loopscope.plugin.card.Spacer;
import org.loopscope.plugin.card.TextLine;

/** Lays out gate diagnosis and weighted exit. */
final class LabTabs {
    private static final String EMPTY = "Nothing to show yet. Run a prompt of at least two tokens.";

    private final LabViewModel model;
    private final FigureCard reliability;
    private final FigureCard scatter;
    private final FigureCard weighted;
    private final HeatmapView weightedView;
    private final Runnable legend;
    private final SetLabView sets;

    LabTabs(PanelContext context, LabViewModel model, SetLabModel<?, ?, ?> sets) {
        this.model = model;
        this.sets = new SetLabView(
                "exit-gate-set",
                "Over a set of prompts",
                "No set yet. Open the CSV of loopscope gate, or run a prompt set through the open model.",
                context,
                sets);
        this.reliability =
                card(GateFigures.RELIABILITY, "Calibration of the gate on this run", context, GateFigures.HELP);
        this.scatter = card(GateFigures.SCATTER, "λ and other signals", context, GateFigures.HELP);
        this.weighted = card(WeightedFigure.ID, "Weighted exit, mixed in two ways", context, WeightedFigure.HELP);
        legend = LegendSide.in(reliability, context);
        reliability.figureProperty().bind(model.reliabilityProperty());
        scatter.figureProperty().bind(model.scatterProperty());
        scatter.setToolbar(new Label("beside λ"), beside());
        weightedView = new HeatmapView(weighted, (row, position) -> HoverPane.of(model.info(row, position)));
        weightedView.figureProperty().bind(model.weightedProperty());
        weighted.setToolbar(new Spacer(), weightedView.fitControl());
    }

    private static FigureCard card(String id, String title, PanelContext context, String help) {
        FigureCard card = new FigureCard(id, title, context, () -> help);
        card.setEmptyText(EMPTY);
        return card;
    }

    private Node beside() {
        ComboBox<GateFigures.Beside> box = new ComboBox<>();
        box.setId("exit-gate-beside");
        box.setAccessibleText("What is shown beside λ");
        box.getItems().addAll(GateFigures.Beside.values());
        box.valueProperty().bindBidirectional(model.besideProperty());
        return box;
    }

    Node gate() {
        TextLine warnings = TextLine.note("exit-gate-warnings", model.warningsProperty());
        HBox row = new HBox(reliability, scatter);
        row.getStyleClass().add("panel-row");
        HBox.setHgrow(reliability, Priority.ALWAYS);
        HBox.setHgrow(scatter, Priority.ALWAYS);
        reliability.setPrefWidth(500);
        scatter.setPrefWidth(400);
        VBox content = new VBox(warnings, row, sets.view());
        content.getStyleClass().add("panel-content");
        VBox.setVgrow(row, Priority.ALWAYS);
        row.setMinHeight(340);
        return content;
    }

    Node weighted() {
        VBox content = new VBox(weighted);
        content.getStyleClass().add("panel-content");
        VBox.setVgrow(weighted, Priority.ALWAYS);
        return content;
    }

    void dispose() {
        legend.run();
        sets.dispose();
        weightedView.dispose();
        for (FigureCard card : new FigureCard[] {reliability, scatter, weighted}) {
            card.figureProperty().unbind();
            card.dispose();
        }
        model.dispose();
    }
}
