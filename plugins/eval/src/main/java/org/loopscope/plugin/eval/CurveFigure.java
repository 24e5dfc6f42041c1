package org.loopscope.plugin.eval;

import java.awt.BasicStroke;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;
import org.loopscope.analysis.stat.Estimate;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.ChartLegend;
import org.loopscope.figure.ChartStyle;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.LegendMark;
import org.loopscope.figure.SeriesLook;
import tech.tablesaw.api.Table;

/** A value against mean loops: a line for each kind of reading, in the order of mean loops. */
final class CurveFigure {
    private final int steps;
    private final Supplier<ValueAxis> axis;
    private final boolean largeIsGood;

    /**
     * What is drawn.
     *
     * @param axis a new vertical axis
     * @param largeIsGood whether the legend gives the largest value of a kind, else the least
     */
    CurveFigure(int steps, Supplier<ValueAxis> axis, boolean largeIsGood) {
        this.steps = steps;
        this.axis = axis;
        this.largeIsGood = largeIsGood;
    }

    /** A reading: a step, or an exit rule with its threshold. */
    record Point(String reading, Estimate loops, Estimate value) {
        String kind() {
            int colon = reading.indexOf(':');
            return reading.contains("(") || colon < 0 ? reading : reading.substring(0, colon);
        }
    }

    ChartFigure of(List<Point> points, ChartFigure.Heading heading, Supplier<Table> table) {
        Map<String, List<Point>> kinds = points.stream()
                .sorted(Comparator.comparingDouble(p -> p.loops().value()))
                .collect(Collectors.groupingBy(Point::kind, LinkedHashMap::new, Collectors.toList()));
        List<String> names = List.copyOf(new TreeSet<>(kinds.keySet()));
        List<ChartLegend.Entry> entries = names.stream()
                .map(name -> new ChartLegend.Entry(
                        shown(name),
                        best(of(kinds, name)),
                        names.indexOf(name),
                        mark(of(kinds, name), names.indexOf(name))))
                .toList();
        return new ChartFigure(heading, 680, 360, theme -> chart(kinds, names, theme), table)
                .withLegend(new ChartLegend(largeIsGood ? "largest" : "least", entries));
    }

    private static List<Point> of(Map<String, List<Point>> kinds, String name) {
        return Objects.requireNonNull(kinds.get(name));
    }

    private static String shown(String kind) {
        return kind.equals("fixed") ? "fixed loops" : kind;
    }

    private String best(List<Point> points) {
        Comparator<Point> order = Comparator.comparingDouble(p -> p.value().value());
        Point best = points.stream().max(largeIsGood ? order : order.reversed()).orElseThrow();
        return String.format(Locale.ROOT, "%.3f", best.value().value());
    }

    private static LegendMark mark(List<Point> points, int color) {
        return points.size() == 1 ? LegendMark.DIAMOND : SeriesLook.of(color).mark();
    }

    private JFreeChart chart(Map<String, List<Point>> kinds, List<String> names, FigureTheme theme) {
        NumberAxis loops = new NumberAxis("mean loops a token (of " + steps + ")");
        loops.setRange(0.9, Math.max(steps, 2) + 0.1);
        loops.setTickUnit(new NumberTickUnit(steps > 10 ? 2 : steps > 5 ? 1 : 0.5, ChartStyle.decimals("0.#")));
        XYPlot plot = ChartStyle.plot(loops, axis.get(), theme);
        XYIntervalSeriesCollection data = new XYIntervalSeriesCollection();
        XYErrorRenderer renderer = new XYErrorRenderer();
        renderer.setDefaultLinesVisible(true);
        renderer.setDefaultShapesVisible(true);
        renderer.setAutoPopulateSeriesShape(false);
        renderer.setDefaultShape(ChartStyle.dot(5));
        renderer.setErrorStroke(new BasicStroke(0.6f));
        renderer.setCapLength(0);
        renderer.setDrawXError(false); // in the table; drawn too, the bars would hide the lines
        for (int i = 0; i < names.size(); i++) {
            List<Point> points = of(kinds, names.get(i));
            data.addSeries(series(names.get(i), points));
            renderer.setSeriesPaint(i, theme.series(i));
            renderer.setSeriesStroke(i, SeriesLook.of(i).stroke(1.8f));
            if (points.size() == 1) {
                renderer.setSeriesShape(i, LegendMark.DIAMOND.shape(11));
            }
        }
        renderer.setDefaultToolTipGenerator(
                (d, s, i) -> tip(of(kinds, names.get(s)).get(i)));
        plot.setDataset(data);
        plot.setRenderer(renderer);
        return ChartStyle.chart(plot, theme);
    }

    private static XYIntervalSeries series(String name, List<Point> points) {
        XYIntervalSeries series = new XYIntervalSeries(name, false, true);
        for (Point p : points) {
            double loops = p.loops().value();
            double value = p.value().value();
            boolean known = p.value().interval().isDefined();
            series.add(
                    loops,
                    loops,
                    loops,
                    value,
                    known ? p.value().interval().low() : value,
                    known ? p.value().interval().high() : value);
        }
        return series;
    }

    private static String tip(Point p) {
        return String.format(
                Locale.ROOT,
                "%s: %.2f loops, %.4f",
                p.reading(),
                p.loops().value(),
                p.value().value());
    }
}
