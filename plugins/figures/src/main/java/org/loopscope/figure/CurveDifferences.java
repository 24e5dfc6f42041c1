package org.loopscope.figure;

import java.awt.BasicStroke;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYBarRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.data.general.Series;
import org.jfree.data.xy.IntervalXYDataset;
import org.jfree.data.xy.XYDataset;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jfree.data.xy.YIntervalSeriesCollection;
import org.loopscope.analysis.compare.Comparison;
import org.loopscope.analysis.compare.CurveDifference;
import org.loopscope.analysis.compare.LoopMatch;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The difference of two charts: lines and bars of one name, at equal x; where loops are counted from the last, at the same
 * distance from it. A series is named by its description, or its key where it has none.
 */
final class CurveDifferences {
    private static final double LEAST_EXTENT = 0.01;

    /** A chart's lines, and which of them are bars, by name with half their width. */
    private record Drawn(List<CurveDifference.Curve> curves, Map<String, Double> bars) {}

    private final Comparison comparison;
    private final int run;
    private final ChartFigure figureA;
    private final ChartFigure figureB;
    private final Drawn drawnA;
    private final Drawn drawnB;
    private final CurveDifference difference;

    private CurveDifferences(Comparison comparison, int run, ChartFigure a, ChartFigure b) {
        this.comparison = comparison;
        this.run = run;
        this.figureA = a;
        this.figureB = b;
        this.drawnA = read(comparison, 0, plot(a));
        this.drawnB = read(comparison, run, plot(b));
        this.difference = CurveDifference.of(drawnA.curves, drawnB.curves);
    }

    static FigureDifference.Part part(Comparison comparison, int run, ChartFigure a, ChartFigure b) {
        for (ChartFigure figure : List.of(a, b)) {
            if (!(figure.chart(FigureTheme.LIGHT).getPlot() instanceof XYPlot)) {
                return FigureDifference.Part.none(
                        run, "This chart has no numbers on its horizontal axis, so there is no difference of it.");
            }
        }
        CurveDifferences made = new CurveDifferences(comparison, run, a, b);
        if (made.difference.n() == 0) {
            return FigureDifference.Part.none(
                    run,
                    made.difference.clouds().isEmpty()
                            ? "A and " + Comparison.letter(run)
                                    + " have no point of one line at the same x, so there is no difference."
                            : "The points are a cloud, with several at one x, so there is no difference of it.");
        }
        return new FigureDifference.Part(
                Math.max(Math.abs(made.difference.largest()), LEAST_EXTENT),
                extent -> FigureDifference.Result.of(run, made.figure(extent)));
    }

    private static XYPlot plot(ChartFigure figure) {
        return (XYPlot) figure.chart(FigureTheme.LIGHT).getPlot();
    }

    // ---- reading charts

    private static Drawn read(Comparison comparison, int run, XYPlot plot) {
        double shift = shift(comparison, run, plot);
        List<CurveDifference.Curve> curves = new ArrayList<>();
        Map<String, Double> bars = new HashMap<>();
        Set<String> names = new HashSet<>();
        for (int d = 0; d < plot.getDatasetCount(); d++) {
            XYDataset data = plot.getDataset(d);
            for (int s = 0; data != null && s < data.getSeriesCount(); s++) {
                String name = name(data, s);
                String once = name;
                for (int n = 2; !names.add(once); n++) {
                    once = name + " #" + n;
                }
                List<CurveDifference.Point> points = new ArrayList<>();
                for (int i = 0; i < data.getItemCount(s); i++) {
                    points.add(new CurveDifference.Point(data.getXValue(s, i) + shift, data.getYValue(s, i)));
                }
                curves.add(new CurveDifference.Curve(once, points));
                if (plot.getRenderer(d) instanceof XYBarRenderer) {
                    bars.put(once, halfWidth(data, s));
                }
            }
        }
        return new Drawn(curves, bars);
    }

    private static double shift(Comparison comparison, int run, XYPlot plot) {
        return comparison.alignment().loops() == LoopMatch.FROM_LAST && ChartStyle.countsSteps(plot.getDomainAxis())
                ? comparison.alignment().rows() - comparison.capture(run).steps()
                : 0;
    }

    private static double halfWidth(XYDataset data, int series) {
        boolean known = data instanceof IntervalXYDataset && data.getItemCount(series) > 0;
        double width = known && data instanceof IntervalXYDataset intervals
                ? intervals.getEndXValue(series, 0) - intervals.getStartXValue(series, 0)
                : 0;
        return width > 0 ? width / 2 : 0.3;
    }

    private static String name(XYDataset data, int index) {
        Series series = data instanceof XYSeriesCollection lines
                ? lines.getSeries(index)
                : data instanceof YIntervalSeriesCollection bands
                        ? bands.getSeries(index)
                        : data instanceof XYIntervalSeriesCollection intervals ? intervals.getSeries(index) : null;
        return series == null || series.getDescription() == null
                ? String.valueOf(data.getSeriesKey(index))
                : series.getDescription();
    }

    // ---- the picture

    private ChartFigure figure(double extent) {
        String clouds = difference.clouds().isEmpty()
                ? ""
                : ", without clouds of points (" + String.join(", ", difference.clouds()) + ")";
        String counts =
                FigureDifference.counts(run, difference.n(), "points", difference.onlyA(), difference.onlyB()) + clouds;
        List<ChartLegend.Entry> entries = new ArrayList<>();
        for (int i = 0; i < difference.lines().size(); i++) {
            CurveDifference.Line line = difference.lines().get(i);
            entries.add(new ChartLegend.Entry(line.name(), DivergingScale.precise(largest(line)), i));
        }
        return new ChartFigure(
                        new ChartFigure.Heading(
                                FigureDifference.id(figureA, run),
                                FigureDifference.title(run, figureA, figureB),
                                FigureDifference.subtitle(comparison, run, figureA, figureB, counts),
                                describe(counts)),
                        Math.max(figureA.preferredWidth(), 560),
                        Math.max(figureA.preferredHeight(), 280),
                        theme -> chart(extent, theme),
                        this::table)
                .withLegend(new ChartLegend("largest difference", entries));
    }

