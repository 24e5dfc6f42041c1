package org.loopscope.plugin.exit;

import java.util.List;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.FigureCard;
import org.loopscope.plugin.card.HeatmapView;
import org.loopscope.plugin.card.HoverPane;
import org.loopscope.plugin.card.LegendSide;

/** Lays out gate diagnosis and weighted exit. */
final class LabTabs {
    private static final String EMPTY = "Nothing to show yet. Run a prompt of at least two tokens.";

    private final LabViewModel model;
    private final FigureCard reliability;
    private final FigureCard scatter;
    private final FigureCard weighted;
    private final HeatmapView weightedView;
    private final Runnable legend;

    LabTabs(PanelContext context, LabViewModel model) {
        this.model = model;
        this.reliability = card(GateFigures.RELIABILITY, "Calibration of the gate", context, GateFigures.HELP);
        this.scatter = card(GateFigures.SCATTER, "λ and other signals", context, GateFigures.HELP);
        this.weighted = card(WeightedFigure.ID, "Weighted exit, mixed in two ways", context, WeightedFigure.HELP);
        legend = LegendSide.in(reliability, context);
        reliability.figureProperty().bind(model.reliabilityProperty());
        scatter.figureProperty().bind(model.scatterProperty());
        scatter.setToolbar(new Label("beside λ"), beside());
        weightedView = new HeatmapView(weighted, this::hover);
        weightedView.figureProperty().bind(model.weightedProperty());
        weighted.setToolbar(gap(), weightedView.fitControl());
    }

    private static FigureCard card(String id, String title, PanelContext context, String help) {
        FigureCard card = new FigureCard(id, title, context, () -> help);
        card.setEmptyText(EMPTY);
        return card;
    }

    private static Region gap() {
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        return gap;
    }

    private Node beside() {
        ComboBox<GateFigures.Beside> box = new ComboBox<>();
        box.setId("exit-gate-beside");
        box.setAccessibleText("What is shown beside λ");
        box.getItems().addAll(GateFigures.Beside.values());
        box.valueProperty().bindBidirectional(model.besideProperty());
        return box;
    }

    private Optional<Node> hover(int row, int position) {
        List<String> lines = model.info(row, position);
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        GridPane grid = HoverPane.grid(lines.get(0));
        for (int i = 1; i < lines.size(); i++) {
            HoverPane.line(grid, i, lines.get(i));
        }
        return Optional.of(grid);
    }

    Node gate() {
        Label warnings = new Label();
        warnings.setId("exit-gate-warnings");
        warnings.getStyleClass().add("card-note");
        warnings.setWrapText(true);
        warnings.setMaxWidth(Double.MAX_VALUE);
        warnings.setMinHeight(Region.USE_PREF_SIZE);
        warnings.textProperty().bind(model.warningsProperty());
        warnings.visibleProperty().bind(model.warningsProperty().isNotEmpty());
        warnings.managedProperty().bind(warnings.visibleProperty());
        HBox row = new HBox(reliability, scatter);
        row.getStyleClass().add("panel-row");
        HBox.setHgrow(reliability, Priority.ALWAYS);
        HBox.setHgrow(scatter, Priority.ALWAYS);
        reliability.setPrefWidth(500);
        scatter.setPrefWidth(400);
        VBox content = new VBox(warnings, row);
        content.getStyleClass().add("panel-content");
        VBox.setVgrow(row, Priority.ALWAYS);
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
        weightedView.dispose();
        for (FigureCard card : new FigureCard[] {reliability, scatter, weighted}) {
            card.figureProperty().unbind();
            card.dispose();
        }
        model.dispose();
    }
}
