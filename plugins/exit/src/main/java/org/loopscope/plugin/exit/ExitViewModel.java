package org.loopscope.plugin.exit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.exit.ExitSummary;
import org.loopscope.analysis.exit.RuleBand;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.Axis;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.figure.RuleText;
import org.loopscope.figure.TokenExitFigure;
import org.loopscope.figure.TokenText;
import org.loopscope.lab.Values;
import org.loopscope.model.Capture;
import org.loopscope.model.exit.ExitDistribution;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.Selection;
import org.loopscope.plugin.card.Subscriptions;

/** State and logic of the Exit panel; knows no control. Used on the FX thread; fast enough for every move of a slider. */
final class ExitViewModel {
    private final PanelContext context;
    private final Subscriptions subscriptions = new Subscriptions();
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> token = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> histogram = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable HeatmapFigure> steps = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<List<Flip>> flips = new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyStringWrapper summary = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper flipHeading = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper origin = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper tokenFacts = new ReadOnlyStringWrapper("");

    private final ReadOnlyBooleanWrapper gated = new ReadOnlyBooleanWrapper(true);

    private final ObjectProperty<Values> values = new SimpleObjectProperty<>(Values.of(new ExitLab().settings()));
    private Axis tokens =
            Axis.named("", List.of()); // of the columns; making them takes longer than a frame for long texts

    /** A token whose exit hangs on the exact threshold. */
    record Flip(int position, String text) {}

    ExitViewModel(PanelContext context) {
        this.context = context;
        subscriptions.onChange(context.selectionProperty(), s -> refreshToken());
        values.set(values.get().with(ExitLab.RULE, context.exitRuleProperty().get()));
        subscriptions.onChange(values, this::valuesChanged);
        subscriptions.onChange(context.exitRuleProperty(), this::ruleChanged);
        subscriptions.follow(context.inspectionProperty(), this::show);
    }

    /** What the lab is set to; its rule is the one that all panels share. */
    ObjectProperty<Values> valuesProperty() {
        return values;
    }

    private void ruleChanged(ExitRule rule) {
        if (values.get().find(ExitLab.RULE).filter(rule::equals).isPresent()) {
            refresh();
        } else {
            values.set(values.get().with(ExitLab.RULE, rule));
        }
    }

    private void valuesChanged(Values now) {
        ExitRule shared = context.exitRuleProperty().get();
        ExitRule asked = now.find(ExitLab.RULE).orElse(shared);
        if (!now.isSet(ExitLab.RULE)) {
            values.set(now.with(ExitLab.RULE, shared));
        } else if (!asked.equals(shared)) {
            context.exitRuleProperty().set(asked);
        } else {
            refresh();
        }
    }

