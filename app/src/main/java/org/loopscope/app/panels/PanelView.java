package org.loopscope.app.panels;

import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import javafx.application.Platform;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Label;
import javafx.scene.layout.Region;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.base.ForeignText;

/**
 * Room for the view of somebody else's panel. What that view throws while it is laid out would keep the whole window from being
 * drawn, or from opening; here it gives way to a sentence.
 */
final class PanelView extends Region {
    private final Node content;
    private final Consumer<Throwable> problems;
    private boolean failed;

    /** @param problems told once, on the FX thread, what the view threw */
    PanelView(Node content, Consumer<Throwable> problems) {
        this.content = content;
        this.problems = problems;
        getChildren().add(content);
    }

    /** Shows a sentence in place of the view. */
    void giveWay(String sentence) {
        Label label = new Label(ForeignText.inWindow(sentence));
        label.setWrapText(true);
        label.getStyleClass().add("ls-problem");
        getChildren().setAll(label);
        requestLayout();
    }

    @Override
    protected void layoutChildren() {
        if (failed) {
            getChildren().forEach(child -> child.resizeRelocate(0, 0, getWidth(), getHeight()));
            return;
        }
        guarded(() -> {
            content.resizeRelocate(0, 0, getWidth(), getHeight());
            if (content instanceof Parent parent) {
                parent.layout();
            }
            return 0;
        });
    }

    @Override
    public @Nullable Orientation getContentBias() {
        return failed ? null : content.getContentBias();
    }

    @Override
    protected double computeMinWidth(double height) {
        return guarded(() -> content.minWidth(height));
    }

    @Override
    protected double computeMinHeight(double width) {
        return guarded(() -> content.minHeight(width));
    }

    @Override
    protected double computePrefWidth(double height) {
        return guarded(() -> content.prefWidth(height));
    }

    @Override
    protected double computePrefHeight(double width) {
        return guarded(() -> content.prefHeight(width));
    }

    private double guarded(DoubleSupplier call) {
        if (failed) {
            return 0;
        }
        try {
            return call.getAsDouble();
        } catch (Throwable e) { // code of others: an Error of theirs is not the program's end
            failed = true;
            Platform.runLater(() -> problems.accept(e));
            return 0;
        }
    }
}
