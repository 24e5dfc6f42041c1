package org.loopscope.plugin.lens;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.Subscriptions;

/** The pinned tokens above the cells, each a button that lets it go; without any it says how to pin one. */
final class PinnedTokens {
    private static final String HINT = "Click a cell to pin it";

    private final LensViewModel model;
    private final FlowPane root = new FlowPane(5, 4);

    PinnedTokens(LensViewModel model, PanelContext context) {
        this.model = model;
        root.setId("lens-pins");
        root.setPrefWrapLength(200);
        root.setMinWidth(0);
        root.setAlignment(Pos.CENTER_LEFT);
        HBox.setHgrow(root, Priority.ALWAYS);
        Subscriptions ownedByModel = new Subscriptions();
        ownedByModel.onChange(context.pinnedTokensProperty(), pins -> show());
        ownedByModel.onChange(context.inspectionProperty(), run -> show());
        model.onDispose(ownedByModel::drop);
        show();
    }

    Node node() {
        return root;
    }

    private void show() {
        root.getChildren().clear();
        if (model.pinned().isEmpty()) {
            Label hint = new Label(HINT);
            hint.maxWidthProperty().bind(root.widthProperty()); // ends in dots, not on what stands beside it
            root.getChildren().add(hint);
            return;
        }
        root.getChildren().add(new Label("Pinned"));
        for (int id : model.pinned()) {
            String text = model.tokenText(id);
            root.getChildren()
                    .add(button(text + "  ×", "lens-unpin-" + id, "Let “" + text + "” go", () -> model.togglePin(id)));
        }
        if (model.pinned().size() > 1) {
            root.getChildren().add(button("Unpin all", "lens-unpin-all", "Let every token go", model::unpinAll));
        }
    }

    private static Button button(String text, String id, String help, Runnable action) {
        Button button = new Button(text);
        button.setId(id);
        button.setMnemonicParsing(false);
        button.getStyleClass().add("pin-chip");
        button.setTooltip(new Tooltip(help));
        button.setAccessibleText(help);
        button.setOnAction(e -> action.run());
        return button;
    }
}
