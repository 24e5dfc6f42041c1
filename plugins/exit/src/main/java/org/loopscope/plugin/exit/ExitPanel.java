package org.loopscope.plugin.exit;

import java.util.ArrayList;
import java.util.List;
import javafx.application.Platform;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.loopscope.plugin.Panel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.ArrowKeys;
import org.loopscope.plugin.card.FigureCard;
import org.loopscope.plugin.card.HeatmapView;
import org.loopscope.plugin.card.HoverPane;
import org.loopscope.plugin.card.SetLabModel;
import org.loopscope.plugin.card.SettingsBar;

/** Lays out the Exit panel. */
final class ExitPanel implements Panel {
    private static final String EMPTY = "No run yet. Type a prompt at the left and press Run.";
    private static final int FLIPS_SHOWN = 12;
    private static final int FIRST_LAB_TAB = 2;

    private final ExitViewModel model;
    private final FigureCard tokenCard;
    private final FigureCard histogramCard;
    private final FigureCard stepsCard;
    private final HeatmapView steps;
    private final HBox flips = new HBox(5);
    private final Label flipHeading = new Label();
    private final Label flipRest = new Label();
    private final List<Button> flipButtons = new ArrayList<>();
    private final CurveTab curve;
    private final LabTabs lab;
    private final TabPane root;

    ExitPanel(PanelContext context) {
        model = new ExitViewModel(context);
        tokenCard = new FigureCard("exit-panel-token", "Exit of a token", context, () -> ExitProvider.HELP);
        histogramCard = new FigureCard(ExitFigures.HISTOGRAM, "Tokens by exit step", context, () -> ExitProvider.HELP);
        stepsCard = new FigureCard(ExitFigures.STEPS, "Exit step of every token", context, () -> ExitProvider.HELP);
        for (FigureCard card : new FigureCard[] {tokenCard, histogramCard, stepsCard}) {
            card.setEmptyText(EMPTY);
        }
        tokenCard.figureProperty().bind(model.tokenProperty());
        tokenCard.setFooter(line("exit-token-facts", model.tokenFactsProperty()));
        histogramCard.figureProperty().bind(model.histogramProperty());
        histogramCard.setFooter(
                new VBox(line("exit-summary", model.summaryProperty()), line("exit-origin", model.originProperty())));
        steps = new HeatmapView(stepsCard, (row, position) -> HoverPane.of(model.info(row, position)));
        steps.figureProperty().bind(model.stepsProperty());
        steps.setOnSelect(model::select);
        ArrowKeys.install(stepsCard.view(), (columns, rows) -> model.move(columns));
        stepsCard.setToolbar(
                new SettingsBar("exit", new ExitLab().settings(), model.valuesProperty(), flipBar()),
                steps.fitControl());
        model.flipsProperty().addListener((o, before, now) -> showFlips(now));
        showFlips(model.flipsProperty().get());
        HBox upper = new HBox(tokenCard, histogramCard);
        upper.getStyleClass().add("panel-row");
        HBox.setHgrow(tokenCard, Priority.ALWAYS);
        HBox.setHgrow(histogramCard, Priority.ALWAYS);
        tokenCard.setPrefWidth(470);
        histogramCard.setPrefWidth(430);
        VBox content = new VBox(upper, stepsCard);
        content.getStyleClass().add("panel-content");
        VBox.setVgrow(upper, Priority.ALWAYS);
        curve = new CurveTab(context, new CurveViewModel(context, context.ownThread("exit-sweep"), Platform::runLater));
        LabViewModel labModel = new LabViewModel(context, Platform::runLater);
        SetLabModel<?, ?, ?> sets =
                new SetLabModel<>(new GateLab(), context, context.ownThread("exit-gate-set"), Platform::runLater);
        lab = new LabTabs(context, labModel, sets);
        root = new TabPane(
                tab("exit-tab-tokens", "Tokens", content),
                tab("exit-tab-curve", "Quality and compute", curve.view()),
                tab("exit-tab-gate", "Gate", lab.gate()),
                tab("exit-tab-weighted", "Weighted exit", lab.weighted()));
        List<Tab> ofGate =
                List.copyOf(root.getTabs().subList(FIRST_LAB_TAB, root.getTabs().size()));
        model.gatedProperty().addListener((o, before, now) -> offer(ofGate, now));
        offer(ofGate, model.gatedProperty().get());
        tokenCard.visibleProperty().bind(model.gatedProperty());
        tokenCard.managedProperty().bind(model.gatedProperty());
        root.setId("exit-tabs");
        root.setTabClosingPolicy(TabPane.TabClosingPolicy.UNAVAILABLE);
        root.getSelectionModel().selectedIndexProperty().addListener((o, before, now) -> {
            if (now.intValue() >= FIRST_LAB_TAB) {
                labModel.look();
            }
        });
    }

    /** The tabs about the gate are there where a gate is. */
    private void offer(List<Tab> ofGate, boolean gated) {
        root.getTabs().removeAll(ofGate);
        if (gated) {
            root.getTabs().addAll(ofGate);
        }
    }

    private static Tab tab(String id, String title, Node content) {
        ScrollPane scroll = new ScrollPane(content);
        scroll.setFitToWidth(true);
        scroll.setFitToHeight(true);
        scroll.getStyleClass().add("panel-scroll");
        Tab tab = new Tab(title, scroll);
        tab.setId(id);
        return tab;
    }

    private static Label line(String id, javafx.beans.value.ObservableValue<String> text) {
        Label label = new Label();
        label.setId(id);
        label.getStyleClass().add("card-label");
        label.setWrapText(true);
        label.textProperty().bind(text);
        return label;
    }

    /** The buttons are made once and relabelled: a drag of the slider changes them at every move. */
    private Node flipBar() {
        flips.setId("exit-flips");
        flips.getStyleClass().add("flip-bar");
        flips.setAlignment(Pos.CENTER_LEFT);
        HBox.setHgrow(flips, Priority.ALWAYS);
        flips.setMinWidth(0);
        flipHeading.textProperty().bind(model.flipHeadingProperty());
        flips.getChildren().add(flipHeading);
        for (int i = 0; i < FLIPS_SHOWN; i++) {
            Button button = new Button();
            button.getStyleClass().setAll("button", "token-button");
            button.setMinWidth(Region.USE_PREF_SIZE);
            flipButtons.add(button);
        }
        flips.getChildren().addAll(flipButtons);
        flips.getChildren().add(flipRest);
        return flips;
    }

    private void showFlips(List<ExitViewModel.Flip> now) {
        for (int i = 0; i < flipButtons.size(); i++) {
            Button button = flipButtons.get(i);
            boolean used = i < now.size();
            button.setVisible(used);
            button.setManaged(used);
            if (used) {
                ExitViewModel.Flip flip = now.get(i);
                button.setText(flip.text());
                button.setAccessibleText("Select token " + (flip.position() + 1) + ", " + flip.text());
                button.setOnAction(e -> model.selectToken(flip.position()));
            }
        }
        int rest = now.size() - flipButtons.size();
        flipRest.setText(rest > 0 ? "and " + rest + " more" : "");
    }

    @Override
    public Node view() {
        return root;
    }

    @Override
    public void dispose() {
        steps.dispose();
        for (FigureCard card : new FigureCard[] {tokenCard, histogramCard, stepsCard}) {
            card.figureProperty().unbind();
            card.dispose();
        }
        curve.dispose();
        lab.dispose();
        model.dispose();
    }
}