    ReadOnlyObjectProperty<@Nullable ChartFigure> tokenProperty() {
        return token.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable ChartFigure> histogramProperty() {
        return histogram.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable HeatmapFigure> stepsProperty() {
        return steps.getReadOnlyProperty();
    }

    /** Whether the run has a gate, or there is none yet. */
    ReadOnlyBooleanProperty gatedProperty() {
        return gated.getReadOnlyProperty();
    }

    /** Tokens that leave elsewhere within q ± δ. */
    ReadOnlyObjectProperty<List<Flip>> flipsProperty() {
        return flips.getReadOnlyProperty();
    }

    /** What the list of flips is: {@code Change within q 0.45 to 0.55:}. */
    ReadOnlyStringProperty flipHeadingProperty() {
        return flipHeading.getReadOnlyProperty();
    }

    private String flipHeading() {
        Inspection inspection = context.inspectionProperty().get();
        if (inspection == null) {
            return "";
        }
        String verb = flips.get().isEmpty() ? "No token changes its exit within " : "Change within ";
        return band(inspection)
                .map(band -> verb + BandText.of(band) + (flips.get().isEmpty() ? "" : ":"))
                .orElse("This rule has no threshold to move");
    }

    private Optional<RuleBand> band(Inspection inspection) {
        return ExitFigures.band(
                inspection, context.exitRuleProperty().get(), values.get().get(ExitLab.DELTA));
    }

    /** Mean loops, saving, agreement with full depth. */
    ReadOnlyStringProperty summaryProperty() {
        return summary.getReadOnlyProperty();
    }

    /** Whether the rule was replayed on this text, or has made it. */
    ReadOnlyStringProperty originProperty() {
        return origin.getReadOnlyProperty();
    }

    /** Expected steps and entropy of the selected token. */
    ReadOnlyStringProperty tokenFactsProperty() {
        return tokenFacts.getReadOnlyProperty();
    }

    /** Selects a token, at the step where it leaves. */
    void selectToken(int position) {
        Inspection inspection = context.inspectionProperty().get();
        if (inspection != null) {
            int step = inspection.exits().exitStep(context.exitRuleProperty().get(), position);
            context.selectionProperty().set(new Selection(position, step));
        }
    }

    /** Selects a token and step. */
    void select(int row, int position) {
        context.selectionProperty().set(new Selection(position, row + 1));
    }

    /** Moves the selected token by {@code columns}. */
    void move(int columns) {
        Inspection inspection = context.inspectionProperty().get();
        if (inspection != null) {
            int position = context.selectionProperty().get().position() + columns;
            selectToken(Math.max(0, Math.min(inspection.capture().length() - 1, position)));
        }
    }

    /** One line about a cell, for the hover; lines are separated by line breaks. */
    List<String> info(int row, int position) {
        Inspection inspection = context.inspectionProperty().get();
        if (inspection == null) {
            return List.of();
        }
        int step = row + 1;
        List<String> lines = new ArrayList<>();
        lines.add("loop " + step + " · token " + (position + 1) + " “" + text(inspection, position) + "”");
        if (inspection.exits().hasGate()) {
            ExitDistribution exit = inspection.exits().distribution(position);
            lines.add(String.format(
                    Locale.ROOT, "λ %.4f   p %.4f   CDF %.4f", exit.lambda(step), exit.pdf(step), exit.cdf(step)));
        }
        lines.add("leaves at loop "
                + inspection.exits().exitStep(context.exitRuleProperty().get(), position) + " ("
                + RuleText.of(context.exitRuleProperty().get()) + ")");
        return lines;
    }

    void dispose() {
        subscriptions.drop();
    }

    private void show(@Nullable Inspection inspection) {
        gated.set(inspection == null || inspection.exits().hasGate());
        tokens = inspection == null ? Axis.named("", List.of()) : ExitFigures.tokens(inspection.capture());
        refresh();
    }

    private void refresh() {
        Inspection inspection = context.inspectionProperty().get();
        ExitRule rule = context.exitRuleProperty().get();
        if (inspection == null) {
            histogram.set(null);
            flips.set(List.of());
            summary.set("");
            origin.set("");
        } else {
            histogram.set(ExitFigures.histogram(inspection, rule));
            flips.set(ExitFigures.flips(inspection, band(inspection)).stream()
                    .map(p -> new Flip(p, text(inspection, p)))
                    .toList());
            origin.set(origin(inspection.capture(), rule));
            summary.set(sentence(inspection.exits().summary(rule, inspection.lens())));
        }
        flipHeading.set(flipHeading());
        refreshToken();
    }

    private void refreshToken() {
        Inspection inspection = context.inspectionProperty().get();
        if (inspection == null) {
            token.set(null);
            steps.set(null);
            tokenFacts.set("");
            return;
        }
        ExitRule rule = context.exitRuleProperty().get();
        int position = context.selectionProperty()
                .get()
                .within(inspection.capture().length(), inspection.capture().steps())
                .position();
        ExitDistribution exit = inspection.exits().distribution(position);
        token.set(gated.get() ? TokenExitFigure.of(inspection, position, rule) : null);
        steps.set(ExitFigures.steps(inspection, tokens, rule, values.get().get(ExitLab.DELTA), position));
        String leaves = "leaves at loop " + inspection.exits().exitStep(rule, position);
        tokenFacts.set(
                gated.get()
                        ? leaves
                                + String.format(
                                        Locale.ROOT,
                                        " · expected loops %.2f · entropy of exit %.2f nats",
                                        exit.expectedSteps(),
                                        exit.entropy())
                        : leaves);
    }

    private static String origin(Capture capture, ExitRule rule) {
        if (capture.length() == capture.promptLength()) {
            return "Replayed on the given text; nothing is run again.";
        }
        ExitRule made = capture.options().exitRule();
        return made.equals(rule)
                ? "Regenerated: this text was generated with this very rule."
                : "Replayed: this text was generated with " + RuleText.of(made) + "; Run writes it anew with "
                        + RuleText.of(rule) + ".";
    }

    private static String sentence(ExitSummary s) {
        return String.format(
                Locale.ROOT,
                "mean %.2f of %d loops, %.0f %% fewer (nominal) · same top-1 token as full depth: %d of %d (%.0f %%, "
                        + "%s)",
                s.meanSteps(),
                s.steps(),
                100 * s.savedFraction(),
                s.agreeing(),
                s.tokens(),
                100 * s.agreementFraction(),
                s.agreement().percent());
    }

    private static String text(Inspection inspection, int position) {
        return TokenText.inSentence(inspection.capture().tokenText(position), FigureTheme.LIGHT.monoBold(12), 24);
    }
}
