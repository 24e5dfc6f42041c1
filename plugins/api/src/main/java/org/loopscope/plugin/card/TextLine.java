package org.loopscope.plugin.card;

import javafx.beans.value.ObservableValue;
import javafx.scene.control.Label;
import javafx.scene.layout.Region;
import org.loopscope.model.base.ForeignText;

/** A line of a panel that says something which changes: wrapped where it is long, and away while there is nothing to say. */
public final class TextLine extends Label {
    private TextLine(String id, String style, ObservableValue<String> text) {
        setId(id);
        getStyleClass().add(style);
        setWrapText(true);
        setMaxWidth(Double.MAX_VALUE);
        setMinHeight(Region.USE_PREF_SIZE);
        textProperty().bind(text.map(ForeignText::inWindow));
        visibleProperty().bind(textProperty().isNotEmpty());
        managedProperty().bind(visibleProperty());
    }

    /** Small grey text: how far work is, what a figure is of. */
    public static TextLine small(String id, ObservableValue<String> text) {
        return new TextLine(id, "card-label", text);
    }

    /** A note that should not be overlooked. */
    public static TextLine note(String id, ObservableValue<String> text) {
        return new TextLine(id, "card-note", text);
    }
}
