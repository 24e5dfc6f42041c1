package org.loopscope.plugin;

import java.util.List;
import java.util.concurrent.Executor;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.compare.NamedInspection;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.FigureTheme;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.exit.ExitRule;

/** What the window lends to a panel. Everything is read, set and called on the FX thread. */
public interface PanelContext {
    /** The run that is shown; null while there is none. */
    ReadOnlyObjectProperty<@Nullable Inspection> inspectionProperty();

    /** The selected token and step, shared by all panels; panels may set it. May lie outside a run just opened. */
    ObjectProperty<Selection> selectionProperty();

    /** The exit rule, shared by all panels; the q slider of the toolbar sets it. */
    ObjectProperty<ExitRule> exitRuleProperty();

    /**
     * Ids of tokens that are followed at every position, in the order they were pinned; shared by all panels, which may
     * set another list. Never null, never changed in place; empty after a run of another model is shown.
     */
    ObjectProperty<List<Integer>> pinnedTokensProperty();

    /**
     * The runs that are chosen for comparison, two to four, that of {@link #inspectionProperty} first; empty while fewer are
     * chosen. Never null, never changed in place.
     */
    ReadOnlyObjectProperty<List<NamedInspection>> comparedRunsProperty();

    /** Light or dark. */
    ReadOnlyObjectProperty<FigureTheme> themeProperty();

    /** Where work longer than a frame runs. Its results come back through {@code Platform.runLater}. */
    Executor executor();

    /**
     * A thread of its own for each piece of work: what takes minutes must not keep {@link #executor} busy. A window waits for
     * these threads when it closes, so a panel's {@code dispose} must make them end.
     */
    default Executor ownThread(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            thread.start();
        };
    }

    /** Tells the user, in one plain sentence, what went wrong; the cause folds out. */
    void showProblem(String sentence, Throwable cause);

    /** The model that is open, for work of a panel's own; null while there is none. Runs go on a thread of the panel's. */
    ReadOnlyObjectProperty<@Nullable LoopedModel> modelProperty();

    /**
     * Every panel there is, in the order of the tabs, that of the caller among them: for comparing, which asks them for
     * figures of several runs off the FX thread. Never changes; a window that has none to offer gives an empty list.
     */
    List<PanelProvider> panels();

    /** Opens a page of help text. */
    void showHelp(String title, String text);
}
