package org.loopscope.plugin.card;

import javafx.scene.control.Button;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Region;

/** Buttons that start and stop a panel's own work, each pressed only while that makes sense. */
public final class WorkButton {
    private WorkButton() {}

    /** Starts; disabled while something is at work. */
    public static Button start(String id, String text, LabWork work, Runnable action) {
        Button button = of(id, text, action);
        button.disableProperty().bind(work.runningProperty());
        return button;
    }

    /** Stops; disabled while nothing is at work. */
    public static Button cancel(String id, LabWork work, String tip) {
        Button button = of(id, "Cancel", work::cancel);
        button.setTooltip(new Tooltip(tip));
        button.disableProperty().bind(work.runningProperty().not());
        return button;
    }

    private static Button of(String id, String text, Runnable action) {
        Button button = new Button(text);
        button.setId(id);
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setOnAction(e -> action.run());
        return button;
    }
}
