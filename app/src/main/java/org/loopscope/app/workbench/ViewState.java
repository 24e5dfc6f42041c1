package org.loopscope.app.workbench;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.Selection;

/**
 * What a person looks at in the shown run: the selected token and step, the exit rule, the pinned tokens and the runs beside
 * it, with back and forward through it. Changes of one event, such as a click that selects and pins, are one change; so is a slider drag.
 */
final class ViewState {
    private final ReadOnlyObjectProperty<@Nullable RunEntry> run;
    private final ComparedRuns compared;
    private final Executor fx;
    private final ViewHistory history = new ViewHistory();
    private final ObjectProperty<Selection> selection = new SimpleObjectProperty<>(new Selection(0, 1));
    private final ObjectProperty<ExitRule> exitRule = new SimpleObjectProperty<>(ExitRule.q(0.5));
    private final ObjectProperty<List<Integer>> pins = new SimpleObjectProperty<>(List.of());
    private final ReadOnlyObjectProperty<List<RunEntry>> ticks;
    private final ReadOnlyBooleanWrapper canGoBack = new ReadOnlyBooleanWrapper();
    private final ReadOnlyBooleanWrapper canGoForward = new ReadOnlyBooleanWrapper();
    private boolean quiet;
    private boolean inEvent;
    private boolean dragging;
    private boolean draggingRule;

    /**
     * @param run the run that is shown
     * @param compared the runs that are ticked for comparison
     * @param fx runs what it is given after the event that is being handled
     */
    ViewState(ReadOnlyObjectProperty<@Nullable RunEntry> run, ComparedRuns compared, Executor fx) {
        this.run = run;
        this.compared = compared;
        this.ticks = compared.ticksProperty();
        this.fx = fx;
        selection.addListener((o, before, now) -> left(before, exitRule.get(), pins.get(), ticks.get()));
        exitRule.addListener((o, before, now) -> ruleChanged(before));
        pins.addListener((o, before, now) -> left(selection.get(), exitRule.get(), before, ticks.get()));
        ticks.addListener((o, before, now) -> left(selection.get(), exitRule.get(), pins.get(), before));
    }

    ObjectProperty<Selection> selectionProperty() {
        return selection;
    }

    ObjectProperty<ExitRule> exitRuleProperty() {
        return exitRule;
    }

    /** Takes another rule where the one in use reads a gate that is not there. */
    void readableBy(boolean gate) {
        if (!gate && exitRule.get().needsGate()) {
            exitRule.set(ExitRule.usual(false));
        }
    }

    /** Ids of pinned tokens, in the order they were pinned; immutable lists. */
    ObjectProperty<List<Integer>> pinsProperty() {
        return pins;
    }

    ReadOnlyBooleanProperty canGoBackProperty() {
        return canGoBack.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty canGoForwardProperty() {
        return canGoForward.getReadOnlyProperty();
    }

    /** Makes changes that are no step of their own; {@code leaving} remembers the view that they leave. */
    void change(boolean leaving, Runnable changes) {
        if (leaving && !quiet) {
            current().ifPresent(history::left);
        }
        boolean outer = quiet;
        quiet = true;
        try {
            changes.run();
        } finally {
            quiet = outer;
        }
        update();
    }

    /** Drops every view of a run that is forgotten; else they would keep its memory. */
    void forget(RunEntry entry) {
        history.forget(entry);
        update();
    }

    void goBack(Consumer<RunEntry> show) {
        current().flatMap(history::back).ifPresent(view -> restore(view, show));
    }

    void goForward(Consumer<RunEntry> show) {
        current().flatMap(history::forward).ifPresent(view -> restore(view, show));
    }

    void setRuleDragging(boolean value) {
        dragging = value;
        if (!value) {
            draggingRule = false;
        }
    }

    private Optional<ViewHistory.View> current() {
        return Optional.ofNullable(run.get())
                .map(entry -> new ViewHistory.View(entry, selection.get(), exitRule.get(), pins.get(), ticks.get()));
    }

    private void restore(ViewHistory.View view, Consumer<RunEntry> show) {
        change(false, () -> {
            show.accept(view.run());
            exitRule.set(view.rule());
            selection.set(view.selection());
            pins.set(view.pins());
            compared.set(view.ticked());
        });
    }

    /** Only the first move of a drag leaves a view behind. */
    private void ruleChanged(ExitRule before) {
        if (!draggingRule) {
            left(selection.get(), before, pins.get(), ticks.get());
        }
        draggingRule = dragging;
    }

    private void left(Selection oldSelection, ExitRule oldRule, List<Integer> oldPins, List<RunEntry> oldTicks) {
        RunEntry entry = run.get();
        if (quiet || inEvent || entry == null) {
            return;
        }
        history.left(new ViewHistory.View(entry, oldSelection, oldRule, oldPins, oldTicks));
        inEvent = true;
        fx.execute(() -> inEvent = false);
        update();
    }

    private void update() {
        canGoBack.set(history.canGoBack());
        canGoForward.set(history.canGoForward());
    }
}