    private static double largest(CurveDifference.Line line) {
        return line.pairs().stream()
                .mapToDouble(CurveDifference.Pair::difference)
                .reduce(0, (most, d) -> Math.abs(d) > Math.abs(most) ? d : most);
    }

    private JFreeChart chart(double extent, FigureTheme theme) {
        XYPlot a = (XYPlot) figureA.chart(theme).getPlot();
        XYPlot b = (XYPlot) figureB.chart(theme).getPlot();
        boolean longer = b.getDomainAxis().getUpperBound() > a.getDomainAxis().getUpperBound();
        ValueAxis horizontal = longer ? b.getDomainAxis() : a.getDomainAxis(); // of a chart made for this one alone
        if (ChartStyle.countsSteps(horizontal)
                && comparison.alignment().loops() == LoopMatch.FROM_LAST
                && comparison.capture(0).steps() != comparison.capture(run).steps()) {
            horizontal.setLabel(horizontal.getLabel() + ", counted as in the longest run");
        }
        String label = a.getRangeAxis().getLabel();
        NumberAxis vertical =
                new NumberAxis(FigureDifference.minus(run) + (label == null || label.isEmpty() ? "" : ": " + label));
        vertical.setRange(-1.08 * extent, 1.08 * extent);
        vertical.setNumberFormatOverride(ChartStyle.decimals("0.####;−0.####"));
        XYPlot plot = ChartStyle.plot(horizontal, vertical, theme);
        plot.addRangeMarker(new ValueMarker(0, theme.mutedText(), new BasicStroke(1.2f)), Layer.BACKGROUND);
        XYIntervalSeriesCollection bars = new XYIntervalSeriesCollection();
        XYBarRenderer barLook = ChartStyle.flat(new XYBarRenderer());
        XYSeriesCollection lines = new XYSeriesCollection();
        XYLineAndShapeRenderer lineLook = ChartStyle.lines();
        int count = difference.lines().size();
        for (int i = 0; i < count; i++) {
            CurveDifference.Line line = difference.lines().get(i);
            Double half = drawnA.bars.get(line.name());
            if (half != null) {
                bars.addSeries(bars(line, half));
                barLook.setSeriesPaint(bars.getSeriesCount() - 1, theme.series(i));
            } else {
                lines.addSeries(line(line));
                int s = lines.getSeriesCount() - 1;
                lineLook.setSeriesStroke(s, DepthChart.nested(s));
                SeriesLook.of(i).apply(lineLook, s, (line.pairs().size() > 24 ? 3 : 6) + 3 * Math.min(3, s), theme);
            }
        }
        barLook.setDefaultToolTipGenerator((d, s, i) -> tip(d, s, i));
        lineLook.setDefaultToolTipGenerator((d, s, i) -> tip(d, s, i));
        plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD); // lines over bars
        plot.setDataset(0, bars);
        plot.setRenderer(0, barLook);
        plot.setDataset(1, lines);
        plot.setRenderer(1, lineLook);
        return ChartStyle.chart(plot, theme);
    }

    private static String tip(XYDataset data, int series, int item) {
        return data.getSeriesKey(series) + " at "
                + ChartStyle.decimals("0.###").format(data.getXValue(series, item)) + ": "
                + DivergingScale.precise(data.getYValue(series, item));
    }

    private static XYIntervalSeries bars(CurveDifference.Line line, double half) {
        XYIntervalSeries bars = new XYIntervalSeries(line.name(), false, true);
        for (CurveDifference.Pair pair : line.pairs()) {
            bars.add(pair.x(), pair.x() - half, pair.x() + half, pair.difference(), 0, pair.difference());
        }
        return bars;
    }

    private static XYSeries line(CurveDifference.Line line) {
        XYSeries points = new XYSeries(line.name(), false, true);
        line.pairs().forEach(pair -> points.add(pair.x(), pair.difference()));
        return points;
    }

    private String describe(String counts) {
        StringBuilder text = new StringBuilder(FigureDifference.title(run, figureA, figureB));
        text.append(": ").append(counts).append(". Largest differences:");
        for (CurveDifference.Line line : difference.lines()) {
            text.append(String.format(Locale.ROOT, " %s %s;", line.name(), DivergingScale.precise(largest(line))));
        }
        return text.toString();
    }

    /** {@code run, series, x, a, b, difference}. */
    private Table table() {
        StringColumn letter = StringColumn.create("run");
        StringColumn series = StringColumn.create("series");
        DoubleColumn x = DoubleColumn.create("x");
        DoubleColumn a = DoubleColumn.create("a");
        DoubleColumn b = DoubleColumn.create("b");
        DoubleColumn minus = DoubleColumn.create("difference");
        for (CurveDifference.Line line : difference.lines()) {
            for (CurveDifference.Pair pair : line.pairs()) {
                letter.append(Comparison.letter(run));
                series.append(line.name());
                x.append(pair.x());
                a.append(pair.a());
                b.append(pair.b());
                minus.append(pair.difference());
            }
        }
        return Table.create(FigureDifference.id(figureA, run), letter, series, x, a, b, minus);
    }
}
