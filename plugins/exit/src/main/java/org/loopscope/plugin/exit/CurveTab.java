package org.loopscope.plugin.exit;

import java.io.File;
import java.util.List;
import java.util.Objects;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.stage.FileChooser;
import org.jspecify.annotations.Nullable;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.FigureCard;
import org.loopscope.plugin.card.LegendSide;
import org.loopscope.plugin.figure.SweepFigure;

/** Lays out quality and compute. */
final class CurveTab {
    private static final String EMPTY =
            "No sweep yet. Open the CSV of loopscope sweep, or run a prompt set (JSONL or CSV)"
                    + " through the open model.";

    private final CurveViewModel model;
    private final FigureCard card;
    private final Runnable legend;
    private final VBox root = new VBox();
    private final ComboBox<CurveViewModel.View> views = new ComboBox<>();

    CurveTab(PanelContext context, CurveViewModel model) {
        this.model = model;
        this.card =
                new FigureCard(SweepFigure.ID, "Quality and compute of exit rules", context, () -> SweepFigure.HELP);
        card.setEmptyText(EMPTY);
        card.figureProperty().bind(model.figureProperty());
        card.setToolbar(files(), views, gap(), budget());
        card.setFooter(footer());
        legend = LegendSide.in(card, context);
        views.setId("exit-curve-view");
        views.setAccessibleText("Tokens, quality and prompts that are counted");
        views.setMinWidth(60);
        views.visibleProperty().bind(views.valueProperty().isNotNull()); // an empty box asks for nothing
        views.valueProperty().bindBidirectional(model.viewProperty());
        model.viewsProperty().addListener((o, before, now) -> views.getItems().setAll(now));
        root.getStyleClass().add("panel-content");
        root.getChildren().add(card);
        VBox.setVgrow(card, Priority.ALWAYS);
    }

    private static Region gap() {
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        return gap;
    }

    private Node files() {
        Button open = button("exit-curve-open", "Open sweep…", "Show the CSV that loopscope sweep has written");
        open.setOnAction(e -> openSweep());
        open.disableProperty().bind(model.runningProperty());
        Button run = button("exit-curve-run", "Run set…", "Run a prompt set through the open model");
        run.setOnAction(e -> runSet());
        run.disableProperty().bind(model.cannotRunBinding());
        Button cancel = button("exit-curve-cancel", "Cancel", "Stop the sweep; what is done is kept");
        cancel.setOnAction(e -> model.cancel());
        cancel.disableProperty().bind(model.runningProperty().not());
        HBox box = new HBox(6, open, run, cancel);
        box.setMinWidth(Region.USE_PREF_SIZE);
        return box;
    }

    private static Button button(String id, String text, String tip) {
        Button button = new Button(text);
        button.setId(id);
        button.setTooltip(new Tooltip(tip));
        return button;
    }

    private Node budget() {
        Slider slider = new Slider(0.1, 1, model.budgetProperty().get());
        slider.setId("exit-curve-budget");
        slider.setAccessibleText("Budget: mean loops as a share of T");
        slider.setPrefWidth(110);
        slider.setMinWidth(60);
        slider.valueProperty().bindBidirectional(model.budgetProperty());
        Label name = new Label("budget");
        name.setLabelFor(slider);
        name.setMinWidth(Region.USE_PREF_SIZE);
        HBox box = new HBox(6, name, slider);
        box.visibleProperty().bind(card.figureProperty().isNotNull());
        box.setAlignment(Pos.CENTER_LEFT);
        box.setMinWidth(Region.USE_PREF_SIZE);
        return box;
    }

    private Node footer() {
        Label status = label("exit-curve-status", model.statusProperty());
        Label best = label("exit-curve-best", model.bestProperty());
        HBox.setHgrow(best, Priority.ALWAYS);
        Button use = button("exit-curve-use", "Use it", "Set the shared rule to this threshold");
        use.setMinWidth(Region.USE_PREF_SIZE);
        use.setOnAction(e -> model.useBest());
        use.visibleProperty().bind(card.figureProperty().isNotNull());
        HBox line = new HBox(8, best, use);
        line.setAlignment(Pos.CENTER_LEFT);
        return new VBox(4, status, line);
    }

    private static Label label(String id, javafx.beans.value.ObservableValue<String> text) {
        Label label = new Label();
        label.setId(id);
        label.getStyleClass().add("card-label");
        label.setWrapText(true);
        label.setMaxWidth(Double.MAX_VALUE);
        label.textProperty().bind(text);
        return label;
    }

    private void openSweep() {
        File file = chooser("Open a sweep", List.of("*.csv"))
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
        rows.setInitialFileName(set.getName().replaceFirst("\\.[^.]*$", "") + "-sweep.csv");
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

    Node view() {
        return root;
    }

    void dispose() {
        legend.run();
        card.figureProperty().unbind();
        card.dispose();
        model.dispose();
    }
}
