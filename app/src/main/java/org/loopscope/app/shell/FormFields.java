package org.loopscope.app.shell;

import javafx.beans.binding.Bindings;
import javafx.beans.property.StringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import org.loopscope.app.workbench.RunForm;

/** Fields of the run form as the sidebar shows them: labelled, explained, marked while they are wrong. */
final class FormFields {
    private final RunForm form;

    FormFields(RunForm form) {
        this.form = form;
    }

    /**
     * A short field with its name before it.
     *
     * @param help for tooltip and screen readers
     */
    Region number(RunForm.Field kind, String text, String id, StringProperty value, String help) {
        TextField field = new TextField();
        field.setId(id);
        field.setPrefColumnCount(3);
        field.setAccessibleText(help);
        field.setTooltip(new Tooltip(help));
        field.textProperty().bindBidirectional(value);
        markWhenWrong(field, kind);
        Label label = new Label(text);
        label.setLabelFor(field);
        HBox box = new HBox(4, label, field);
        box.getStyleClass().add("ls-field");
        return box;
    }

    void markWhenWrong(Node node, RunForm.Field field) {
        form.wrongFieldProperty().addListener((o, before, now) -> {
            node.getStyleClass().remove("ls-wrong");
            if (now == field) {
                node.getStyleClass().add("ls-wrong");
            }
        });
    }

    /** A sentence that takes no room while it is empty. */
    static Label sentence(ObservableStringValue text, String id, String style) {
        Label label = new Label();
        label.setId(id);
        label.getStyleClass().add(style);
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        label.textProperty().bind(text);
        label.visibleProperty().bind(Bindings.isNotEmpty(text));
        label.managedProperty().bind(label.visibleProperty());
        return label;
    }
}
