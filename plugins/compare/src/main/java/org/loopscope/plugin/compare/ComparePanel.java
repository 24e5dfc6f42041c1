package org.loopscope.plugin.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.application.Platform;
import javafx.beans.binding.BooleanBinding;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.compare.CompareValue;
import org.loopscope.analysis.compare.Comparison;
import org.loopscope.analysis.compare.LoopMatch;
import org.loopscope.analysis.compare.TokenMatch;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.plugin.Panel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.FigureCard;
import org.loopscope.plugin.card.HeatmapView;
import org.loopscope.plugin.card.LegendSide;
import org.loopscope.plugin.card.Subscriptions;
import org.loopscope.plugin.comparing.CompareFigures;
import org.loopscope.plugin.comparing.ComparedFigures;

/** Lays out the Compare panel. */
final class ComparePanel implements Panel {
    private static final String EMPTY =
            "Nothing to compare yet.\n\nTick a run in the list of runs at the bottom, in its"
                    + " first column: it is compared with the one that is shown, which is A. Up to four runs stand side by side. The"
                    + " menu Compare does the same from the keyboard.";

    private static final String WAIT = "Comparing …";

    /** How the heatmaps stand. */
    private enum Layout {
        AUTOMATIC("automatic"),
        SIDE_BY_SIDE("side by side"),
        ABOVE("one above the other");

        private final String label;

