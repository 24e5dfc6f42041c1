package org.loopscope.plugin.kv;

import java.util.List;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.VBox;
import org.loopscope.plugin.Panel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.CardRow;
import org.loopscope.plugin.card.FigureCard;
import org.loopscope.plugin.card.HeatmapView;
import org.loopscope.plugin.card.HoverPane;
import org.loopscope.plugin.card.SetLabModel;
import org.loopscope.plugin.card.SetLabView;
import org.loopscope.plugin.card.SettingsBar;
import org.loopscope.plugin.card.Spacer;
import org.loopscope.plugin.card.TextLine;
import org.loopscope.plugin.card.WorkButton;

/** Lays out the KV policies panel. */
final class KvPanel implements Panel {
    private static final String EMPTY = "Press Compare: the text is decoded under every policy, with the open model.";

    /** Of the cards that hold a chart. */
    static final double HEIGHT = 330;

    private final KvViewModel model;
    private final List<FigureCard> cards;
    private final HeatmapView tokens;
    private final SetLabView sets;
    private final ScrollPane root;

    KvPanel(PanelContext context) {
        SetLabModel<?, ?, ?> ofSets =
                new SetLabModel<>(new KvLab(), context, context.ownThread("kv set"), Platform::runLater);
        model = new KvViewModel(context, ofSets.valuesProperty(), context.ownThread("kv lab"), Platform::runLater);
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
        SettingsBar bar = new SettingsBar("kv", new KvLab().settings(), ofSets.valuesProperty(), controls())
                .usual(KvLab.STEPS, "T of the run");
        bar.getStyleClass().add("card-toolbar");
        sets = new SetLabView(
                "kv-set",
                "Over a set of prompts",
                "No set yet. Open the CSV of loopscope kv --set, or run a prompt set through the open model.",
                context,
                ofSets,
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
        Button run = WorkButton.start("kv-run", "Compare", model.work(), model::run);
        Button stop = WorkButton.cancel("kv-cancel", model.work(), "Stop; nothing is shown");
        return new Node[] {new Label("Text"), text, run, stop};
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
