package org.loopscope.app.shell;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.compare.NamedInspection;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.FigureTheme;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.Selection;
import org.loopscope.plugin.card.Subscriptions;

/**
 * What the panel of one tab is told: all at once while it is in front, else when {@link #catchUp} is called. Seven panels that
 * take up a run together would hold the FX thread for several frames. Used on the FX thread.
 */
final class TabContext implements PanelContext {
    private final PanelContext window;
    private final Supplier<Boolean> inFront;
    private final Runnable fellBehind;
    private final Subscriptions subscriptions = new Subscriptions();
    private final ObjectProperty<@Nullable Inspection> inspection = new SimpleObjectProperty<>();
    private final ObjectProperty<Selection> selection;
    private final ObjectProperty<ExitRule> exitRule;
    private final ObjectProperty<List<Integer>> pinnedTokens;
    private final ObjectProperty<List<NamedInspection>> comparedRuns = new SimpleObjectProperty<>();
    private boolean behind;

    /**
     * @param inFront whether the panel is to be seen
     * @param fellBehind called when something has changed that the panel was not told
     */
    TabContext(PanelContext window, Supplier<Boolean> inFront, Runnable fellBehind) {
        this.window = window;
        this.inFront = inFront;
        this.fellBehind = fellBehind;
        inspection.set(window.inspectionProperty().get());
        comparedRuns.set(window.comparedRunsProperty().get());
        follow(window.inspectionProperty(), inspection);
        selection = shared(window.selectionProperty());
        exitRule = shared(window.exitRuleProperty());
        pinnedTokens = shared(window.pinnedTokensProperty());
        follow(window.comparedRunsProperty(), comparedRuns);
    }

    /** A property that the panel may set, too. */
    private <T> ObjectProperty<T> shared(ObjectProperty<T> ofWindow) {
        ObjectProperty<T> own = new SimpleObjectProperty<>(ofWindow.get());
        follow(ofWindow, own);
        own.addListener((o, before, now) -> ofWindow.set(now));
        return own;
    }

    private <T> void follow(ObservableValue<T> ofWindow, ObjectProperty<T> own) {
        subscriptions.onChange(ofWindow, now -> {
            if (inFront.get() && !behind) {
                own.set(now);
            } else if (behind || own.get() != now) {
                behind = true;
                fellBehind.run();
            }
        });
    }

    boolean isBehind() {
        return behind;
    }

    /** Tells the panel what it was not told; a new run last, since no panel may see it with an old selection. */
    void catchUp() {
        if (inspection.get() != window.inspectionProperty().get()) {
            inspection.set(null);
        }
        selection.set(window.selectionProperty().get());
        exitRule.set(window.exitRuleProperty().get());
        pinnedTokens.set(window.pinnedTokensProperty().get());
        comparedRuns.set(window.comparedRunsProperty().get());
        inspection.set(window.inspectionProperty().get());
        behind = false;
    }

    void dispose() {
        subscriptions.drop();
    }

    @Override
    public ReadOnlyObjectProperty<@Nullable Inspection> inspectionProperty() {
        return inspection;
    }

    @Override
    public ObjectProperty<Selection> selectionProperty() {
        return selection;
    }

    @Override
    public ObjectProperty<ExitRule> exitRuleProperty() {
        return exitRule;
    }

    @Override
    public ObjectProperty<List<Integer>> pinnedTokensProperty() {
        return pinnedTokens;
    }

    @Override
    public ReadOnlyObjectProperty<List<NamedInspection>> comparedRunsProperty() {
        return comparedRuns;
    }

    @Override
    public ReadOnlyObjectProperty<FigureTheme> themeProperty() {
        return window.themeProperty();
    }

    @Override
    public ReadOnlyObjectProperty<@Nullable LoopedModel> modelProperty() {
        return window.modelProperty();
    }

    @Override
    public Executor executor() {
        return window.executor();
    }

    @Override
    public Executor ownThread(String name) {
        return window.ownThread(name);
    }

    @Override
    public void showProblem(String sentence, Throwable cause) {
        window.showProblem(sentence, cause);
    }

    @Override
    public List<PanelProvider> panels() {
        return window.panels();
    }

    @Override
    public void showHelp(String title, String text) {
        window.showHelp(title, text);
    }
}
