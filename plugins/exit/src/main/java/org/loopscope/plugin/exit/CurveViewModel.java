package org.loopscope.plugin.exit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.prompts.PromptSet;
import org.loopscope.analysis.sweep.Sweep;
import org.loopscope.analysis.sweep.SweepCurve;
import org.loopscope.analysis.sweep.SweepCurve.Quality;
import org.loopscope.analysis.sweep.SweepData;
import org.loopscope.analysis.sweep.SweepPlan;
import org.loopscope.analysis.sweep.SweepPoint;
import org.loopscope.analysis.sweep.SweepRow.Scope;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.RunControl;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.exit.RuleKind;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.Subscriptions;
import org.loopscope.plugin.figure.ChartFigure;
import org.loopscope.plugin.figure.SweepFigure;

/**
 * Quality and compute on a prompt set: a sweep that was saved, or one that is run here; knows no control. Used on the FX
 * thread; a sweep runs on the given executor and can be cancelled, what is done stays in its file.
 */
final class CurveViewModel {
    private static final double BUDGET = 0.625; // of T, as the command line

    private static final String CANCELLED = "Cancelled; what is done is kept, running the same set again goes on.";

    private final PanelContext context;
    private final Executor worker;
    private final Executor fxThread;
    private final Subscriptions subscriptions = new Subscriptions();
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> figure = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<List<View>> views = new ReadOnlyObjectWrapper<>(List.of());
    private final ObjectProperty<@Nullable View> view = new SimpleObjectProperty<>();
    private final DoubleProperty budget = new SimpleDoubleProperty(BUDGET); // share of T
    private final ReadOnlyStringWrapper status = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper best = new ReadOnlyStringWrapper("");
    private final ReadOnlyBooleanWrapper running = new ReadOnlyBooleanWrapper();
    private @Nullable SweepData data;
    private @Nullable SweepCurve curve;
    private volatile boolean cancelled;

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
        this.worker = worker;
        this.fxThread = fxThread;
        subscriptions.onChange(view, v -> choose());
        subscriptions.onChange(budget, b -> show());
        subscriptions.onChange(context.exitRuleProperty(), r -> show());
        subscriptions.onChange(context.modelProperty(), m -> cancel());
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

    /** Progress, or where the curve comes from. */
    ReadOnlyStringProperty statusProperty() {
        return status.getReadOnlyProperty();
    }

    /** The best threshold of the rule in use. */
    ReadOnlyStringProperty bestProperty() {
        return best.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty runningProperty() {
        return running.getReadOnlyProperty();
    }

    /** True while no sweep can be started. */
    BooleanBinding cannotRunBinding() {
        return Bindings.or(running, Bindings.isNull(context.modelProperty()));
    }

    /** Shows a sweep that is finished. */
    void open(Path csv) {
        status.set("Reading " + csv.getFileName() + " …");
        context.executor().execute(() -> {
            try {
                SweepData read = SweepData.read(csv);
                fxThread.execute(() -> adopt(read, "from " + csv.getFileName()));
            } catch (LoopscopeException e) {
                fxThread.execute(() -> failed(e));
            }
        });
    }

    /** Runs a prompt set through the open model, goes on where an earlier run stopped, and shows the curve. */
    void run(Path set, Path out) {
        LoopedModel model = context.modelProperty().get();
        if (model == null || running.get()) {
            return;
        }
        cancelled = false;
        running.set(true);
        status.set("Reading " + set.getFileName() + " …");
        RunControl control = RunControl.of(() -> cancelled, this::progress);
        worker.execute(() -> {
            try {
                SweepData made = sweep(model, set, out, control);
                fxThread.execute(() -> adopt(made, "written to " + out.getFileName()));
            } catch (CancellationException e) {
                fxThread.execute(() -> ended(CANCELLED));
            } catch (LoopscopeException | RuntimeException | Error e) { // told, or it would be lost with its thread
                fxThread.execute(() -> failed(e));
            }
        });
    }

    private static SweepData sweep(LoopedModel model, Path set, Path out, RunControl control)
            throws LoopscopeException {
        SweepPlan plan = SweepPlan.parse(
                "1.." + model.config().trainedSteps(), "all", 0, model.config().vocabSize());
        new Sweep(model, PromptSet.read(set), plan).run(out, control);
        return SweepData.read(out);
    }

    private void progress(String stage, long done, long total) {
        fxThread.execute(() -> {
            if (running.get()) {
                status.set(String.format(Locale.ROOT, "prompt %d of %d", done, total));
            }
        });
    }

    /** Asks the sweep to stop. */
    void cancel() {
        cancelled = true;
    }

    void dispose() {
        cancel();
        subscriptions.drop();
    }

    private void ended(String sentence) {
        running.set(false);
        status.set(sentence);
    }

    private void failed(Throwable e) {
        if (cancelled && !(e instanceof LoopscopeException)) { // the model was closed under it
            ended(CANCELLED);
            return;
        }
        ended("");
        context.showProblem(
                e instanceof LoopscopeException ? String.valueOf(e.getMessage()) : "The sweep failed: " + e, e);
    }

    private void adopt(SweepData read, String from) {
        ended(String.format(Locale.ROOT, "%d prompts, T = %d, %s", read.prompts(), read.steps(), from)
                + (read.problems() == 0 ? "" : " (" + read.problems() + " not measured: a number was not finite)"));
        data = read;
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
        SweepData from = data;
        curve = now == null || from == null ? null : from.curve(now.scope(), now.quality(), now.group());
        show();
    }

    /** Fast enough for every move of a slider: the curve is there, only the mark and the best point change. */
    private void show() {
        SweepCurve now = curve;
        if (now == null) {
            figure.set(null);
            best.set("");
            return;
        }
        ExitRule rule = context.exitRuleProperty().get();
        double loops = Math.max(1, budget.get() * now.steps());
        figure.set(SweepFigure.of(now, Optional.of(rule), loops));
        String kind = rule instanceof ExitRule.FullDepth
                ? RuleKind.FIXED.cliName()
                : RuleKind.of(rule).cliName();
        best.set(now.bestWithin(kind, loops)
                .map(p -> sentence(p, now, loops))
                .orElse(String.format(Locale.ROOT, "No threshold of %s stays within %.2f mean loops.", kind, loops)));
    }

    private static String sentence(SweepPoint p, SweepCurve curve, double loops) {
        return String.format(
                Locale.ROOT,
                "Best of %s within %.2f mean loops: %s, %.2f loops, %s %.3f (95 %% %.3f to %.3f).",
                p.rule(),
                loops,
                p.spec(),
                p.meanLoops(),
                curve.quality().title(),
                p.quality(),
                p.interval().low(),
                p.interval().high());
    }

    /** Uses the best threshold of the rule in use for all panels. */
    void useBest() {
        SweepCurve now = curve;
        ExitRule rule = context.exitRuleProperty().get();
        if (now != null && !(rule instanceof ExitRule.FullDepth)) {
            RuleKind kind = RuleKind.of(rule);
            now.bestWithin(kind.cliName(), Math.max(1, budget.get() * now.steps()))
                    .ifPresent(p -> context.exitRuleProperty().set(kind.rule(p.threshold())));
        }
    }
}
