package org.loopscope.plugin.geometry;

import java.awt.BasicStroke;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.ui.Layer;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.loopscope.figure.ChartStyle;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.SeriesLook;

/** Charts of a few lines over the loop steps, with their names below. */
final class Lines {
    /** Values [T], NaN where there is none. */
    record Line(String name, double[] values) {}

    private Lines() {}

    /** {@code step} is marked; {@code axis} is made for every chart. */
    static JFreeChart chart(List<Line> lines, int step, Function<FigureTheme, ValueAxis> axis, FigureTheme theme) {
        int steps = lines.get(0).values().length;
        XYPlot plot = ChartStyle.stepPlot(steps, "loop step t", axis.apply(theme), theme);
        boolean logarithmic = plot.getRangeAxis() instanceof LogAxis;
        XYSeriesCollection data = new XYSeriesCollection();
        XYLineAndShapeRenderer renderer = ChartStyle.lines();
        for (int i = 0; i < lines.size(); i++) {
            XYSeries series = new XYSeries(lines.get(i).name());
            for (int t = 1; t <= steps; t++) {
                double value = lines.get(i).values()[t - 1];
                if (Double.isFinite(value) && !(logarithmic && value <= 0)) {
                    series.add(t, value);
                }
            }
            data.addSeries(series);
            SeriesLook.of(i).apply(renderer, i, steps > 16 ? 4 : 6, theme);
        }
        renderer.setDefaultToolTipGenerator((d, s, i) -> String.format(
                Locale.ROOT,
                "%s at loop %d: %s",
                d.getSeriesKey(s),
                (int) d.getXValue(s, i),
                MapFigure.number(d.getYValue(s, i))));
        plot.setDataset(data);
        plot.setRenderer(renderer);
        plot.addDomainMarker(new ValueMarker(step, theme.border(), new BasicStroke(7f)), Layer.BACKGROUND);
        JFreeChart chart = ChartStyle.chart(plot, theme);
        if (lines.size() > 1) {
            addLegend(chart, theme);
        }
        return chart;
    }

    static void addLegend(JFreeChart chart, FigureTheme theme) {
        LegendTitle legend = new LegendTitle(chart.getPlot());
        legend.setItemFont(theme.font(12));
        legend.setItemPaint(theme.text());
        legend.setBackgroundPaint(theme.card());
        legend.setPosition(RectangleEdge.BOTTOM);
        chart.addLegend(legend);
    }

    /** From 0 to a little above the largest value; down to the smallest where that is negative. */
    static NumberAxis axis(String label, List<Line> lines) {
        double most = 0;
        double least = 0;
        for (Line line : lines) {
            for (double value : line.values()) {
                most = Double.isFinite(value) ? Math.max(most, value) : most;
                least = Double.isFinite(value) ? Math.min(least, value) : least;
            }
        }
        NumberAxis axis = new NumberAxis(label);
        double room = most == least ? 1 : 0.06 * (most - least);
        axis.setRange(least - room / 2, most + room);
        axis.setNumberFormatOverride(ChartStyle.decimals("0.##"));
        return axis;
    }
}
