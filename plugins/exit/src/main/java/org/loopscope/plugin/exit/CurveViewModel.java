package org.loopscope.plugin.exit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executor;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.sweep.ExitRecipe;
import org.loopscope.analysis.sweep.SweepChoice;
import org.loopscope.analysis.sweep.SweepCurve;
import org.loopscope.analysis.sweep.SweepCurve.Quality;
import org.loopscope.analysis.sweep.SweepData;
import org.loopscope.analysis.sweep.SweepPoint;
import org.loopscope.figure.ChartFigure;
import org.loopscope.lab.Values;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.base.AtomicFile;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.ProgramVersion;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.exit.RuleKind;
import org.loopscope.model.exit.RuleSyntax;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.SetLabModel;
import org.loopscope.plugin.card.Subscriptions;

/**
 * Quality and compute on a prompt set: a sweep that was saved, or one that is run here; knows no control. Used on the FX
 * thread; a sweep runs on the given executor and can be cancelled, what is done stays in its file.
 */
final class CurveViewModel {
    private final PanelContext context;
    private final SetLabModel<?, ?, SweepData> sets;
    private final Subscriptions subscriptions = new Subscriptions();
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> figure = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<List<View>> views = new ReadOnlyObjectWrapper<>(List.of());
    private final ObjectProperty<@Nullable View> view = new SimpleObjectProperty<>();
    private final DoubleProperty budget = new SimpleDoubleProperty(SweepLab.USUAL_BUDGET); // share of T
    private final ReadOnlyStringWrapper best = new ReadOnlyStringWrapper("");
    private @Nullable SweepChoice curve;

    /** A choice of tokens, quality and prompts. */
    record View(Scope scope, Quality quality, Optional<String> group) {
        @Override
        public String toString() {
            return quality.title() + ", " + scope.title()
                    + group.map(g -> ", " + g).orElse("");
        }
    }

    /** @param worker runs sweeps; they take long, so it should not be the one that panels share */
    CurveViewModel(PanelContext context, Executor worker, Executor fxThread) {
        this.context = context;
        this.sets = new SetLabModel<>(new SweepLab(), context, worker, fxThread);
        subscriptions.onChange(view, v -> choose());
        subscriptions.onChange(budget, b -> show());
        subscriptions.onChange(sets.valuesProperty(), v -> choose());
        subscriptions.onChange(context.exitRuleProperty(), r -> show());
        subscriptions.onChange(sets.summaryProperty(), this::adopt);
    }

    ReadOnlyObjectProperty<@Nullable ChartFigure> figureProperty() {
        return figure.getReadOnlyProperty();
    }

    /** What the sweep can show, the most telling first. */
    ReadOnlyObjectProperty<List<View>> viewsProperty() {
        return views.getReadOnlyProperty();
    }

    ObjectProperty<@Nullable View> viewProperty() {
        return view;
    }

    /** Mean loops within which a rule's best threshold is looked for, as a share of T. */
    DoubleProperty budgetProperty() {
        return budget;
    }

    /** Opens and runs sweeps. */
    SetLabModel<?, ?, SweepData> sets() {
        return sets;
    }

    /** The best threshold of the rule in use. */
    ReadOnlyStringProperty bestProperty() {
        return best.getReadOnlyProperty();
    }

    void dispose() {
        subscriptions.drop();
        sets.dispose();
    }

    private void adopt(@Nullable SweepData read) {
        if (read == null) {
            return;
        }
        List<View> all = new ArrayList<>();
        add(all, read, read.mainScope(), SweepData.mainQuality(read.mainScope()));
        for (Scope scope : read.scopes()) {
            for (Quality quality : Quality.values()) {
                if (quality != Quality.ACCURACY || scope == Scope.ANSWER) {
                    add(all, read, scope, quality);
                }
            }
        }
        List<View> distinct = all.stream().distinct().toList();
        view.set(null);
        views.set(distinct);
        view.set(distinct.get(0));
    }

    private static void add(List<View> all, SweepData read, Scope scope, Quality quality) {
        all.add(new View(scope, quality, Optional.empty()));
        read.groups().forEach(group -> all.add(new View(scope, quality, Optional.of(group))));
    }

