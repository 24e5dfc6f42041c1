package org.loopscope.plugin.lens;

import java.awt.Paint;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.labels.ItemLabelAnchor;
import org.jfree.chart.labels.ItemLabelPosition;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYBarRenderer;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.PredictionDepth;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.ChartStyle;
import org.loopscope.figure.FigureTheme;

/** How many tokens have their final answer from which depth on. */
final class DepthFigure {
    static final String ID = "lens-depth";

    private static final int MOST_LABELS = 24; // bars that are wide enough for their counts

    private DepthFigure() {}

    static ChartFigure of(LensGrid grid, int position) {
        PredictionDepth depth = PredictionDepth.of(grid);
        int selected = depth.row(position);
        String where = grid.rows().get(selected).label();
        return new ChartFigure(
                new ChartFigure.Heading(
                        ID,
                        "Prediction depth, " + LensFigures.lensName(grid.statement()),
                        "n = " + grid.positions() + " tokens; selected: final top-1 from " + where + " on · "
                                + grid.statement(),
                        describe(grid, depth)),
                480,
                280,
                theme -> chart(grid, depth.histogram(), selected, theme),
                depth::toTable);
    }

    private static JFreeChart chart(LensGrid grid, int[] counts, int selected, FigureTheme theme) {
        int most = IntStream.of(counts).max().orElse(1);
        int perStep = counts.length / grid.steps();
        XYPlot plot = ChartStyle.stepPlot(
                grid.steps(),
                perStep == 1 ? "loop step from which the answer stays" : "loop step; bars: its layers",
                ChartStyle.countAxis("tokens", most),
                theme);
        XYSeries series = new XYSeries("tokens");
        for (int row = 0; row < counts.length; row++) {
            series.add(row / perStep + 1 + (row % perStep - (perStep - 1) / 2.0) / perStep * 0.9, counts[row]);
        }
        XYSeriesCollection data = new XYSeriesCollection(series);
        data.setIntervalWidth(0.8 / perStep);
        XYBarRenderer renderer = ChartStyle.flat(new XYBarRenderer() {
            private static final long serialVersionUID = 1L;

            @Override
            public Paint getItemPaint(int row, int column) {
                return column == selected ? theme.exit() : theme.step(column / perStep + 1, grid.steps());
            }
        });
        renderer.setDefaultItemLabelGenerator((d, s, i) -> counts[i] == 0 ? "" : Integer.toString(counts[i]));
        renderer.setDefaultItemLabelsVisible(counts.length <= MOST_LABELS);
        renderer.setDefaultItemLabelFont(theme.bold(12));
        renderer.setDefaultItemLabelPaint(theme.text());
        renderer.setDefaultPositiveItemLabelPosition(
                new ItemLabelPosition(ItemLabelAnchor.OUTSIDE12, TextAnchor.BOTTOM_CENTER));
        renderer.setDefaultToolTipGenerator((d, s, i) -> counts[i] + " tokens have their final answer from "
                + grid.rows().get(i).label() + " on");
        plot.setDataset(data);
        plot.setRenderer(renderer);
        ((NumberAxis) plot.getDomainAxis()).setAutoRangeIncludesZero(false);
        return ChartStyle.chart(plot, theme);
    }

    private static String describe(LensGrid grid, PredictionDepth depth) {
        double mean = IntStream.range(0, grid.positions())
                .mapToDouble(p -> grid.rows().get(depth.row(p)).step())
                .average()
                .orElse(Double.NaN);
        return String.format(
                Locale.ROOT,
                "The final top-1 prediction stands from loop %.2f of %d on, on average over %d tokens.",
                mean,
                grid.steps(),
                grid.positions());
    }
}
