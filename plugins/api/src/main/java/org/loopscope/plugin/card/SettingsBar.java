package org.loopscope.plugin.card;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.loopscope.lab.Setting;
import org.loopscope.lab.Values;

/** What a lab can be asked of a run, behind "Options…": every setting that its command has. What cannot be set is said below. */
public final class SettingsBar extends VBox {
    private final Map<Setting<?>, SettingControl> controls = new LinkedHashMap<>();
    private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper("");

    /**
     * The bar.
     *
     * @param id that all ids of nodes begin with; a control's ends in the name of its setting
     * @param left stands before the button
     */
    public SettingsBar(String id, List<Setting<?>> settings, ObjectProperty<Values> values, Node... left) {
        super(8);
        values.addListener((o, before, now) -> problem.set(""));
        settings.forEach(setting ->
                controls.put(setting, SettingControl.of(id + "-" + setting.name(), setting, values, problem::set)));
        FlowPane asked = new FlowPane(14, 6, controls.values().toArray(Node[]::new));
        HBox bar = new HBox(8, left);
        bar.getChildren().add(options(id, asked));
        bar.setAlignment(Pos.CENTER_LEFT);
        HBox.setHgrow(this, Priority.ALWAYS);
        getChildren().addAll(bar, asked, TextLine.note(id + "-options-problem", problem.getReadOnlyProperty()));
    }

    /** The same, with words in the empty field of a setting that are truer in this panel than those of the command. */
    public SettingsBar usual(Setting<?> setting, String words) {
        Objects.requireNonNull(controls.get(setting)).showUsual(words);
        return this;
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