        Layout(String label) {
            this.label = label;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    private static final double GAP = 10;

    /** Tokens that can be read in half the width. */
    private static final int HALF_WIDTH = 10;

    private final CompareViewModel model;
    private final List<FigureCard> runCards = new ArrayList<>();
    private final List<HeatmapView> runViews = new ArrayList<>();
    private final FigureCard curve;
    private final FigureCard exits;
    private final List<Runnable> legends;
    private final Subscriptions subscriptions = new Subscriptions();
    private final GridPane grid = new GridPane();
    private final ChoiceBox<Layout> layout = choice("compare-layout", "How the runs stand", List.of(Layout.values()));
    private final NumbersView numbers = new NumbersView();
    private final FactsView facts = new FactsView();
    private final PanelFiguresView figures;
    private final StackPane root;
    private boolean filling;

    ComparePanel(PanelContext context) {
        model = new CompareViewModel(context, Platform::runLater);
        for (int run = 0; run < Comparison.MOST; run++) {
            addRun(run, context);
        }
        curve = card(CompareFigures.CURVE, "The value at the selected token", context);
        exits = card(CompareFigures.EXIT_CURVE, "Exit at the selected token", context);
        curve.figureProperty().bind(model.curveProperty());
        exits.figureProperty().bind(model.exitCurveProperty());
        ChoiceBox<CompareValue> exitValue = choice("compare-exit-value", "Exit curve", CompareViewModel.EXITS);
        exitValue.valueProperty().bindBidirectional(model.exitValueProperty());
        exits.setToolbar(new Label("Show"), exitValue);
        legends = List.of(LegendSide.in(curve, context), LegendSide.in(exits, context));
        grid.getStyleClass().add("compare-grid");
        grid.setHgap(GAP);
        grid.setVgap(GAP);
        layout.setValue(Layout.AUTOMATIC);
        layout.valueProperty().addListener(o -> arrange());
        subscriptions.follow(model.heatmapsProperty(), this::show);
        subscriptions.follow(model.cursorProperty(), cell -> runViews.forEach(view -> view.mark(cell)));
        subscriptions.follow(model.numbersProperty(), numbers::show);
        subscriptions.follow(model.factsProperty(), facts::show);
        figures = new PanelFiguresView(context, model::select);
        subscriptions.follow(model.figures().shownProperty(), figures::show);
        root = new StackPane(content(), empty());
    }

    private void addRun(int run, PanelContext context) {
        FigureCard card = card(CompareFigures.id(run), "Run " + Comparison.letter(run), context);
        HeatmapView view = new HeatmapView(card, (row, column) -> Optional.empty());
        view.setOnSelect(model::select);
        view.setOnHover(model::point);
        card.view().addEventHandler(KeyEvent.KEY_PRESSED, this::key);
        card.view().setAccessibleHelp("Arrow keys move the selection in all runs");
        if (run > 0) { // all have the same columns, so they scroll together
            view.scrollProperty().bindBidirectional(runViews.get(0).scrollProperty());
            view.fitProperty().bindBidirectional(runViews.get(0).fitProperty());
        }
        GridPane.setHgrow(card, Priority.ALWAYS);
        runCards.add(card);
        runViews.add(view);
    }

    private static FigureCard card(String id, String title, PanelContext context) {
        FigureCard card = new FigureCard(id, title, context, () -> CompareProvider.HELP);
        card.setEmptyText(WAIT);
        card.letTitleShrink();
        return card;
    }

    private static <T> ChoiceBox<T> choice(String id, String accessible, List<T> items) {
        ChoiceBox<T> box = new ChoiceBox<>();
        box.setId(id);
        box.setAccessibleText(accessible);
        box.getItems().setAll(items);
        return box;
    }

    private Node content() {
        HBox curves = new HBox(curve, exits);
        curves.getStyleClass().add("panel-row");
        for (FigureCard card : new FigureCard[] {curve, exits}) {
            HBox.setHgrow(card, Priority.ALWAYS);
            card.setPrefWidth(450);
            card.setMinHeight(250);
        }
        VBox own = new VBox(line("compare-note", model.noteProperty(), "card-note"), grid, numbers.node(), curves);
        own.setSpacing(GAP);
        VBox others =
                new VBox(line("compare-figure-note", model.figures().noteProperty(), "card-note"), figures.node());
        others.setSpacing(GAP);
        showIf(ownValues(), own);
        showIf(ownValues().not(), others);
        VBox all = new VBox(tools(), own, others, facts.node());
        all.getStyleClass().add("panel-content");
        ScrollPane scroll = new ScrollPane(all);
        scroll.setFitToWidth(true);
        scroll.getStyleClass().add("panel-scroll");
        scroll.visibleProperty().bind(model.comparisonProperty().isNotNull());
        return scroll;
    }

    private Node empty() {
        Label label = new Label(EMPTY);
        label.setId("compare-empty");
        label.setWrapText(true);
        label.setMaxWidth(520);
        label.getStyleClass().add("card-empty");
        label.visibleProperty().bind(model.comparisonProperty().isNull());
        return label;
    }

    private Node tools() {
        ChoiceBox<CompareValue> value = choice("compare-value", "Value", CompareViewModel.VALUES);
        value.valueProperty().bindBidirectional(model.valueProperty());
        value.setPrefWidth(210);
        CheckBox difference = new CheckBox("Difference to A");
        difference.setId("compare-difference");
        difference.setTooltip(new Tooltip("Each run minus run A: purple is less, green (teal in the dark) is more"));
        difference.selectedProperty().bindBidirectional(model.differenceProperty());
        ChoiceBox<TokenMatch> tokens = choice("compare-tokens", "Tokens counted", List.of(TokenMatch.values()));
        tokens.setPrefWidth(190);
        tokens.valueProperty().bindBidirectional(model.tokensProperty());
        ChoiceBox<LoopMatch> loops = choice("compare-loops", "Loops matched", List.of(LoopMatch.values()));
        loops.valueProperty().bindBidirectional(model.loopsProperty());
        ChoiceBox<PanelFiguresViewModel.Choice> source =
                choice("compare-source", "Figures of", model.figures().choices());
        source.valueProperty().bindBidirectional(model.figures().choiceProperty());
        source.setPrefWidth(250);
        Node valuePair = pair("Value", value);
        Node figurePair = pair("Figure", figureChoice());
        Node layoutPair = pair("Runs", layout);
        for (Node own : new Node[] {valuePair, difference, layoutPair}) {
            showIf(ownValues(), own);
        }
        showIf(ownValues().not(), figurePair);
        Node fit = new HBox(runViews.get(0).fitControl());
        Node fitFigures = new HBox(figures.fitControl());
        showIf(ownValues().and(runViews.get(0).fitControl().visibleProperty()), fit);
        showIf(ownValues().not().and(figures.fitControl().visibleProperty()), fitFigures);
        FlowPane bar = new FlowPane(
                pair("Figures of", source),
                valuePair,
                figurePair,
                difference,
                pair("Tokens by index", tokens),
                pair("Loops", loops),
                layoutPair,
                fit,
                fitFigures,
                line("compare-progress", model.progressProperty(), "card-label"),
                line("compare-figure-progress", model.figures().progressProperty(), "card-label"));
        bar.setId("compare-tools");
        bar.getStyleClass().add("card-toolbar");
        bar.setHgap(14);
        bar.setVgap(6);
        return bar;
    }

    private BooleanBinding ownValues() {
        return model.figures().choiceProperty().isEqualTo(PanelFiguresViewModel.Choice.OWN);
    }

    private static void showIf(BooleanBinding shown, Node node) {
        node.visibleProperty().bind(shown);
        node.managedProperty().bind(shown);
    }

    /** The figures of the chosen panel; the list is another one whenever they are made again. */
    private ChoiceBox<ComparedFigures.Entry> figureChoice() {
        ChoiceBox<ComparedFigures.Entry> box = choice("compare-figure", "Figure", List.of());
        box.setPrefWidth(300);
        box.setConverter(new StringConverter<>() {
            @Override
            public String toString(ComparedFigures.@Nullable Entry entry) {
                return entry == null ? "" : entry.title();
            }

            @Override
            public ComparedFigures.@Nullable Entry fromString(String text) {
                return null; // nothing is typed
            }
        });
        subscriptions.follow(model.figures().entriesProperty(), entries -> {
            filling = true; // the box drops its value with its old items
            box.getItems().setAll(entries);
            filling = false;
        });
        subscriptions.follow(model.figures().entryProperty(), box::setValue);
        box.valueProperty().addListener((o, before, now) -> {
            if (!filling && now != null) {
                model.figures().entryProperty().set(now);
            }
        });
        return box;
    }

    private static Node pair(String text, Node control) {
        Label label = new Label(text);
        label.setMinWidth(Region.USE_PREF_SIZE);
        HBox pair = new HBox(6, label, control);
        pair.setAlignment(javafx.geometry.Pos.CENTER_LEFT);
        return pair;
    }

    private static Label line(String id, javafx.beans.value.ObservableStringValue text, String style) {
        Label label = new Label();
        label.setId(id);
        label.getStyleClass().add(style);
        label.setWrapText(true);
        label.setMaxWidth(Double.MAX_VALUE);
        label.setMinHeight(Region.USE_PREF_SIZE);
        label.textProperty().bind(text);
        label.visibleProperty().bind(javafx.beans.binding.Bindings.isNotEmpty(text));
        label.managedProperty().bind(label.visibleProperty());
        return label;
    }

    private void show(List<HeatmapFigure> figures) {
        for (int run = 0; run < runViews.size(); run++) {
            @Nullable HeatmapFigure figure = run < figures.size() ? figures.get(run) : null;
            runViews.get(run).figureProperty().set(figure);
        }
        arrange();
    }

    /** Puts the cards of the runs that there are into one column or two. */
    private void arrange() {
        Comparison now = model.comparisonProperty().get();
        int runs = now == null ? 0 : now.size();
        boolean above = layout.getValue() == Layout.ABOVE
                || layout.getValue() == Layout.AUTOMATIC
                        && now != null
                        && now.alignment().columns() > HALF_WIDTH;
        int columns = above ? 1 : 2;
        boolean right =
                grid.getChildren().size() == runs && grid.getColumnConstraints().size() == columns;
        if (right) {
            return;
        }
        grid.getChildren().clear();
        grid.getColumnConstraints().clear();
        for (int i = 0; i < columns; i++) {
            ColumnConstraints share = new ColumnConstraints();
            share.setPercentWidth(100.0 / columns);
            grid.getColumnConstraints().add(share);
        }
        for (int run = 0; run < runs; run++) {
            grid.add(runCards.get(run), run % columns, run / columns);
        }
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

    @Override
    public Node view() {
        return root;
    }

    @Override
    public void dispose() {
        subscriptions.drop();
        legends.forEach(Runnable::run);
        runViews.forEach(HeatmapView::dispose);
        runCards.forEach(FigureCard::dispose);
        figures.dispose();
        for (FigureCard card : List.of(curve, exits)) {
            card.figureProperty().unbind();
            card.dispose();
        }
        model.dispose();
    }
}
