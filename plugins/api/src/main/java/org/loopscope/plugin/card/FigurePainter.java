package org.loopscope.plugin.card;

import java.awt.image.BufferedImage;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javafx.application.Platform;
import org.jfree.chart.ChartRenderingInfo;
import org.jfree.chart.entity.ChartEntity;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.DotCloud;
import org.loopscope.figure.Figure;
import org.loopscope.figure.FigureExport;
import org.loopscope.figure.FigureTheme;

/**
 * Draws the figures of one view on the one thread that all views share. What is asked for while an earlier drawing of the
 * same view waits takes its place, so that a view never falls behind by more than the drawing under way.
 */
final class FigurePainter {
    private static final ExecutorService THREAD = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "loopscope-figures");
        thread.setDaemon(true);
        return thread;
    });

    private final Consumer<Picture> fxThread;
    private final AtomicReference<Optional<Drawing>> next = new AtomicReference<>(Optional.empty());

    /**
     * A figure as it is to be seen.
     *
     * @param width in pixels of the window, not the screen; whole
     * @param zoom pixels of the window for one of the figure
     * @param scale pixels of the screen for one of the window
     */
    record Drawing(Figure figure, FigureTheme theme, double width, double height, double zoom, double scale) {
        private Picture draw() {
            double figureWidth = width / zoom;
            double figureHeight = height / zoom;
            if (!(figure instanceof ChartFigure chart)) {
                return new Picture(
                        this,
                        FigureExport.plain(figure, figureWidth, figureHeight, zoom * scale, theme),
                        new ChartRenderingInfo());
            }
            ChartRenderingInfo places = new ChartRenderingInfo();
            BufferedImage image = FigureExport.pixels(
                    g -> chart.drawChart(g, figureWidth, figureHeight, theme, places),
                    figureWidth,
                    figureHeight,
                    zoom * scale,
                    theme);
            return new Picture(this, image, places);
        }
    }

    /** What was drawn; {@code places} are those of a chart's parts, in the figure's coordinates. */
    record Picture(Drawing drawing, BufferedImage image, ChartRenderingInfo places) {
        /** What a chart says about the part of it at this point of the view; empty if nothing. */
        String tip(double x, double y) {
            double figureX = x / drawing.zoom();
            double figureY = y / drawing.zoom();
            ChartEntity part = places.getEntityCollection().getEntity(figureX, figureY);
            if (part instanceof DotCloud.Places dots) {
                return dots.textAt(figureX, figureY);
            }
            return part == null || part.getToolTipText() == null ? "" : part.getToolTipText();
        }
    }

    /** {@code done} gets each picture on the FX thread, in the order in which they were asked for. */
    FigurePainter(Consumer<Picture> done) {
        this.fxThread = picture -> Platform.runLater(() -> done.accept(picture));
    }

    void draw(Drawing drawing) {
        if (next.getAndSet(Optional.of(drawing)).isEmpty()) {
            THREAD.execute(this::drawNext);
        }
    }

    private void drawNext() {
        Drawing drawing = next.getAndSet(Optional.empty()).orElseThrow();
        try {
            fxThread.accept(drawing.draw());
        } catch (RuntimeException | Error e) {
            // an empty picture, and the error told as one of the FX thread
            fxThread.accept(new Picture(
                    drawing, new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB_PRE), new ChartRenderingInfo()));
            Platform.runLater(() -> {
                throw e;
            });
        }
    }
}
