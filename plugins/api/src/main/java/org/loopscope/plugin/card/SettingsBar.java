package org.loopscope.plugin.card;

import java.util.List;
import java.util.function.Consumer;
import javafx.beans.property.ObjectProperty;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.VBox;
import org.loopscope.lab.Setting;
import org.loopscope.lab.Values;

/** What a lab can be asked of a run, behind "Options…": every setting that its command has. */
public final class SettingsBar extends VBox {
    /**
     * The bar.
     *
     * @param id that all ids of nodes begin with; a control's ends in the name of its setting
     * @param problems told, in a sentence, what cannot be set
     */
    public SettingsBar(String id, List<Setting<?>> settings, ObjectProperty<Values> values, Consumer<String> problems) {
        super(8);
        FlowPane asked = new FlowPane(14, 6);
        settings.forEach(setting ->
                asked.getChildren().add(SettingControl.of(id + "-" + setting.name(), setting, values, problems)));
        getChildren().addAll(options(id, asked), asked);
    }

    /** The button that shows and hides {@code asked}. */
    static ToggleButton options(String id, FlowPane asked) {
        ToggleButton options = new ToggleButton("Options…");
        options.setId(id + "-options");
        options.setMinWidth(USE_PREF_SIZE);
        options.setTooltip(new Tooltip("What the command can be asked too"));
        asked.visibleProperty().bind(options.selectedProperty());
        asked.managedProperty().bind(asked.visibleProperty());
        return options;
    }
}
