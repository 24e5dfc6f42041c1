package org.loopscope.plugin.card;

import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.nio.IntBuffer;
import javafx.application.Platform;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.image.ImageView;
import javafx.scene.image.PixelBuffer;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.scene.layout.Region;
import javafx.scene.shape.Rectangle;
import javafx.stage.Window;
import org.jfree.chart.fx.ChartCanvas;
import org.jspecify.annotations.Nullable;
import org.loopscope.plugin.figure.ChartFigure;
import org.loopscope.plugin.figure.Figure;
import org.loopscope.plugin.figure.FigureExport;
import org.loopscope.plugin.figure.FigureTheme;
import org.loopscope.plugin.figure.Fonts;
import org.loopscope.plugin.figure.HeatmapFigure;

/**
 * A figure on screen at any size. Charts are drawn by JFreeChart's own canvas, everything else as one image at the
 * screen's resolution. However often figure, theme and size change, it is drawn at most once a pulse, and not at all
 * while it is hidden, in a tab behind others for example. Where many figures change at once, as when a run is opened, those
 * that would hold up a pulse too long wait for the next.
 */
public final class FigureView extends Region {
    private static final double MIN_WIDTH = 220;
    private static final double MIN_HEIGHT = 120;
    /** How far a figure may be squeezed below its preferred height before its panel scrolls. */
    private static final double LEAST_SHARE = 0.6;
    /** A heatmap up to this height is not squeezed at all: its cells hold text. */
    private static final double WHOLE_HEATMAP = 205;

    private static final double SMALLEST = 8;
    /** After so long in one pulse no further figure is begun. */
    private static final long ENOUGH_NANOS = 8_000_000;

    /** What all figures of a scene have spent in the pulse under way. */
    private static final class Spent {
        private boolean inPulse;
        private long nanos;
    }

    private final ObjectProperty<@Nullable Figure> figure = new SimpleObjectProperty<>(this, "figure");
    private final ObjectProperty<FigureTheme> theme = new SimpleObjectProperty<>(this, "theme", FigureTheme.LIGHT);
    private final ImageView image = new ImageView();
    private @Nullable ChartCanvas canvas;
    private final Runnable drawWhenShown = this::drawIfShown;
    private final Rectangle mark = new Rectangle();
    private final Runnable afterLayout = this::pulseLaidOut;
    private Spent spent = new Spent();
    private boolean dirty = true;
    private double drawnWidth;
    private double drawnHeight;
    private double drawnScale;

    public FigureView() {
        Fonts.registerForJavaFx();
        getStyleClass().add("figure-view");
        setAccessibleRole(AccessibleRole.IMAGE_VIEW);
        image.setManaged(false);
        mark.getStyleClass().add("cell-mark");
        mark.setManaged(false);
        mark.setMouseTransparent(true);
        mark.setVisible(false);
        getChildren().addAll(image, mark);
        sceneProperty().addListener((o, before, now) -> watch(before, now));
        figure.addListener((o, before, now) -> changed(now));
        theme.addListener(o -> redraw());
    }

    public ObjectProperty<@Nullable Figure> figureProperty() {
        return figure;
    }

    public ObjectProperty<FigureTheme> themeProperty() {
        return theme;
    }

    /** Draws a frame over the figure, in its coordinates, without drawing the figure again; null takes it away. */
    void mark(@Nullable Rectangle2D place) {
        mark.setVisible(place != null);
        if (place != null) {
            mark.setX(place.getX());
            mark.setY(place.getY());
            mark.setWidth(place.getWidth());
            mark.setHeight(place.getHeight());
            mark.setArcWidth(Math.min(7, place.getHeight() / 3));
            mark.setArcHeight(mark.getArcWidth());
        }
    }

    private void changed(@Nullable Figure now) {
        setAccessibleText(now == null ? "" : now.title() + ". " + now.description());
        redraw();
    }

    private void watch(@Nullable Scene before, @Nullable Scene now) {
        if (before != null) {
            before.removePreLayoutPulseListener(drawWhenShown);
            before.removePostLayoutPulseListener(afterLayout);
        }
        if (now == null) {
            spent = new Spent();
        } else {
            spent = (Spent) now.getProperties().computeIfAbsent(Spent.class, key -> new Spent());
            now.addPreLayoutPulseListener(drawWhenShown);
            now.addPostLayoutPulseListener(afterLayout);
        }
    }

