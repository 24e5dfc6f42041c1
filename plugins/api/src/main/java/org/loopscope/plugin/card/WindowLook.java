package org.loopscope.plugin.card;

import java.util.List;
import javafx.beans.InvalidationListener;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.scene.Node;
import javafx.scene.Scene;

/** Makes a window look like the one it was opened from, also when that one changes between light and dark, or its text size. */
public final class WindowLook {
    private final Scene owner;
    private final Scene child;
    private final InvalidationListener sheetsChanged = o -> copySheets();
    private final ListChangeListener<String> classesChanged = this::copyClasses;

    private WindowLook(Scene owner, Scene child) {
        this.owner = owner;
        this.child = child;
    }

    /** Lets {@code child} look like {@code owner} from now on; the root of {@code child} keeps its own style classes. */
    public static WindowLook follow(Scene owner, Scene child) {
        WindowLook look = new WindowLook(owner, child);
        look.start();
        return look;
    }

    private void start() {
        copySheets();
        ObservableList<String> own = child.getRoot().getStyleClass();
        owner.getRoot().getStyleClass().stream()
                .filter(name -> !own.contains(name))
                .toList()
                .forEach(own::add);
        owner.getStylesheets().addListener(sheetsChanged);
        owner.getRoot().getStyleClass().addListener(classesChanged);
        child.getRoot().styleProperty().bind(owner.getRoot().styleProperty());
    }

    /** Stops it; called when the window closes, else the owner would keep it. */
    public void drop() {
        Node root = owner.getRoot();
        owner.getStylesheets().removeListener(sheetsChanged);
        root.getStyleClass().removeListener(classesChanged);
        child.getRoot().styleProperty().unbind();
    }

    private void copySheets() {
        List<String> sheets = List.copyOf(owner.getStylesheets());
        if (!sheets.equals(child.getStylesheets())) {
            child.getStylesheets().setAll(sheets);
        }
    }

    private void copyClasses(ListChangeListener.Change<? extends String> change) {
        ObservableList<String> own = child.getRoot().getStyleClass();
        while (change.next()) {
            own.removeAll(change.getRemoved());
            own.addAll(change.getAddedSubList());
        }
    }
}
