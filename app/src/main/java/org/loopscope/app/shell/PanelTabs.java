package org.loopscope.app.shell;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javafx.animation.AnimationTimer;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.app.panels.GuardedProvider;
import org.loopscope.app.panels.PanelFailure;
import org.loopscope.app.workbench.Problems;
import org.loopscope.model.base.ForeignText;
import org.loopscope.plugin.Panel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.card.WindowLook;

/**
 * The panels as tabs. One that throws shows its error in its own tab; the others go on. The panel in front is told at once what
 * changes, those behind it one at a pulse, or when they are brought to the front.
 */
final class PanelTabs {
    private final PanelContext context;
    private final TabPane tabs = new TabPane();
    private final Map<String, Tab> byId = new LinkedHashMap<>();
    private final Map<Tab, PanelProvider> providers = new LinkedHashMap<>();
    private final List<Panel> open = new ArrayList<>();
    private final Map<Tab, TabContext> told = new LinkedHashMap<>();
    private final Set<Throwable> toldFailures = Collections.newSetFromMap(new IdentityHashMap<>());
    private final AnimationTimer oneEachPulse = new AnimationTimer() {
        @Override
        public void handle(long now) {
            catchUpOne();
        }
    };

    PanelTabs(List<PanelProvider> found, PanelContext context) {
        this.context = context;
        tabs.setId("panel-tabs");
        tabs.setTabClosingPolicy(TabPane.TabClosingPolicy.UNAVAILABLE);
        tabs.getStyleClass().add("ls-panel-tabs");
        for (PanelProvider provider : found) {
            Tab tab = new Tab(ForeignText.inWindow(provider.title()));
            TabContext own = new TabContext(context, tab::isSelected, oneEachPulse::start);
            told.put(tab, own);
            tab.setOnSelectionChanged(e -> own.catchUp());
            tab.setContent(content(provider, own));
            tab.setId("tab-" + provider.id());
            tab.setTooltip(new Tooltip(ForeignText.inWindow(provider.summary())));
            providers.put(tab, provider);
            byId.put(provider.id(), tab);
            tabs.getTabs().add(tab);
        }
        context.inspectionProperty().addListener((o, before, now) -> {
            if (now != null) {
                providers.forEach((tab, provider) -> offer(tab, provider, now));
            }
        });
    }

    /** Whether every panel has been told what the window shows. */
    boolean caughtUp() {
        return told.values().stream().noneMatch(TabContext::isBehind);
    }

    private void catchUpOne() {
        told.values().stream()
                .filter(TabContext::isBehind)
                .findFirst()
                .ifPresentOrElse(TabContext::catchUp, oneEachPulse::stop);
    }

    Node node() {
        return tabs;
    }

    List<PanelProvider> providers() {
        return List.copyOf(providers.values());
    }

    /** The panel in front. */
    Optional<PanelProvider> current() {
        return Optional.ofNullable(providers.get(tabs.getSelectionModel().getSelectedItem()));
    }

    void select(String id) {
        Tab tab = byId.get(id);
        if (tab != null) {
            tabs.getSelectionModel().select(tab);
        }
    }

    /** Asks whether a panel has anything to show; one of somebody else is not waited for. */
    private void offer(Tab tab, PanelProvider provider, Inspection shown) {
        if (provider instanceof GuardedProvider) {
            context.ownThread("panel-supports").execute(() -> {
                Answer answer = supports(provider, shown);
                Platform.runLater(() -> {
                    if (context.inspectionProperty().get() == shown) {
                        take(tab, provider, answer);
                    }
                });
            });
        } else {
            take(tab, provider, supports(provider, shown));
        }
    }

    /** @param problem what the panel threw, if it did */
    private record Answer(boolean supported, Optional<Throwable> problem) {}

    private static Answer supports(PanelProvider provider, Inspection shown) {
        try {
            return new Answer(provider.supports(shown), Optional.empty());
        } catch (Throwable e) { // somebody else's code: even an Error of it is no reason to end the window
            return new Answer(false, Optional.of(e));
        }
    }

    private void take(Tab tab, PanelProvider provider, Answer answer) {
        tab.setDisable(!answer.supported());
        answer.problem()
                .filter(toldFailures::add)
                .ifPresent(e -> context.showProblem(
                        e instanceof PanelFailure
                                ? Problems.describe(e)
                                : "The panel " + provider.title() + " failed: " + Problems.describe(e),
                        e));
    }

    private Node content(PanelProvider provider, PanelContext own) {
        try {
            Panel panel = provider.create(own);
            open.add(panel);
            return scrolled(panel.view());
        } catch (Throwable e) {
            String sentence = notOpened(provider, e);
            context.showProblem(sentence, e);
            Label label = new Label(ForeignText.inWindow(sentence));
            label.setId("panel-problem-" + provider.id());
            label.setWrapText(true);
            label.getStyleClass().add("ls-problem");
            return new StackPane(label);
        }
    }

    private static String notOpened(PanelProvider provider, Throwable e) {
        if (e instanceof PanelFailure) {
            return Problems.describe(e);
        }
        return "The panel " + provider.title() + " could not be opened: " + Problems.describe(e);
    }

    private static ScrollPane scrolled(Node view) {
        ScrollPane scroll = new ScrollPane(view);
        scroll.setFitToWidth(true);
        scroll.setFitToHeight(true);
        scroll.getStyleClass().add("ls-panel-scroll");
        scroll.skinProperty().addListener(o -> {
            Node viewport = scroll.lookup(".viewport");
            if (viewport != null) {
                viewport.setCache(false); // kept as a picture, it would be painted twice whenever a figure changes
            }
        });
        return scroll;
    }

    /** Opens the panel that is in front a second time, in a window of its own. */
    void popOut(Scene owner) {
        current().ifPresent(provider -> popOut(provider, owner));
    }

    private void popOut(PanelProvider provider, Scene owner) {
        try {
            Panel panel = provider.create(context);
            Stage stage = new Stage();
            stage.setTitle(provider.title() + " – Loopscope");
            Scene scene = new Scene(scrolled(panel.view()), 1000, 700);
            WindowLook look = WindowLook.follow(owner, scene);
            stage.setScene(scene);
            stage.initOwner(owner.getWindow());
            stage.setOnHidden(e -> {
                look.drop();
                close(panel);
            });
            stage.show();
        } catch (Throwable e) {
            context.showProblem(notOpened(provider, e), e);
        }
    }

    void dispose() {
        oneEachPulse.stop();
        told.values().forEach(TabContext::dispose);
        open.forEach(this::close);
        open.clear();
    }

    private void close(Panel panel) {
        try {
            panel.dispose();
        } catch (Throwable e) {
            context.showProblem("A panel could not be closed: " + Problems.describe(e), e);
        }
    }
}
