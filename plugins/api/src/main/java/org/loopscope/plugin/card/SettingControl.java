package org.loopscope.plugin.card;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.ObjectProperty;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Control;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import org.loopscope.lab.Form;
import org.loopscope.lab.Setting;
import org.loopscope.lab.Values;
import org.loopscope.model.base.LoopscopeException;

/** The control of a setting with its label: a box to tick, a list of choices, or a field that takes what the option takes. */
public final class SettingControl extends HBox {
    private static final double SHORT = 90;
    private static final double LONG = 240;

    private final ObjectProperty<Values> values;
    private final Consumer<String> problems;

    /**
     * The control that shows and sets {@code setting} of {@code values}.
     *
     * @param id of the control
     * @param problems told, in a sentence, what cannot be set; the value before stays
     */
    public static <T> SettingControl of(
            String id, Setting<T> setting, ObjectProperty<Values> values, Consumer<String> problems) {
        SettingControl made = new SettingControl(values, problems);
        Control control = setting.form() instanceof Form.Flag ? made.box(setting) : made.labelled(setting);
        control.setId(id);
        marks(control, setting);
        String by = setting.initially().isEmpty() || setting.form() instanceof Form.Flag
                ? ""
                : " Default: " + setting.initially() + ".";
        control.setTooltip(new Tooltip(setting.meaning() + by));
        control.setAccessibleText(setting.label());
        return made;
    }

    /** Says that {@code control} sets {@code setting}, in a form of its own. */
    public static void marks(Node control, Setting<?> setting) {
        control.getProperties().put(Setting.class, setting);
    }

    private SettingControl(ObjectProperty<Values> values, Consumer<String> problems) {
        super(5);
        this.values = values;
        this.problems = problems;
        setAlignment(Pos.CENTER_LEFT);
    }

    private <T> Control box(Setting<T> setting) {
        CheckBox box = new CheckBox(setting.label());
        box.setMinWidth(Region.USE_PREF_SIZE);
        box.selectedProperty().addListener((o, before, now) -> set(setting, Boolean.toString(now)));
        follow(() -> box.setSelected(values.get().text(setting).equals("true")));
        getChildren().add(box);
        return box;
    }

    private <T> Control labelled(Setting<T> setting) {
        Label label = new Label(setting.label());
        label.setMinWidth(Region.USE_PREF_SIZE);
        Control control = setting.form() instanceof Form.Choice<T> || setting.form() instanceof Form.OfRows
                ? list(setting)
                : field(setting);
        label.setLabelFor(control);
        getChildren().addAll(label, control);
        return control;
    }

    private <T> Control list(Setting<T> setting) {
        ComboBox<Optional<T>> box = new ComboBox<>();
        box.setConverter(new Words<>(setting));
        offer(box, setting, setting.allowed().toList());
        box.valueProperty().addListener((o, before, now) -> {
            if (now != null) {
                values.set(now.map(value -> values.get().with(setting, value))
                        .orElseGet(() -> values.get().without(setting)));
            }
        });
        follow(() -> box.setValue(values.get().find(setting)));
        return box;
    }

    /** Offers only {@code some} of a choice, and none while a value is not needed. */
    private static <T> void offer(ComboBox<Optional<T>> box, Setting<T> setting, List<T> some) {
        Optional<T> shown = box.getValue();
        box.getItems().clear();
        if (Values.of(List.of(setting)).find(setting).isEmpty()) {
            box.getItems().add(Optional.empty());
        }
        some.forEach(value -> box.getItems().add(Optional.of(value)));
        box.setValue(shown);
    }

    /** Shows in an empty field what holds while nothing is set. */
    public void showUsual(String text) {
        getChildren().stream().filter(TextField.class::isInstance).forEach(field -> ((TextField) field)
                .setPromptText(text));
    }

    /** Offers only {@code some} of the values, where this is a list of choices. */
    @SuppressWarnings("unchecked") // list() made it of the same setting
    public <T> void offer(Setting<T> setting, List<T> some) {
        getChildren().stream()
                .filter(ComboBox.class::isInstance)
                .forEach(node -> offer((ComboBox<Optional<T>>) node, setting, some));
    }

    private <T> Control field(Setting<T> setting) {
        TextField field = new TextField();
        boolean number = !(setting.form() instanceof Form.Text<T>);
        field.setPrefWidth(number ? SHORT : LONG);
        field.setMinWidth(SHORT);
        field.setPromptText(setting.initially());
        field.setOnAction(e -> commit(field, setting));
        field.focusedProperty().addListener((o, before, focused) -> {
            if (!focused) {
                commit(field, setting);
            }
        });
        follow(() -> field.setText(values.get().isSet(setting) ? values.get().text(setting) : ""));
        return field;
    }

    private <T> void commit(TextField field, Setting<T> setting) {
        String text = field.getText().strip();
        if (text.isEmpty()) {
            values.set(values.get().without(setting));
        } else if (!set(setting, text)) {
            field.setText(values.get().isSet(setting) ? values.get().text(setting) : "");
        }
    }

    private <T> boolean set(Setting<T> setting, String text) {
        try {
            if (!values.get().text(setting).equals(text)) {
                values.set(values.get().read(setting, text));
            }
            return true;
        } catch (LoopscopeException e) {
            problems.accept(String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void follow(Runnable show) {
        values.addListener((o, before, now) -> show.run());
        show.run();
    }

    /** Titles of a choice, or names of rows as they are. */
    private static final class Words<T> extends javafx.util.StringConverter<Optional<T>> {
        private final Setting<T> setting;

        Words(Setting<T> setting) {
            this.setting = setting;
        }

        @Override
        public String toString(Optional<T> value) {
            return value == null ? "" : value.map(this::title).orElse(setting.initially());
        }

        private String title(T value) {
            return setting.form() instanceof Form.Choice<T> choice
                    ? choice.title().apply(value)
                    : setting.form().text(value);
        }

        @Override
        public Optional<T> fromString(String text) {
            return setting.allowed().filter(value -> title(value).equals(text)).findFirst();
        }
    }
}
