package org.loopscope.plugin.eval;

import java.util.ArrayList;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import org.loopscope.lab.Lab;
import org.loopscope.plugin.Panel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.LabView;

/** Lays out the Evaluate panel; a lab is laid out when its tab is first shown. */
final class EvalPanel implements Panel {
    private final TabPane root = new TabPane();
    private final List<LabView> views = new ArrayList<>();

    EvalPanel(PanelContext context) {
        root.setId("evaluate-tabs");
        root.setTabClosingPolicy(TabPane.TabClosingPolicy.UNAVAILABLE);
        for (Lab lab : EvalProvider.LABS) {
            Tab tab = new Tab(lab.title());
            tab.setId("evaluate-tab-" + lab.id());
            tab.selectedProperty().addListener((o, before, now) -> show(tab, lab, context));
            root.getTabs().add(tab);
            show(tab, lab, context);
        }
    }

    private void show(Tab tab, Lab lab, PanelContext context) {
        if (tab.isSelected() && tab.getContent() == null) {
            LabView view = new LabView(lab, context);
            views.add(view);
            tab.setContent(view.view());
        }
    }

    @Override
    public Node view() {
        return root;
    }

    @Override
    public void dispose() {
        views.forEach(LabView::dispose);
    }
}
