package org.loopscope.app.shell;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import javafx.application.Platform;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.compare.NamedInspection;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.app.workbench.Problems;
import org.loopscope.app.workbench.Workbench;
import org.loopscope.figure.FigureTheme;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.Selection;

/** The part of the window that a panel may use. */
record ShellContext(
        Workbench workbench,
        ReadOnlyObjectProperty<FigureTheme> theme,
        Executor executor,
        PanelThreads threads,
        List<PanelProvider> panels,
        BiConsumer<String, String> help)
        implements PanelContext {

    @Override
    public ReadOnlyObjectProperty<@Nullable Inspection> inspectionProperty() {
        return workbench.inspectionProperty();
    }

    @Override
    public ObjectProperty<Selection> selectionProperty() {
        return workbench.selectionProperty();
    }

    @Override
    public ObjectProperty<ExitRule> exitRuleProperty() {
        return workbench.exitRuleProperty();
    }

    @Override
    public ObjectProperty<List<Integer>> pinnedTokensProperty() {
        return workbench.pinnedTokensProperty();
    }

    @Override
    public ReadOnlyObjectProperty<List<NamedInspection>> comparedRunsProperty() {
        return workbench.compared().inspectionsProperty();
    }

    @Override
    public ReadOnlyObjectProperty<FigureTheme> themeProperty() {
        return theme;
    }

    /** What a panel's work throws is told: on an executor alone it would be lost with its thread. */
    @Override
    public Executor executor() {
        return work -> {
            try {
                executor.execute(() -> told(work));
            } catch (RejectedExecutionException e) {
                return; // the window has been closed: nobody would see what comes of it
            }
        };
    }

    private void told(Runnable work) {
        try {
            work.run();
        } catch (CancellationException e) {
            return; // asked for
        } catch (Throwable e) {
            Platform.runLater(() -> workbench.problem("A panel's work failed: " + Problems.describe(e), e));
        }
    }

    @Override
    public Executor ownThread(String name) {
        return threads.named(name);
    }

    @Override
    public void showProblem(String sentence, Throwable cause) {
        workbench.problem(sentence, cause);
    }

    @Override
    public ReadOnlyObjectProperty<@Nullable LoopedModel> modelProperty() {
        return workbench.modelProperty();
    }

    @Override
    public void showHelp(String title, String text) {
        help.accept(title, text);
    }
}
