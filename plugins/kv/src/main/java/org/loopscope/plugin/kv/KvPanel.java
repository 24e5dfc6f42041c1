package org.loopscope.plugin.kv;

import java.util.List;
import javafx.application.Platform;
import javafx.beans.binding.Bindings;
import javafx.beans.property.BooleanProperty;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.loopscope.plugin.Panel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.CardRow;
import org.loopscope.plugin.card.FigureCard;
import org.loopscope.plugin.card.HeatmapView;
import org.loopscope.plugin.card.HoverPane;
import org.loopscope.plugin.card.NumberSpinner;
import org.loopscope.plugin.card.SetLabModel;
import org.loopscope.plugin.card.SetLabView;
import org.loopscope.plugin.card.Spacer;
import org.loopscope.plugin.card.TextLine;
import org.loopscope.plugin.card.WorkButton;

/** Lays out the KV policies panel. */
final class KvPanel implements Panel {
    private static final String EMPTY = "Press Compare: the text is decoded under every policy, with the open model.";
    static final int MOST_TOKENS = 4096;

    /** Of the cards that hold a chart. */
    static final double HEIGHT = 330;

    private final KvViewModel model;
    private final List<FigureCard> cards;
    private final HeatmapView tokens;
    private final SetLabView sets;
    private final ScrollPane root;

    KvPanel(PanelContext context) {
        model = new KvViewModel(context, context.ownThread("kv lab"), Platform::runLater);
        FigureCard agreement = card(KvFigures.AGREEMENT, "Agreement with the full cache", EMPTY, context);
        FigureCard divergence = card(KvFigures.DIVERGENCE, "Distance from the full cache", EMPTY, context);
        FigureCard tokenCard = card(KvFigures.TOKENS, "Token by token", EMPTY, context);
        FigureCard places = card(KvFigures.PLACES, "Distance by place in the text", EMPTY, context);
        FigureCard memory = card(
                KvFigures.MEMORY,
                "Memory of the KV cache",
                "No run yet. Type a prompt at the left and press Run.",
                context);
        cards = List.of(agreement, divergence, tokenCard, places, memory);
        agreement.figureProperty().bind(model.agreementProperty());
        divergence.figureProperty().bind(model.divergenceProperty());
        places.figureProperty().bind(model.placesProperty());
        memory.figureProperty().bind(model.memoryProperty());
        tokens = new HeatmapView(tokenCard, (row, column) -> HoverPane.of(model.info(row, column)));
        tokens.figureProperty().bind(model.tokensProperty());
        tokenCard.setToolbar(new Spacer(), tokens.fitControl());
        tokenCard.setFooter(ownTexts());
        tokenCard.setMinHeight(250);
        HBox bar = new HBox(controls());
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().add("card-toolbar");
        sets = new SetLabView(
                "kv-set",
                "Over a set of prompts",
                "No set yet. Open the CSV of loopscope kv --set, or run a prompt set through the open model.",
                context,
                new SetLabModel<>(new KvLab(), context, context.ownThread("kv set"), Platform::runLater),
                List.of(KvLab.ACCURACY, KvLab.AGREEMENT, KvLab.DIVERGENCE, KvLab.PLACES));
        VBox content = new VBox(
                bar,
                TextLine.small("kv-status", model.work().statusProperty()),
                CardRow.atLeast(HEIGHT, agreement, memory),
                tokenCard,
                CardRow.atLeast(HEIGHT, divergence, places),
                sets.view());
        content.getStyleClass().add("panel-content");
        root = new ScrollPane(content);
        root.setFitToWidth(true);
        root.getStyleClass().add("panel-scroll");
    }

    private static FigureCard card(String id, String title, String empty, PanelContext context) {
        FigureCard card = new FigureCard(id, title, context, new KvLab()::help);
        card.setEmptyText(empty);
        return card;
    }

    private Node[] controls() {
        ChoiceBox<KvViewModel.Text> text = new ChoiceBox<>();
        text.setId("kv-text");
        text.setAccessibleText("Text that is decoded under each policy");
        text.getItems().setAll(KvViewModel.Text.values());
        text.valueProperty().bindBidirectional(model.textProperty());
        text.disableProperty().bind(model.shownTextThereProperty().not());
        NumberSpinner generate =
                new NumberSpinner("kv-generate", "Tokens to generate", 1, MOST_TOKENS, 8, model.generateProperty());
        generate.disableProperty()
                .bind(Bindings.equal(model.textProperty(), KvViewModel.Text.SHOWN)
                        .and(model.shownTextThereProperty()));
        CheckBox whole = wholePrompt("kv-whole-prompt", model.wholePromptProperty());
        Button run = WorkButton.start("kv-run", "Compare", model.work(), model::run);
        Button stop = WorkButton.cancel("kv-cancel", model.work(), "Stop; nothing is shown");
        return new Node[] {new Label("Text"), text, new Label("tokens"), generate, whole, run, stop};
    }

    static CheckBox wholePrompt(String id, BooleanProperty value) {
        CheckBox whole = new CheckBox("read the whole prompt at once");
        whole.setId(id);
        whole.setTooltip(new Tooltip(
                "Off: only the first token is read with the full cache, the rest of the prompt is decoded under each"
                        + " policy too"));
        whole.selectedProperty().bindBidirectional(value);
        return whole;
    }

    private Label ownTexts() {
        TextLine label = TextLine.small("kv-own-texts", model.ownTextsProperty());
        label.getStyleClass().add("kv-own-texts");
        label.setStyle("-fx-font-family: 'JetBrains Mono';");
        return label;
    }

    @Override
    public Node view() {
        return root;
    }

    @Override
    public void dispose() {
        tokens.dispose();
        sets.dispose();
        for (FigureCard card : cards) {
            card.figureProperty().unbind();
            card.dispose();
        }
        model.dispose();
    }
}
