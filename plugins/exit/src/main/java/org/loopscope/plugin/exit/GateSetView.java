package org.loopscope.plugin.exit;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.CardRow;
import org.loopscope.plugin.card.FigureCard;
import org.loopscope.plugin.card.LegendSide;
import org.loopscope.plugin.card.NumberSpinner;
import org.loopscope.plugin.card.SetBar;
import org.loopscope.plugin.card.Spacer;
import org.loopscope.plugin.card.TextLine;
import org.loopscope.plugin.figure.GateSetFigures;

/** Lays out the gate over a set of prompts, below the gate of the run that is shown. */
final class GateSetView {
    private static final String EMPTY =
            "No set yet. Open the CSV of loopscope gate, or run a prompt set through the open model.";

    private static final int MOST_TOKENS = 4096;

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
        NumberSpinner generate = new NumberSpinner(
                "exit-gate-set-generate",
                "Tokens generated after a prompt without answer",
                0,
                MOST_TOKENS,
                8,
                model.generateProperty());
        generate.setTooltip(new Tooltip("Generated at full depth after every prompt of the set that has no answer"));
        Label generateLabel = new Label("tokens generated");
        generateLabel.setLabelFor(generate);
        generateLabel.setMinWidth(Region.USE_PREF_SIZE);
        SetBar sets = new SetBar("exit-gate-set", "gate", model);
        HBox bar = new HBox(8, heading, sets, generateLabel, generate, new Spacer(), tokens());
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().add("card-toolbar");
        CardRow row = CardRow.atLeast(330, calibration, gain);
        calibration.setPrefWidth(500);
        gain.setPrefWidth(400);
        calibration.letTitleShrink();
        gain.letTitleShrink();
        root = new VBox(8, bar, sets.status(), TextLine.note("exit-gate-set-facts", model.factsProperty()), row);
    }

    private static FigureCard card(String id, String title, PanelContext context) {
        FigureCard card = new FigureCard(id, title, context, () -> GateFigures.HELP);
        card.setEmptyText(EMPTY);
        card.letTitleShrink(); // two such titles side by side are wider than a small window
        return card;
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
