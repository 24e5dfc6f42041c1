package org.loopscope.plugin.exit;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.loopscope.analysis.run.GateDiagnosis;
import org.loopscope.figure.ChartStyle;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.SeriesLook;

/** Charts of means by bins of 1 − λ, with the largest λ that Stage II can ask for. */
final class GateBins {
    /**
     * The mean of one bin.
     *
     * @param predicted mean 1 − λ
     * @param mean of what it is compared with
     * @param low lower end of the interval; NaN for none
     * @param high upper end
     * @param tip what the mouse shows
     */
    record Dot(double predicted, double mean, double low, double high, String tip) {}

    private GateBins() {}

    /**
     * @param series dots in order of {@code predicted}; the colours are those of {@link FigureTheme#series} from 0
     * @param diagonal whether the line is drawn where mean and 1 − λ are equal
     */
    static JFreeChart chart(List<List<Dot>> series, ValueAxis vertical, boolean diagonal, FigureTheme theme) {
        XYPlot plot = ChartStyle.plot(ChartStyle.unitAxis("1 − λ, gate's probability to go on"), vertical, theme);
        if (diagonal) {
            addDiagonal(plot, theme);
        }
        XYIntervalSeriesCollection data = new XYIntervalSeriesCollection();
        XYErrorRenderer renderer = new XYErrorRenderer();
        renderer.setDefaultLinesVisible(true);
        renderer.setAutoPopulateSeriesShape(false);
        renderer.setDefaultShape(ChartStyle.dot(7));
        renderer.setAutoPopulateSeriesStroke(false);
        renderer.setDefaultStroke(new BasicStroke(2f));
        renderer.setErrorStroke(new BasicStroke(1f));
        renderer.setCapLength(4);
        renderer.setDrawXError(false);
        for (int i = 0; i < series.size(); i++) {
            XYIntervalSeries one = new XYIntervalSeries(i, false, true);
            for (Dot dot : series.get(i)) {
                double x = dot.predicted;
                boolean interval = !Double.isNaN(dot.low) && !Double.isNaN(dot.high);
                one.add(x, x, x, dot.mean, interval ? dot.low : dot.mean, interval ? dot.high : dot.mean);
            }
            data.addSeries(one);
            SeriesLook.of(i).apply(renderer, i, 7, theme);
        }
        renderer.setDefaultToolTipGenerator((d, s, i) -> series.get(s).get(i).tip);
        plot.setDataset(0, data);
        plot.setRenderer(0, renderer);
        ValueMarker ceiling = ceiling(1 - GateDiagnosis.LARGEST_IDEAL_LAMBDA, theme);
        if (diagonal) { // labels are never below 0.4378, so there is room at the bottom
            ceiling.setLabelAnchor(RectangleAnchor.BOTTOM_RIGHT);
            ceiling.setLabelTextAnchor(TextAnchor.BOTTOM_LEFT);
        }
        plot.addDomainMarker(ceiling);
        return ChartStyle.chart(plot, theme);
    }

    private static void addDiagonal(XYPlot plot, FigureTheme theme) {
        XYSeries diagonal = new XYSeries("calibrated");
        diagonal.add(0, 0);
        diagonal.add(1, 1);
        XYLineAndShapeRenderer line = new XYLineAndShapeRenderer(true, false);
        line.setSeriesPaint(0, theme.mutedText());
        line.setSeriesStroke(
                0, new BasicStroke(1f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, new float[] {4, 4}, 0));
        plot.setDataset(1, new XYSeriesCollection(diagonal));
        plot.setRenderer(1, line);
    }

    /** The line of the largest λ that a gate can have that fits the labels of Stage II. */
    static ValueMarker ceiling(double at, FigureTheme theme) {
        ValueMarker marker = new ValueMarker(at, theme.exit(), new BasicStroke(1.2f));
        marker.setLabel("λ = 0.5622");
        marker.setLabelFont(theme.font(11.5));
        marker.setLabelPaint(theme.exit());
        marker.setLabelBackgroundColor(new Color(0, 0, 0, 0));
        marker.setLabelAnchor(RectangleAnchor.TOP_RIGHT);
        marker.setLabelTextAnchor(TextAnchor.TOP_LEFT);
        return marker;
    }
}
