package org.loopscope.plugin.testkit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.compare.NamedInspection;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.FigureTheme;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.Selection;

/** A context for tests of view models: no window, work runs when it is given or, held back, when the test says. */
public final class TestContext implements PanelContext {
    private final ObjectProperty<@Nullable Inspection> inspection = new SimpleObjectProperty<>();
    private final ObjectProperty<Selection> selection = new SimpleObjectProperty<>(new Selection(0, 1));
    private final ObjectProperty<ExitRule> rule = new SimpleObjectProperty<>(ExitRule.q(0.5));
    private final ObjectProperty<List<Integer>> pins = new SimpleObjectProperty<>(List.of());
    private final ObjectProperty<List<NamedInspection>> compared = new SimpleObjectProperty<>(List.of());
    private final ObjectProperty<FigureTheme> theme = new SimpleObjectProperty<>(FigureTheme.LIGHT);
    private final ObjectProperty<@Nullable LoopedModel> model = new SimpleObjectProperty<>();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final List<String> problems = new ArrayList<>();
    private List<PanelProvider> panels = List.of();
    private boolean held;

    /** A context that shows {@code shown}, its last token at full depth selected. */
    public static TestContext showing(Inspection shown) {
        TestContext context = new TestContext();
        context.selection.set(
                new Selection(shown.capture().length() - 1, shown.capture().steps()));
        context.inspection.set(shown);
        return context;
    }

    /** The window has these panels. */
    public TestContext with(PanelProvider... providers) {
        panels = List.of(providers);
        return this;
    }

    /** From now on work waits for {@link #runWaiting}. */
    public TestContext hold() {
        held = true;
        return this;
    }

    /** Runs what waits, in order. */
    public void runWaiting() {
        while (!waiting.isEmpty()) {
            waiting.removeFirst().run();
        }
    }

    /** Sentences given to {@link #showProblem}. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    @Override
    public ObjectProperty<@Nullable Inspection> inspectionProperty() {
        return inspection;
    }

    @Override
    public ObjectProperty<Selection> selectionProperty() {
        return selection;
    }

    @Override
    public ObjectProperty<ExitRule> exitRuleProperty() {
        return rule;
    }

    @Override
    public ObjectProperty<List<Integer>> pinnedTokensProperty() {
        return pins;
    }

    @Override
    public ObjectProperty<List<NamedInspection>> comparedRunsProperty() {
        return compared;
    }

    @Override
    public ObjectProperty<FigureTheme> themeProperty() {
        return theme;
    }

    @Override
    public Executor executor() {
        return work -> {
            if (held) {
                waiting.addLast(work);
            } else {
                work.run();
            }
        };
    }

    @Override
    public void showProblem(String sentence, Throwable cause) {
        problems.add(sentence);
    }

    @Override
    public ObjectProperty<@Nullable LoopedModel> modelProperty() {
        return model;
    }

    @Override
    public List<PanelProvider> panels() {
        return panels;
    }

    @Override
    public void showHelp(String title, String text) {
        // tests read help from the provider
    }
}
