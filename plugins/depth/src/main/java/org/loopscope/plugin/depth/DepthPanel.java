package org.loopscope.plugin.depth;

import java.io.File;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javafx.application.Platform;
import javafx.beans.property.ObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Spinner;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.stage.FileChooser;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.RunOptions;
import org.loopscope.plugin.Panel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.FigureCard;
import org.loopscope.plugin.figure.DepthFigures;
import org.loopscope.plugin.figure.DepthFigures.Curves;

/** Lays out the Depth panel. */
final class DepthPanel implements Panel {
    private static final String EMPTY = "No run yet. Type a prompt at the left and press Run, or open a set.";
    private static final int MOST_BLOCK = 64;

    private final DepthViewModel model;
    private final List<FigureCard> cards = new ArrayList<>();
    private final ScrollPane root;

    DepthPanel(PanelContext context) {
        model = new DepthViewModel(context, context.ownThread("depth set"), Platform::runLater);
        Map<Curves, FigureCard> curves = new EnumMap<>(Curves.class);
        for (Curves which : Curves.values()) {
            FigureCard card = card(which.id(), which.title(), context);
            card.figureProperty().bind(model.curveProperty(which));
            curves.put(which, card);
        }
        FigureCard draft = card(DepthFigures.DRAFT, "Early steps as drafts", context);
        draft.figureProperty().bind(model.draftProperty());
        draft.setToolbar(draftTools());
        draft.setFooter(label("depth-draft-text", model.draftTextProperty()));
        FigureCard token = card(RunFigures.TOKEN, "One token by depth", context);
        token.figureProperty().bind(model.tokenProperty());
        VBox content = new VBox(
                bar(),
                label("depth-status", model.statusProperty()),
                row(of(curves, Curves.QUALITY), of(curves, Curves.ENTROPY)),
                row(of(curves, Curves.PROBABILITY), of(curves, Curves.COST)),
                row(of(curves, Curves.GATE), token),
                row(of(curves, Curves.DRAFTS), draft));
        content.getStyleClass().add("panel-content");
        root = new ScrollPane(content);
        root.setFitToWidth(true);
        root.getStyleClass().add("panel-scroll");
    }

    private static FigureCard of(Map<Curves, FigureCard> cards, Curves which) {
        return Objects.requireNonNull(cards.get(which));
    }

    private FigureCard card(String id, String title, PanelContext context) {
        FigureCard card = new FigureCard(id, title, context, () -> DepthProvider.HELP);
        card.setEmptyText(EMPTY);
        cards.add(card);
        return card;
    }

    private static HBox row(FigureCard... shown) {
        HBox row = new HBox(shown);
        row.getStyleClass().add("panel-row");
        for (FigureCard card : shown) {
            HBox.setHgrow(card, Priority.ALWAYS);
            card.setPrefWidth(450);
        }
        return row;
    }

    private Node bar() {
        ComboBox<DepthViewModel.View> views = new ComboBox<>();
        views.setId("depth-view");
        views.setAccessibleText("What the curves are of");
        views.setMinWidth(60);
        views.disableProperty().bind(views.valueProperty().isNull());
        views.getItems().setAll(model.viewsProperty().get());
        views.valueProperty().bindBidirectional(model.viewProperty());
        model.viewsProperty().addListener((o, before, now) -> views.getItems().setAll(now));
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        Button open = button("depth-open", "Open…", "Show the rows that loopscope depth --set has written");
        open.setOnAction(e -> openRows());
        open.disableProperty().bind(model.runningProperty());
        Button run = button("depth-run", "Run set…", "Run a prompt set through the open model, T loops each");
        run.setOnAction(e -> runSet());
        run.disableProperty().bind(model.cannotRunBinding());
        Button cancel = button("depth-cancel", "Cancel", "Stop the set; what is done is kept");
        cancel.setOnAction(e -> model.cancel());
        cancel.disableProperty().bind(model.runningProperty().not());
        HBox bar = new HBox(
                8,
                new Label("Curves of"),
                views,
                gap,
                open,
                run,
                label("T"),
                spinner("depth-steps", "Loops of the set's runs", RunOptions.MAX_STEPS, model.stepsProperty()),
                cancel);
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().add("card-toolbar");
        return bar;
    }

    private static Label label(String text) {
        Label label = new Label(text);
        label.setMinWidth(Region.USE_PREF_SIZE);
        return label;
    }

    private static Spinner<Integer> spinner(String id, String name, int most, ObjectProperty<Integer> value) {
        Spinner<Integer> spinner = new Spinner<>(1, most, value.get());
        spinner.setId(id);
        spinner.setAccessibleText(name);
        spinner.setEditable(true);
        spinner.setPrefWidth(80);
        spinner.setMinWidth(70);
        spinner.valueProperty().addListener((o, before, now) -> value.set(now));
        return spinner;
    }

    private Node[] draftTools() {
        return new Node[] {
            label("Tokens drafted before they are verified (k)"),
            spinner("depth-block", "Tokens drafted before they are verified", MOST_BLOCK, model.blockProperty())
        };
    }

    private static Label label(String id, ObservableValue<String> text) {
        Label label = new Label();
        label.setId(id);
        label.getStyleClass().add("card-label");
        label.setWrapText(true);
        label.setMaxWidth(Double.MAX_VALUE);
        label.setMinHeight(Region.USE_PREF_SIZE);
        label.textProperty().bind(text);
        label.visibleProperty().bind(label.textProperty().isNotEmpty());
        label.managedProperty().bind(label.visibleProperty());
        return label;
    }

    private static Button button(String id, String text, String tip) {
        Button button = new Button(text);
        button.setId(id);
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setTooltip(new Tooltip(tip));
        return button;
    }

    private void openRows() {
        File file = chooser("Open the rows of a set", List.of("*.csv"))
                .showOpenDialog(root.getScene().getWindow());
        if (file != null) {
            model.open(file.toPath());
        }
    }

    private void runSet() {
        File set = chooser("Prompt set", List.of("*.jsonl", "*.csv"))
                .showOpenDialog(root.getScene().getWindow());
        if (set == null) {
            return;
        }
        FileChooser rows = chooser("Where its rows go", List.of("*.csv"));
        rows.setInitialDirectory(set.getParentFile());
        rows.setInitialFileName(set.getName().replaceFirst("\\.[^.]*$", "") + "-depth.csv");
        @Nullable File out = rows.showSaveDialog(root.getScene().getWindow());
        if (out != null) {
            model.run(set.toPath(), Objects.requireNonNull(out).toPath());
        }
    }

    private static FileChooser chooser(String title, List<String> endings) {
        FileChooser chooser = new FileChooser();
        chooser.setTitle(title);
        chooser.getExtensionFilters().add(new FileChooser.ExtensionFilter(title, endings));
        return chooser;
    }

    @Override
    public Node view() {
        return root;
    }

    @Override
    public void dispose() {
        for (FigureCard card : cards) {
            card.figureProperty().unbind();
            card.dispose();
        }
        model.dispose();
    }
}
