package org.loopscope.figure;

import java.awt.Graphics2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.jfree.chart.ChartRenderingInfo;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.entity.ChartEntity;
import org.jfree.chart.plot.CrosshairState;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYDotRenderer;
import org.jfree.chart.renderer.xy.XYItemRendererState;
import org.jfree.data.xy.XYDataset;
import org.jspecify.annotations.Nullable;

/**
 * Thousands of dots as small squares. All together are one part of the chart, which knows their places: the text of a dot is
 * made when the mouse is near it, not for every dot whenever the chart is drawn.
 */
public final class DotCloud extends XYDotRenderer {
    private static final long serialVersionUID = 1L;
    private static final int SIZE = 4;
    /** How far the mouse may be from the middle of a dot, in figure pixels. */
    static final double REACH = 6;

    private final transient Texts texts;
    private transient @Nullable Places places; // of the drawing under way; none if nobody asks for them

    /** What the mouse shows of one dot. */
    @FunctionalInterface
    public interface Texts {
        String of(int series, int item);
    }

    public DotCloud(Texts texts) {
        this.texts = texts;
        setDotWidth(SIZE);
        setDotHeight(SIZE);
        setDefaultCreateEntities(false);
    }

    /** Where the dots were drawn, as one part of the chart. */
    public static final class Places extends ChartEntity {
        private static final long serialVersionUID = 1L;

        private record Dot(double x, double y, int series, int item) {}

        private final transient List<Dot> dots = new ArrayList<>();
        private final transient Texts texts;

        private Places(Rectangle2D area, Texts texts) {
            super(new Rectangle2D.Double(
                    area.getX() - REACH,
                    area.getY() - REACH,
                    area.getWidth() + 2 * REACH,
                    area.getHeight() + 2 * REACH));
            this.texts = texts;
        }

        /** The text of the dot nearest to a point of the figure; empty if none is within {@link #REACH}. */
        public String textAt(double x, double y) {
            Dot nearest = null;
            double least = REACH * REACH;
            for (Dot dot : dots) {
                double distance = Point2D.distanceSq(x, y, dot.x, dot.y);
                if (distance <= least) { // of equal ones the last: it is drawn on top
                    nearest = dot;
                    least = distance;
                }
            }
            return nearest == null ? "" : texts.of(nearest.series, nearest.item);
        }
    }

    @Override
    public XYItemRendererState initialise(
            Graphics2D g, Rectangle2D area, XYPlot plot, XYDataset data, @Nullable PlotRenderingInfo info) {
        ChartRenderingInfo chart = info == null ? null : info.getOwner();
        places = null;
        if (chart != null && chart.getEntityCollection() != null) {
            places = new Places(area, texts);
            chart.getEntityCollection().add(places);
        }
        return super.initialise(g, area, plot, data, info);
    }

    @Override
    public void drawItem(
            Graphics2D g,
            XYItemRendererState state,
            Rectangle2D area,
            PlotRenderingInfo info,
            XYPlot plot,
            ValueAxis horizontal,
            ValueAxis vertical,
            XYDataset data,
            int series,
            int item,
            CrosshairState crosshair,
            int pass) {
        super.drawItem(g, state, area, info, plot, horizontal, vertical, data, series, item, crosshair, pass);
        if (places != null && !Double.isNaN(data.getYValue(series, item))) {
            places.dots.add(new Places.Dot(
                    horizontal.valueToJava2D(data.getXValue(series, item), area, plot.getDomainAxisEdge()),
                    vertical.valueToJava2D(data.getYValue(series, item), area, plot.getRangeAxisEdge()),
                    series,
                    item));
        }
    }
}
