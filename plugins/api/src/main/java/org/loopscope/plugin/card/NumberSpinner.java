package org.loopscope.plugin.card;

import javafx.beans.property.ObjectProperty;
import javafx.scene.control.Spinner;

/** A whole number that a lab is told, typed or stepped. */
public final class NumberSpinner extends Spinner<Integer> {
    private static final double WIDTH = 80;

    /**
     * Shows {@code value} and sets it.
     *
     * @param name what is read out for it
     * @param step how far an arrow goes
     */
    public NumberSpinner(String id, String name, int least, int most, int step, ObjectProperty<Integer> value) {
        super(least, most, value.get(), step);
        setId(id);
        setAccessibleText(name);
        setEditable(true);
        setPrefWidth(WIDTH);
        setMinWidth(WIDTH);
        valueProperty().addListener((o, before, now) -> value.set(now));
    }
}
