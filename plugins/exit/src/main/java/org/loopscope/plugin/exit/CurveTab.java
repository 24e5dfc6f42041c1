package org.loopscope.plugin.exit;

import java.util.List;
import java.util.Optional;
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
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.FigureCard;
import org.loopscope.plugin.card.LegendSide;
import org.loopscope.plugin.card.SetLabBar;
import org.loopscope.plugin.card.SettingControl;
import org.loopscope.plugin.card.Spacer;
import org.loopscope.plugin.card.TextLine;

/** Lays out quality and compute. */
final class CurveTab {
    private static final String EMPTY =
            "No sweep yet. Open the CSV of loopscope sweep, or run a prompt set through the open model.";

    private final CurveViewModel model;
    private final SetLabBar sets;
    private final FigureCard card;
    private final Runnable legend;
    private final VBox root = new VBox();
    private final ComboBox<CurveViewModel.View> views = new ComboBox<>();

    CurveTab(PanelContext context, CurveViewModel model) {
        this.model = model;
        this.card = new FigureCard(SweepFigure.ID, "Quality and compute of exit rules", context, new SweepLab()::help);
        card.setEmptyText(EMPTY);
        card.figureProperty().bind(model.figureProperty());
        sets = new SetLabBar("exit-curve", model.sets());
        HBox.setHgrow(sets, Priority.ALWAYS);
        Node cost = sets.shown(
                List.of(SweepLab.BUDGET, SweepLab.BY_GROUP, SweepLab.RECIPE_RULE)); // these have other controls
        card.setToolbar(sets, new Spacer(), views, budget(), cost);
        card.setFooter(footer());
        legend = LegendSide.in(card, context);
        views.setId("exit-curve-view");
        views.setAccessibleText("Tokens, quality and prompts that are counted");
        SettingControl.marks(views, SweepLab.BY_GROUP);
        views.setMinWidth(60);
        views.visibleProperty().bind(views.valueProperty().isNotNull()); // an empty box asks for nothing
        views.valueProperty().bindBidirectional(model.viewProperty());
        model.viewsProperty().addListener((o, before, now) -> views.getItems().setAll(now));
        root.getStyleClass().add("panel-content");
        root.getChildren().add(card);
        VBox.setVgrow(card, Priority.ALWAYS);
    }

    private Node budget() {
        Slider slider = new Slider(0.1, 1, model.budgetProperty().get());
        slider.setId("exit-curve-budget");
        slider.setAccessibleText("Budget: mean loops as a share of T");
        SettingControl.marks(slider, SweepLab.BUDGET);
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
        TextLine best = TextLine.small("exit-curve-best", model.bestProperty());
        HBox.setHgrow(best, Priority.ALWAYS);
        Button use = new Button("Use it");
        use.setId("exit-curve-use");
        use.setTooltip(new Tooltip("Set the shared rule to this threshold"));
        use.setMinWidth(Region.USE_PREF_SIZE);
        use.setOnAction(e -> model.useBest());
        use.visibleProperty().bind(card.figureProperty().isNotNull());
        Button save = new Button("Save recipe…");
        save.setId("exit-curve-recipe");
        save.setTooltip(new Tooltip(
                "Write the rule in use, with what it reaches on this set, as a file that other runs can use"));
        save.setMinWidth(Region.USE_PREF_SIZE);
        SettingControl.marks(save, SweepLab.RECIPE_RULE);
        save.setOnAction(e -> saveRecipe());
        save.visibleProperty().bind(card.figureProperty().isNotNull());
        HBox line = new HBox(8, best, use, save);
        line.setAlignment(Pos.CENTER_LEFT);
        return line;
    }

    private void saveRecipe() {
        FileChooser chooser = new FileChooser();
        chooser.setTitle("Save the exit recipe");
        chooser.getExtensionFilters().add(new FileChooser.ExtensionFilter("Exit recipe (*.json)", "*.json"));
        chooser.setInitialFileName("exit-recipe.json");
        Optional.ofNullable(chooser.showSaveDialog(root.getScene().getWindow()))
                .ifPresent(file -> model.saveRecipe(file.toPath()));
    }

    Node view() {
        return root;
    }

    void dispose() {
        legend.run();
        sets.dispose();
        card.figureProperty().unbind();
        card.dispose();
        model.dispose();
    }
}
