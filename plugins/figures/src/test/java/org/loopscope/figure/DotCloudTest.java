package org.loopscope.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import org.jfree.chart.ChartRenderingInfo;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.entity.ChartEntity;
import org.jfree.chart.plot.XYPlot;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.junit.jupiter.api.Test;

class DotCloudTest {
    private final List<String> made = new ArrayList<>();
    private final ChartRenderingInfo info = new ChartRenderingInfo();
    private DotCloud.Places places;
    private Rectangle2D area;

    /** Axes from 0 to 10 in both directions, drawn without anybody pointing. */
    private void draw(double[]... series) {
        XYSeriesCollection data = new XYSeriesCollection();
        for (int s = 0; s < series.length; s++) {
            XYSeries one = new XYSeries(s, false);
            for (int i = 0; i < series[s].length; i += 2) {
                one.add(series[s][i], series[s][i + 1]);
            }
            data.addSeries(one);
        }
        DotCloud cloud = new DotCloud((s, i) -> {
            made.add(s + "/" + i);
            return s + "/" + i;
        });
        XYPlot plot = new XYPlot(data, axis(), axis(), cloud);
        BufferedImage image = new BufferedImage(400, 300, BufferedImage.TYPE_INT_ARGB);
        Graphics2D g = image.createGraphics();
        new JFreeChart(plot).draw(g, new Rectangle2D.Double(0, 0, 400, 300), info);
        g.dispose();
        area = info.getPlotInfo().getDataArea();
        List<DotCloud.Places> found = new ArrayList<>();
        for (Object entity : info.getEntityCollection().getEntities()) {
            if (entity instanceof DotCloud.Places one) {
                found.add(one);
            }
        }
        assertEquals(1, found.size(), "one part for all dots");
        places = found.get(0);
    }

    private static NumberAxis axis() {
        NumberAxis axis = new NumberAxis("");
        axis.setRange(0, 10);
        return axis;
    }

    /** At a place in data coordinates, and so many pixels beside it. */
    private String at(double x, double y, double right, double down) {
        return places.textAt(
                area.getX() + x / 10 * area.getWidth() + right, area.getMaxY() - y / 10 * area.getHeight() + down);
    }

    @Test
    void theNearestDotWithinReachTellsItsText() {
        draw(new double[] {2, 3, 8, 3}, new double[] {5, 9});
        assertEquals("0/0", at(2, 3, 0, 0));
        assertEquals("0/1", at(8, 3, -5.9, 0));
        assertEquals("1/0", at(5, 9, 3, -5));
        assertEquals("", at(5, 9, 6.1, 0));
        assertEquals("", at(5, 5, 0, 0));
        assertEquals(List.of("0/0", "0/1", "1/0"), made, "texts of the dots that were pointed at, no others");
    }

    @Test
    void betweenTwoDotsTheNearerOneSpeaksAndOfEqualOnesTheUpper() {
        draw(new double[] {5, 5, 5.1, 5}, new double[] {5, 5}); // some 3 pixels apart
        assertEquals("0/1", at(5.1, 5, 1, 0));
        assertEquals("0/0", at(5, 5, -1, 0)); // the first series is drawn last
    }

    @Test
    void theDotsAreWhatThePointerMeetsInTheChart() {
        double[] many = new double[2 * 3000];
        for (int i = 0; i < many.length; i++) {
            many[i] = 1 + i % 8;
        }
        draw(many);
        ChartEntity part = info.getEntityCollection().getEntity(area.getCenterX(), area.getCenterY());
        assertTrue(part == places, String.valueOf(part));
        assertTrue(info.getEntityCollection().getEntityCount() < 20, "no part for each dot");
        assertEquals(List.of(), made);
    }
}
