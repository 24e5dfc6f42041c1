package org.loopscope.app.shell;

import java.nio.file.Path;
import java.util.Optional;
import javafx.geometry.Insets;
import javafx.scene.control.Button;
import javafx.scene.control.CustomMenuItem;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.Spinner;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Region;
import javafx.stage.FileChooser;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.analysis.sweep.ExitRecipe;
import org.loopscope.app.workbench.Workbench;
import org.loopscope.figure.RuleText;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.exit.ComposedRule;
import org.loopscope.model.exit.ExitRule;

/** What a rule can be besides its kind and number: held back, asked to hold for several loops, or made of several, as typed. */
final class RuleMenu {
    private final Workbench workbench;
    private final MenuButton root = new MenuButton("⋯");
    private final Spinner<Integer> minSteps = new Spinner<>(1, ComposedRule.MOST, 1);
    private final Spinner<Integer> patience = new Spinner<>(1, ComposedRule.MOST, 1);
    private final TextField text = new TextField();
    private final Label problem = new Label();
    private boolean updating;

    RuleMenu(Workbench workbench) {
        this.workbench = workbench;
        root.setId("rule-menu");
        root.setAccessibleText("More of the exit rule");
        root.setMinWidth(Region.USE_PREF_SIZE);
        CustomMenuItem item = new CustomMenuItem(content(), false);
        item.getStyleClass().add("ls-plain-item");
        root.getItems().add(item);
        workbench.exitRuleProperty().addListener((o, before, now) -> show(now));
        show(workbench.exitRuleProperty().get());
    }

    MenuButton node() {
        return root;
    }

    private GridPane content() {
        GridPane grid = new GridPane();
        grid.setHgap(10);
        grid.setVgap(8);
        grid.setPadding(new Insets(6));
        grid.addRow(0, new Label("Not before loop"), spinner(minSteps, "rule-min-steps"));
        grid.addRow(1, new Label("Loops in a row"), spinner(patience, "rule-patience"));
        text.setId("rule-text");
        text.setPrefColumnCount(26);
        text.setTooltip(
                new Tooltip("Such as entropy:0.5+patience=2, all(q:0.8,kl:0.01), any(RULE,RULE); Enter applies it"));
        text.setOnAction(e -> typed());
        grid.addRow(2, new Label("As text"), text);
        Button recipe = new Button("Open recipe…");
        recipe.setId("rule-recipe");
        recipe.setTooltip(
                new Tooltip("Use the rule of an exit recipe, as the Exit panel and loopscope sweep write it"));
        recipe.setOnAction(e -> chooseRecipe());
        grid.add(recipe, 1, 4);
        problem.setId("rule-problem");
        problem.setWrapText(true);
        problem.setMaxWidth(360);
        problem.getStyleClass().add("ls-problem");
        problem.managedProperty().bind(problem.textProperty().isNotEmpty());
        grid.add(problem, 0, 3, 2, 1);
        return grid;
    }

    private Spinner<Integer> spinner(Spinner<Integer> spinner, String id) {
        spinner.setId(id);
        spinner.setPrefWidth(90);
        spinner.valueProperty().addListener((o, before, now) -> modified());
        return spinner;
    }

    private void modified() {
        if (!updating) {
            ExitRule now = workbench.exitRuleProperty().get();
            workbench.exitRuleProperty().set(ComposedRule.held(now, minSteps.getValue(), patience.getValue()));
        }
    }

    private void typed() {
        try {
            apply(ExitRule.parse(text.getText()));
        } catch (LoopscopeException e) {
            problem.setText(e.getMessage());
        }
    }

    private void chooseRecipe() {
        FileChooser chooser = new FileChooser();
        chooser.setTitle("Open an exit recipe");
        chooser.getExtensionFilters().add(new FileChooser.ExtensionFilter("Exit recipe (*.json)", "*.json"));
        Optional.ofNullable(chooser.showOpenDialog(root.getScene().getWindow()))
                .ifPresent(file -> openRecipe(file.toPath()));
    }

    /** Uses the rule of a recipe, and says what it promises and where this model is another than the one it was measured with. */
    void openRecipe(Path file) {
        try {
            ExitRecipe recipe = ExitRecipe.read(file);
            if (apply(recipe.rule())) {
                Inspection shown = workbench.inspectionProperty().get();
                LoopedModel open = workbench.modelProperty().get();
                Optional<ModelInfo> now = Optional.ofNullable(shown)
                        .map(inspection -> inspection.capture().model())
                        .or(() -> Optional.ofNullable(open).map(LoopedModel::info));
                problem.setText(
                        now.map(model -> String.join(" ", recipe.on(model))).orElse(""));
            }
        } catch (LoopscopeException e) {
            problem.setText(e.getMessage());
        }
    }

    private boolean apply(ExitRule rule) {
        if (rule.needsGate() && !workbench.hasGate()) {
            problem.setText("This model has no exit gate for " + rule.spec() + " to read.");
            return false;
        }
        workbench.exitRuleProperty().set(rule);
        show(rule);
        return true;
    }

    private void show(ExitRule rule) {
        updating = true;
        minSteps.getValueFactory().setValue(ComposedRule.minSteps(rule));
        patience.getValueFactory().setValue(ComposedRule.patience(rule));
        text.setText(rule.spec());
        problem.setText("");
        boolean composed = rule instanceof ComposedRule;
        root.setText(composed ? "⋯ " + shortly(rule) : "⋯");
        root.setTooltip(new Tooltip(composed ? RuleText.of(rule) : "Modifiers and combinations of the exit rule"));
        updating = false;
    }

    /** What the chooser and the slider do not say. */
    private static String shortly(ExitRule rule) {
        if (rule instanceof ComposedRule.Combined combined) {
            return (combined.all() ? "all of " : "any of ") + combined.rules().size();
        }
        ComposedRule.Held held = (ComposedRule.Held) rule;
        String inner = held.rule() instanceof ComposedRule ? shortly(held.rule()) + " " : "";
        return (inner
                        + (held.patience() > 1 ? "×" + held.patience() + " " : "")
                        + (held.minSteps() > 1 ? "≥" + held.minSteps() : ""))
                .strip();
    }
}
