package org.loopscope.plugin.card;

import javafx.geometry.Orientation;
import javafx.scene.control.Label;
import javafx.scene.layout.Region;

/**
 * Title, subtitle and buttons of a card in one line where they fit; otherwise the subtitle stands below in the whole
 * width, wrapped, never cut: it says which lens a figure shows.
 */
final class CardHeader extends Region {
    private static final double GAP = 10;

    private final Label title;
    private final Label subtitle;
    private final Region buttons;
    private double knownWidth = Double.NaN; // that knownHeight belongs to
    private double knownHeight;

    CardHeader(Label title, Label subtitle, Region buttons) {
        this.title = title;
        this.subtitle = subtitle;
        this.buttons = buttons;
        subtitle.setWrapText(true);
        getChildren().addAll(title, subtitle, buttons);
    }

    @Override
    public Orientation getContentBias() {
        return Orientation.HORIZONTAL;
    }

    private double oneLine() {
        return title.prefWidth(-1) + GAP + subtitle.prefWidth(-1) + GAP + buttons.prefWidth(-1);
    }

    private double firstLineHeight() {
        return Math.max(title.prefHeight(-1), buttons.prefHeight(-1));
    }

    private boolean below(double width) {
        return width >= 0 && !subtitle.getText().isEmpty() && oneLine() > width;
    }

    @Override
    protected double computeMinWidth(double height) {
        return title.minWidth(-1) + GAP + buttons.prefWidth(-1);
    }

    @Override
    protected double computePrefWidth(double height) {
        return oneLine();
    }

    @Override
    protected double computePrefHeight(double width) {
        if (!(width == knownWidth)) {
            knownHeight = firstLineHeight() + (below(width) ? subtitle.prefHeight(width) : 0);
            knownWidth = width;
        }
        return knownHeight;
    }

    /** Wrapping the subtitle is slow, and a layout asks for the height many times. */
    @Override
    public void requestLayout() {
        knownWidth = Double.NaN;
        super.requestLayout();
    }

    @Override
    protected double computeMinHeight(double width) {
        return computePrefHeight(width);
    }

    @Override
    protected void layoutChildren() {
        double width = getWidth();
        double line = firstLineHeight();
        double buttonsWidth = buttons.prefWidth(-1);
        double titleHeight = title.prefHeight(-1);
        double titleTop = (line - titleHeight) / 2;
        double titleWidth = Math.max(0, Math.min(title.prefWidth(-1), width - buttonsWidth - GAP));
        title.resizeRelocate(0, titleTop, titleWidth, titleHeight);
        buttons.resizeRelocate(
                width - buttonsWidth, (line - buttons.prefHeight(-1)) / 2, buttonsWidth, buttons.prefHeight(-1));
        if (below(width)) {
            subtitle.resizeRelocate(0, line, width, subtitle.prefHeight(width));
        } else {
            double left = titleWidth + GAP;
            double top = titleTop + title.getBaselineOffset() - subtitle.getBaselineOffset();
            subtitle.resizeRelocate(left, top, width - buttonsWidth - GAP - left, subtitle.prefHeight(-1));
        }
    }
}