    /** Becoming visible with a tab needs no new layout of its own, so it is asked for here. */
    private void drawIfShown() {
        spent.inPulse = true; // of every view, before the first is laid out
        spent.nanos = 0;
        if (dirty && shown()) {
            requestLayout();
        }
    }

    private void pulseLaidOut() {
        spent.inPulse = false;
        if (dirty && shown()) {
            Platform.requestNextPulse();
        }
    }

    /** Whether it shows its figure as it is, or is not to be seen. */
    public boolean isDrawn() {
        return !dirty || getWidth() < SMALLEST || getHeight() < SMALLEST || !shown();
    }

    private boolean shown() {
        for (Node node = this; node != null; node = node.getParent()) {
            if (!node.isVisible()) {
                return false;
            }
        }
        return true;
    }

    private void redraw() {
        dirty = true;
        requestLayout();
    }

    @Override
    protected void layoutChildren() {
        double width = Math.floor(getWidth());
        double height = Math.floor(getHeight());
        double scale = screenScale();
        dirty |= width != drawnWidth || height != drawnHeight || scale != drawnScale;
        if (!dirty || width < SMALLEST || height < SMALLEST || !shown()) {
            return;
        }
        if (spent.inPulse && spent.nanos > ENOUGH_NANOS) {
            return; // stays dirty, and another pulse comes
        }
        dirty = false;
        drawnWidth = width;
        drawnHeight = height;
        drawnScale = scale;
        long start = System.nanoTime();
        draw(width, height, scale);
        spent.nanos += System.nanoTime() - start;
    }

    private void draw(double width, double height, double scale) {
        Figure shown = figure.get();
        image.setVisible(shown != null && !(shown instanceof ChartFigure));
        if (shown instanceof ChartFigure chart) {
            drawChart(chart, width, height);
        } else if (canvas != null) {
            canvas.setVisible(false);
        }
        if (shown != null && image.isVisible()) {
            drawImage(shown, width, height, scale);
        }
    }

    /** The canvas draws at each change of chart, width and height: while its height is 0 it has nothing to draw. */
    private void drawChart(ChartFigure chart, double width, double height) {
        ChartCanvas shown = canvas;
        if (shown == null) {
            shown = new ChartCanvas(chart.chart(theme.get()));
            shown.setManaged(false);
            shown.removeAuxiliaryMouseHandler(shown.getMouseHandler("scroll")); // scrolling belongs to the panel
            shown.setDomainZoomable(false);
            shown.setRangeZoomable(false);
            getChildren().add(shown);
            canvas = shown;
        } else {
            if (shown.getWidth() != width || shown.getHeight() != height) {
                shown.setHeight(0);
            }
            shown.setChart(chart.chart(theme.get()));
        }
        shown.setVisible(true);
        shown.setWidth(width);
        shown.setHeight(height);
    }

    private void drawImage(Figure shown, double width, double height, double scale) {
        BufferedImage drawn = FigureExport.plain(shown, width, height, scale, theme.get());
        int[] pixels = ((DataBufferInt) drawn.getRaster().getDataBuffer()).getData();
        image.setImage(new WritableImage(new PixelBuffer<>(
                drawn.getWidth(), drawn.getHeight(), IntBuffer.wrap(pixels), PixelFormat.getIntArgbPreInstance())));
        image.setFitWidth(width);
        image.setFitHeight(height);
    }

    private double screenScale() {
        Window window = getScene() == null ? null : getScene().getWindow();
        return window == null ? 1 : Math.max(1, Math.max(window.getOutputScaleX(), window.getOutputScaleY()));
    }

    @Override
    protected double computeMinWidth(double height) {
        return MIN_WIDTH;
    }

    @Override
    protected double computeMinHeight(double width) {
        Figure shown = figure.get();
        if (shown == null) {
            return MIN_HEIGHT;
        }
        double preferred = shown.preferredHeight();
        double least = LEAST_SHARE * preferred;
        return Math.max(
                MIN_HEIGHT,
                shown instanceof HeatmapFigure ? Math.max(least, Math.min(preferred, WHOLE_HEATMAP)) : least);
    }

    @Override
    protected double computePrefWidth(double height) {
        Figure shown = figure.get();
        return shown == null ? MIN_WIDTH : Math.min(900, shown.preferredWidth());
    }

    @Override
    protected double computePrefHeight(double width) {
        Figure shown = figure.get();
        return shown == null ? MIN_HEIGHT : shown.preferredHeight();
    }
}