    private void choose() {
        View now = view.get();
        SweepData from = sets.summaryProperty().get();
        Values values = sets.valuesProperty().get();
        try {
            curve = now == null || from == null
                    ? null
                    : SweepHalves.of(from, values).curves(now.scope(), now.quality(), now.group(), values);
        } catch (LoopscopeException e) {
            sets.work().say(String.valueOf(e.getMessage()));
        }
        show();
    }

    /** Fast enough for every move of a slider: the curve is there, only the mark and the best point change. */
    private void show() {
        SweepChoice now = curve;
        if (now == null) {
            figure.set(null);
            best.set("");
            return;
        }
        ExitRule rule = context.exitRuleProperty().get();
        double loops = loops(now);
        figure.set(SweepFigure.of(now, Optional.of(rule), loops));
        String kind = rule instanceof ExitRule.FullDepth ? RuleKind.FIXED.cliName() : RuleSyntax.family(rule);
        String bound = cost().map(cost -> String.format(Locale.ROOT, "at cost %.3g", cost))
                .orElse(String.format(Locale.ROOT, "within %.2f mean loops", loops));
        best.set(best(now, kind)
                .map(p -> sentence(p, now.reporting(), bound))
                .orElse(
                        cost().isPresent()
                                ? "This sweep has no threshold of " + kind + "."
                                : "No threshold of " + kind + " stays " + bound + "."));
    }

    private Optional<Double> cost() {
        return sets.valuesProperty().get().find(SweepLab.COST);
    }

    private double loops(SweepChoice now) {
        return Math.max(1, budget.get() * now.reporting().steps());
    }

    private Optional<SweepPoint> best(SweepChoice now, String kind) {
        return cost().map(cost -> now.bestAtCost(kind, cost)).orElseGet(() -> now.bestWithin(kind, loops(now)));
    }

    private static String sentence(SweepPoint p, SweepCurve curve, String bound) {
        return String.format(
                Locale.ROOT,
                "Best of %s %s: %s, %.2f loops, %s %.3f (95 %% %.3f to %.3f).",
                p.rule(),
                bound,
                p.spec(),
                p.meanLoops(),
                curve.quality().title(),
                p.quality(),
                p.interval().low(),
                p.interval().high());
    }

    /** Writes the rule in use, with what the shown sweep says of it, as a recipe; problems are told as those of the set. */
    void saveRecipe(Path file) {
        SweepChoice shown = curve;
        if (shown == null) {
            return;
        }
        SweepCurve now = shown.reporting();
        LoopedModel open = context.modelProperty().get();
        Optional<ModelInfo> measuredBy = Optional.ofNullable(open)
                .map(LoopedModel::info)
                .filter(info ->
                        info.id().equals(now.model()) && info.computeDtype().equals(now.computeDtype()));
        ExitRule rule = context.exitRuleProperty().get();
        ExitRecipe recipe =
                ExitRecipe.of(now, rule, measuredBy, sets.rowsProperty().get(), loops(shown), ProgramVersion.get());
        try {
            AtomicFile.write(file, recipe.json());
            sets.work()
                    .say("Recipe written to " + file
                            + (recipe.measured().isEmpty()
                                    ? "; this sweep has no " + rule.spec() + ", so what it reaches is not in it."
                                    : "."));
        } catch (LoopscopeException e) {
            sets.work().say(String.valueOf(e.getMessage()));
        }
    }

    /** Uses the best threshold of the rule in use for all panels. */
    void useBest() {
        SweepChoice now = curve;
        ExitRule rule = context.exitRuleProperty().get();
        if (now != null && !(rule instanceof ExitRule.FullDepth)) {
            RuleKind kind = RuleKind.of(rule);
            best(now, RuleSyntax.family(rule))
                    .filter(p -> !Double.isNaN(p.threshold())) // a combination has no thresholds to choose from
                    .ifPresent(p -> context.exitRuleProperty().set(rule.withPrimary(kind.rule(p.threshold()))));
        }
    }
}
