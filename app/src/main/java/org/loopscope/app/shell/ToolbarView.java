package org.loopscope.app.shell;

import java.util.List;
import java.util.Locale;
import javafx.beans.binding.Bindings;
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
import javafx.util.StringConverter;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.exit.ExitSummary;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.app.workbench.Workbench;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.exit.RuleKind;

/** Run and cancel, and the exit rule that every panel shares, with what it saves on this run. */
final class ToolbarView {
    private final Workbench workbench;
    private final HBox root = new HBox();
    private final ComboBox<RuleKind> rule = new ComboBox<>();
    private final Slider slider = new Slider(0, 1, 0.5);
    private final Label symbol = new Label("q");
    private final Label value = new Label("0.50");
    private final Label summary = new Label();
    private final Tooltip ruleTip = new Tooltip();
    private boolean updating;

    ToolbarView(Workbench workbench, Command run, Command cancel, Command palette, Command theme) {
        this.workbench = workbench;
        Button runButton = new Button("▶  Run");
        runButton.setId("run-button");
        runButton.getStyleClass().add("accent");
        run.attachTo(runButton);
        runButton.setMnemonicParsing(false);
        Button cancelButton = new Button("■  Cancel");
        cancelButton.setId("cancel-button");
        cancel.attachTo(cancelButton);
        Button paletteButton = new Button("Commands");
        paletteButton.setId("palette-button");
        palette.attachTo(paletteButton);
        Button themeButton = new Button("◐");
        themeButton.setId("theme-button");
        theme.attachTo(themeButton);
        buildRule();
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        Label ruleLabel = new Label("Exit rule");
        ruleLabel.getStyleClass().add("ls-muted");
        root.getStyleClass().add("ls-toolbar");
        root.setAlignment(Pos.CENTER_LEFT);
        root.getChildren()
                .addAll(
                        runButton,
                        cancelButton,
                        paletteButton,
                        gap,
                        ruleLabel,
                        rule,
                        symbol,
                        slider,
                        value,
                        new RuleMenu(workbench).node(),
                        summary,
                        themeButton);
        for (Region fixed : List.of(runButton, cancelButton, paletteButton, ruleLabel, rule, themeButton)) {
            fixed.setMinWidth(Region.USE_PREF_SIZE); // the summary gives way first
        }
        workbench.exitRuleProperty().addListener((o, before, now) -> showRule(now));
        workbench
                .inspectionProperty()
                .addListener((o, before, now) ->
                        showRule(workbench.exitRuleProperty().get()));
        workbench
                .modelProperty()
                .addListener((o, before, now) ->
                        showRule(workbench.exitRuleProperty().get()));
        showRule(workbench.exitRuleProperty().get());
    }

    Node node() {
        return root;
    }

    private void buildRule() {
        rule.setId("exit-rule");
        rule.setConverter(new StringConverter<>() {
            @Override
            public String toString(@Nullable RuleKind kind) {
                return kind == null ? "" : RuleScale.name(kind);
            }

            @Override
            public RuleKind fromString(String name) {
                throw new UnsupportedOperationException("rules are chosen, not typed");
            }
        });
        rule.setAccessibleText("Exit rule");
        rule.setTooltip(ruleTip);
        ruleTip.setWrapText(true);
        ruleTip.setMaxWidth(420);
        rule.setOnAction(e -> ruleChosen());
        slider.setId("q-slider");
        slider.setAccessibleText("Exit threshold");
        slider.setBlockIncrement(0.01);
        slider.setPrefWidth(220);
        slider.setMinWidth(90);
        slider.valueProperty().addListener((o, before, now) -> sliderMoved(now.doubleValue()));
        slider.valueChangingProperty().addListener((o, before, now) -> workbench.setRuleDragging(now));
        slider.setOnMousePressed(e -> workbench.setRuleDragging(true));
        slider.setOnMouseReleased(e -> workbench.setRuleDragging(false));
        slider.disableProperty().bind(Bindings.equal(rule.valueProperty(), RuleKind.FULL));
        symbol.getStyleClass().add("ls-strong");
        symbol.setLabelFor(slider);
        symbol.setMinWidth(Region.USE_PREF_SIZE);
        symbol.getStyleClass().add("ls-rule-symbol");
        value.setId("q-value");
        value.getStyleClass().add("ls-exit-value");
        value.setMinWidth(Region.USE_PREF_SIZE);
        summary.setId("exit-summary");
        summary.getStyleClass().add("ls-pill");
        summary.setTooltip(new Tooltip("Over all tokens of this run. Savings are nominal: the run computed every loop, "
                + "and the rule is replayed on what it recorded."));
    }

    private int steps() {
        Inspection inspection = workbench.inspectionProperty().get();
        return inspection == null ? 4 : inspection.capture().steps();
    }

    private RuleScale scale(RuleKind kind) {
        Inspection inspection = workbench.inspectionProperty().get();
        int vocabulary =
                inspection == null ? 100 : inspection.capture().config().vocabSize();
        return new RuleScale(kind, steps(), vocabulary);
    }

    private void ruleChosen() {
        if (updating) {
            return;
        }
        RuleKind chosen = rule.getValue();
        ExitRule now = workbench.exitRuleProperty().get();
        if (chosen != RuleKind.of(now)) {
            workbench.exitRuleProperty().set(now.withPrimary(chosen.rule(chosen.initial(steps()))));
        }
    }

    private void sliderMoved(double position) {
        if (!updating) {
            ExitRule now = workbench.exitRuleProperty().get();
            workbench
                    .exitRuleProperty()
                    .set(now.withPrimary(scale(RuleKind.of(now)).rule(position)));
        }
    }

    private void showRule(ExitRule now) {
        updating = true;
        RuleKind kind = RuleKind.of(now);
        List<RuleKind> offered = RuleScale.CHOICES.stream()
                .filter(choice -> workbench.hasGate() || !choice.needsGate())
                .toList();
        if (!offered.equals(rule.getItems())) {
            rule.getItems().setAll(offered);
        }
        RuleScale scale = scale(kind);
        rule.setValue(kind);
        ruleTip.setText("A token leaves at the first loop t, from " + kind.fromStep() + " on, where " + kind.condition()
                + ". Applied to the run that is shown; nothing is run again.");
        range(scale.low(), scale.high(), scale.increment(), kind.countsSteps());
        slider.setValue(scale.position(now));
        symbol.setText(scale.symbol());
        value.setText(scale.value(now));
        updating = false;
        showSummary(now);
    }

    private void range(double low, double high, double increment, boolean whole) {
        if (slider.getMin() != low || slider.getMax() != high) {
            slider.setMin(low);
            slider.setMax(high);
        }
        slider.setBlockIncrement(increment);
        slider.setMajorTickUnit(whole ? 1 : 0.25);
        slider.setMinorTickCount(0);
        slider.setSnapToTicks(whole);
    }

    private void showSummary(ExitRule now) {
        Inspection inspection = workbench.inspectionProperty().get();
        if (inspection == null) {
            summary.setText("no run yet");
            return;
        }
        ExitSummary s = inspection.exits().summary(now, inspection.lens());
        summary.setText(String.format(
                Locale.ROOT,
                "mean loops %.2f of %d · %.0f %% fewer · same token as full depth %d/%d",
                s.meanSteps(),
                s.steps(),
                100 * s.savedFraction(),
                s.agreeing(),
                s.tokens()));
    }
}
