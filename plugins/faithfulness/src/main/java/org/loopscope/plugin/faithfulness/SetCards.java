package org.loopscope.plugin.faithfulness;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.layout.VBox;
import org.loopscope.lab.SetLab;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.SetLabModel;
import org.loopscope.plugin.card.SetLabView;

/** The cards of the panel that go through a set: agreement, linear probes, patching by step. */
final class SetCards {
    private final List<SetLabView> sets = new ArrayList<>();
    private final VBox root = new VBox(12);

    SetCards(PanelContext context) {
        Executor thread = context.ownThread("faithfulness set");
        add(new AgreementLab(), context, thread);
        add(new LinearLab(), context, thread);
        add(new PatchLab(), context, thread);
    }

    private <P, R extends Record, S> void add(SetLab<P, R, S> lab, PanelContext context, Executor thread) {
        SetLabView view = new SetLabView(
                "probe-" + lab.id(),
                lab.title(),
                "No set yet. Open the CSV of loopscope " + lab.command() + ", or run a set through the open model.",
                context,
                new SetLabModel<>(lab, context, thread, Platform::runLater));
        sets.add(view);
        root.getChildren().add(view.view());
    }

    Node view() {
        return root;
    }

    void dispose() {
        sets.forEach(SetLabView::dispose);
    }
}
