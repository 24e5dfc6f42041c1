package org.loopscope.app.shell;

import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableBooleanValue;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.MenuItem;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCombination;
import org.jspecify.annotations.Nullable;

/**
 * Something a person can do. Registered once, it serves the menus, the toolbar, the command palette and the keyboard
 * help.
 *
 * @param id for tests and settings, such as {@code run}
 * @param text in menus, with an ellipsis where more input follows
 * @param help one sentence for tooltips and the palette
 * @param keys accelerator, such as {@code Shortcut+Enter}, or empty
 * @param disabled when it cannot be done now
 */
public record Command(
        String id, String text, String help, String keys, ObservableBooleanValue disabled, Runnable action) {

    static final ObservableBooleanValue ALWAYS = Bindings.createBooleanBinding(() -> false);

    /** Accelerator, or null where there is none. */
    public @Nullable KeyCombination combination() {
        return keys.isEmpty() ? null : KeyCombination.valueOf(keys);
    }

    /** The keys as this platform writes them, or the empty string. */
    public String keysText() {
        KeyCombination combination = combination();
        return combination == null ? "" : combination.getDisplayText();
    }

    /** Does it, unless it is disabled. */
    public void run() {
        if (!disabled.get()) {
            action.run();
        }
    }

    MenuItem menuItem() {
        MenuItem item = new MenuItem(text);
        item.setId("menu-" + id);
        item.setOnAction(e -> action.run());
        item.disableProperty().bind(disabled);
        KeyCombination combination = combination();
        if (combination != null) {
            item.setAccelerator(combination);
        }
        return item;
    }

    /** Makes a button do this, with its help and keys as tooltip and accessible text. */
    void attachTo(ButtonBase button) {
        button.setOnAction(e -> action.run());
        button.disableProperty().bind(disabled);
        String tip = keys.isEmpty() ? help : help + " (" + keysText() + ")";
        button.setTooltip(new Tooltip(tip));
        button.setAccessibleText(text);
        button.setAccessibleHelp(help);
    }
}
