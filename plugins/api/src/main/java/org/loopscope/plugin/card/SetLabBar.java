package org.loopscope.plugin.card;

import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.loopscope.lab.Setting;

/**
 * What runs a lab over sets: rows are opened, a set is run, "Options…" shows everything that its command can be asked too, and how
 * far it is stands below.
 */
public final class SetLabBar extends VBox {
    private final String id;
    private final SetLabModel<?, ?, ?> model;
    private final SetBar sets;
    private final Subscriptions subscriptions = new Subscriptions();

    /**
     * The bar.
     *
     * @param id that all ids of nodes begin with; a control's ends in the name of its setting
     * @param left stands before the buttons
     */
    public SetLabBar(String id, SetLabModel<?, ?, ?> model, Node... left) {
        super(8);
        this.id = id;
        this.model = model;
        this.sets = new SetBar(id, model.lab().command(), model);
        FlowPane asked = new FlowPane(14, 6);
        model.lab().asked().stream().filter(setting -> !setting.isForShowing()).forEach(setting -> asked.getChildren()
                .add(control(setting)));
        HBox bar = new HBox(8, left);
        bar.getChildren().add(sets);
        if (!asked.getChildren().isEmpty()) {
            bar.getChildren().add(SettingsBar.options(id, asked));
        }
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().add("card-toolbar");
        getChildren().addAll(bar, asked, sets.status());
    }

    private <T> Node control(Setting<T> setting) {
        SettingControl control =
                SettingControl.of(id + "-" + setting.name(), setting, model.valuesProperty(), model.work()::say);
        model.summaryProperty().addListener((o, before, now) -> control.offer(setting, model.offered(setting)));
        subscriptions.follow(model.modelProperty(), m -> control.showUsual(model.usual(setting)));
        return control;
    }

    /** Controls of what decides only how rows are shown, but for {@code others}; away while no rows are shown. */
    public Node shown(List<Setting<?>> others) {
        FlowPane pane = new FlowPane(14, 6);
        pane.setAlignment(Pos.CENTER_LEFT);
        model.lab().asked().stream()
                .filter(Setting::isForShowing)
                .filter(setting -> !others.contains(setting))
                .forEach(setting -> pane.getChildren().add(control(setting)));
        pane.visibleProperty().bind(model.summaryProperty().isNotNull());
        pane.managedProperty().bind(pane.visibleProperty());
        return pane;
    }

    /** For tests that answer its file dialogs. */
    public SetBar sets() {
        return sets;
    }

    /** Drops the listeners on the context. */
    public void dispose() {
        subscriptions.drop();
    }
}
