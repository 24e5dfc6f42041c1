package org.loopscope.plugin.kv;

import java.util.List;
import java.util.Optional;
import javafx.application.Platform;
import javafx.beans.binding.Bindings;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Spinner;
import javafx.scene.control.Tooltip;
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
import org.loopscope.plugin.figure.KvFigures;

/** Lays out the KV policies panel. */
final class KvPanel implements Panel {
    private static final String EMPTY = "Press Compare: the text is decoded under every policy, with the open model.";
    private static final int MOST_TOKENS = 4096;

    private final KvViewModel model;
    private final List<FigureCard> cards;
    private final HeatmapView tokens;
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
        tokens = new HeatmapView(tokenCard, (row, column) -> hover(model.info(row, column)));
        tokens.figureProperty().bind(model.tokensProperty());
        tokenCard.setToolbar(gap(), tokens.fitControl());
        tokenCard.setFooter(ownTexts());
        tokenCard.setMinHeight(250);
        HBox bar = new HBox(controls());
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().add("card-toolbar");
        VBox content = new VBox(bar, status(), row(agreement, memory), tokenCard, row(divergence, places));
        content.getStyleClass().add("panel-content");
        root = new ScrollPane(content);
        root.setFitToWidth(true);
        root.getStyleClass().add("panel-scroll");
    }

    private static FigureCard card(String id, String title, String empty, PanelContext context) {
        FigureCard card = new FigureCard(id, title, context, () -> KvFigures.HELP);
        card.setEmptyText(empty);
        return card;
    }

    private static HBox row(FigureCard left, FigureCard right) {
        HBox row = new HBox(left, right);
        row.getStyleClass().add("panel-row");
        for (FigureCard card : new FigureCard[] {left, right}) {
            HBox.setHgrow(card, Priority.ALWAYS);
            card.setPrefWidth(450);
            card.setMinHeight(330);
        }
        return row;
    }

    private static Region gap() {
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        return gap;
    }

    private Node[] controls() {
        ChoiceBox<KvViewModel.Text> text = new ChoiceBox<>();
        text.setId("kv-text");
        text.setAccessibleText("Text that is decoded under each policy");
        text.getItems().setAll(KvViewModel.Text.values());
        text.valueProperty().bindBidirectional(model.textProperty());
        text.disableProperty().bind(model.shownTextThereProperty().not());
        Spinner<Integer> generate =
                new Spinner<>(1, MOST_TOKENS, model.generateProperty().get(), 8);
        generate.setId("kv-generate");
        generate.setEditable(true);
        generate.setPrefWidth(90);
        generate.setAccessibleText("Tokens to generate");
        generate.valueProperty()
                .addListener((o, before, now) -> model.generateProperty().set(now));
        generate.disableProperty()
                .bind(Bindings.equal(model.textProperty(), KvViewModel.Text.SHOWN)
                        .and(model.shownTextThereProperty()));
        CheckBox whole = new CheckBox("read the whole prompt at once");
        whole.setId("kv-whole-prompt");
        whole.setTooltip(new Tooltip(
                "Off: only the first token is read with the full cache, the rest of the prompt is decoded under each"
                        + " policy too"));
        whole.selectedProperty().bindBidirectional(model.wholePromptProperty());
        Button run = button("kv-run", "Compare", model::run, false);
        Button stop = button("kv-cancel", "Cancel", model.work()::cancel, true);
        return new Node[] {new Label("Text"), text, new Label("tokens"), generate, whole, run, stop};
    }

    private Button button(String id, String title, Runnable action, boolean whileRunning) {
        Button button = new Button(title);
        button.setId(id);
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setOnAction(e -> action.run());
        button.disableProperty()
                .bind(
                        whileRunning
                                ? model.work().runningProperty().not()
                                : model.work().runningProperty());
        return button;
    }

    private Label status() {
        Label label = new Label();
        label.setId("kv-status");
        label.getStyleClass().add("card-label");
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        label.textProperty().bind(model.work().statusProperty());
        label.visibleProperty().bind(model.work().statusProperty().isNotEmpty());
        label.managedProperty().bind(label.visibleProperty());
        return label;
    }

    private Label ownTexts() {
        Label label = new Label();
        label.setId("kv-own-texts");
        label.getStyleClass().addAll("card-label", "kv-own-texts");
        label.setStyle("-fx-font-family: 'JetBrains Mono';");
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        label.textProperty().bind(model.ownTextsProperty());
        label.visibleProperty().bind(model.ownTextsProperty().isNotEmpty());
        label.managedProperty().bind(label.visibleProperty());
        return label;
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
        tokens.dispose();
        for (FigureCard card : cards) {
            card.figureProperty().unbind();
            card.dispose();
        }
        model.dispose();
    }
}
