package org.loopscope.figure;

import java.awt.BasicStroke;
import java.util.List;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.DeviationRenderer;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;

/** Intervals of many lines, and the range that lines are seen against; both drawn under the lines of a {@link DepthChart}. */
final class DepthIntervals {
    /** Bands that can be told apart where they overlap. */
    static final int MOST_BANDS = 4;

    private static final int BARS_AT_ONE_DEPTH = 3;

    private DepthIntervals() {}

    /** Whether so many lines have intervals that bars are drawn rather than bands. */
    static boolean asBars(List<DepthChart.Line> lines) {
        return lines.stream().filter(DepthIntervals::hasInterval).count() > MOST_BANDS;
    }

    private static boolean hasInterval(DepthChart.Line line) {
        return line.points().stream().anyMatch(p -> p.low() < p.high());
    }

    /** A line has a bar at every so manieth depth, so that few stand at the same one. */
    static int every(List<DepthChart.Line> lines) {
        long with = lines.stream().filter(DepthIntervals::hasInterval).count();
        return (int) Math.max(1, (with + BARS_AT_ONE_DEPTH - 1) / BARS_AT_ONE_DEPTH);
    }

    /** Bars as dataset 1: of line i at the depths d with (d + i) divisible by {@link #every}. */
    static void addBars(XYPlot plot, List<DepthChart.Line> lines, FigureTheme theme) {
        YIntervalSeriesCollection data = new YIntervalSeriesCollection();
        XYErrorRenderer renderer = new XYErrorRenderer();
        renderer.setDefaultShapesVisible(false);
        renderer.setErrorStroke(new BasicStroke(1.1f));
        renderer.setCapLength(5);
        renderer.setDrawXError(false);
        int every = every(lines);
        for (int i = 0; i < lines.size(); i++) {
            DepthChart.Line line = lines.get(i);
            YIntervalSeries bars = new YIntervalSeries(i + " interval", false, true);
            bars.setDescription(line.name());
            for (DepthChart.Point p : line.points()) {
                if (p.low() < p.high() && (p.depth() + i) % every == 0) {
                    bars.add(p.depth(), p.value(), p.low(), p.high());
                }
            }
            data.addSeries(bars);
            renderer.setSeriesPaint(i, Palette.mix(theme.card(), theme.series(line.color()), 0.6));
        }
        plot.setDataset(1, data);
        plot.setRenderer(1, renderer);
    }

    /** One grey band as dataset 2, its middle dashed. */
    static void addRange(XYPlot plot, DepthChart.Line range, FigureTheme theme) {
        YIntervalSeries series = new YIntervalSeries("range", false, true);
        series.setDescription(range.name());
        for (DepthChart.Point p : range.points()) {
            if (!Double.isNaN(p.value())) {
                series.add(p.depth(), p.value(), p.low(), p.high());
            }
        }
        YIntervalSeriesCollection data = new YIntervalSeriesCollection();
        data.addSeries(series);
        DeviationRenderer renderer = new DeviationRenderer(true, false);
        renderer.setAlpha(0.3f);
        renderer.setSeriesPaint(0, theme.series(range.color()));
        renderer.setSeriesFillPaint(0, theme.series(range.color()));
        renderer.setSeriesStroke(
                0, new BasicStroke(1.6f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, new float[] {5, 6}, 0));
        plot.setDataset(2, data);
        plot.setRenderer(2, renderer);
    }
}
