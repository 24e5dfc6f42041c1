package org.loopscope.plugin.kv;

import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.CardRow;
import org.loopscope.plugin.card.FigureCard;
import org.loopscope.plugin.card.NumberSpinner;
import org.loopscope.plugin.card.SetBar;
import org.loopscope.plugin.figure.KvFigures;

/** Lays out the KV policies over a set of prompts, below those of the run that is shown. */
final class KvSetView {
    private static final String EMPTY =
            "No set yet. Open the CSV of loopscope kv --set, or run a prompt set through the open model.";
    private static final String NO_ANSWERS =
            "No answers yet. Open or run a set whose prompts have answers that the generated text is long enough for.";

    private final KvSetViewModel model;
    private final List<FigureCard> cards;
    private final VBox root;

    KvSetView(PanelContext context, KvSetViewModel model) {
        this.model = model;
        FigureCard accuracy = card("kv-set-accuracy", "Right answers by KV policy", NO_ANSWERS, context);
        FigureCard agreement = card("kv-set-agreement", "Agreement with the full cache, over a set", EMPTY, context);
        FigureCard divergence = card("kv-set-divergence", "Distance from the full cache, over a set", EMPTY, context);
        FigureCard places = card("kv-set-places", "Distance by place in the text, over a set", EMPTY, context);
        cards = List.of(accuracy, agreement, divergence, places);
        accuracy.figureProperty().bind(model.accuracyProperty());
        agreement.figureProperty().bind(model.agreementProperty());
        divergence.figureProperty().bind(model.divergenceProperty());
        places.figureProperty().bind(model.placesProperty());
        Label heading = new Label("Over a set of prompts");
        heading.getStyleClass().add("figure-card-title");
        SetBar sets = new SetBar("kv-set", "kv", model);
        Label tokens = new Label("tokens");
        NumberSpinner generate = new NumberSpinner(
                "kv-set-generate", "Tokens to generate", 1, KvPanel.MOST_TOKENS, 8, model.generateProperty());
        tokens.setLabelFor(generate);
        CheckBox whole = KvPanel.wholePrompt("kv-set-whole-prompt", model.wholePromptProperty());
        HBox bar = new HBox(8, heading, sets, tokens, generate, whole);
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().add("card-toolbar");
        root = new VBox(
                8,
                bar,
                sets.status(),
                CardRow.atLeast(KvPanel.HEIGHT, accuracy, agreement),
                CardRow.atLeast(KvPanel.HEIGHT, divergence, places));
    }

    private static FigureCard card(String id, String title, String empty, PanelContext context) {
        FigureCard card = new FigureCard(id, title, context, () -> KvFigures.HELP);
        card.setEmptyText(empty);
        return card;
    }

    Node view() {
        return root;
    }

    void dispose() {
        for (FigureCard card : cards) {
            card.figureProperty().unbind();
            card.dispose();
        }
        model.dispose();
    }
}
