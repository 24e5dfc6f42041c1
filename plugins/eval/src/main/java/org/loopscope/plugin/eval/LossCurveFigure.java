package org.loopscope.plugin.eval;

import java.awt.BasicStroke;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;
import org.loopscope.analysis.loss.LossPoint;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.ChartLegend;
import org.loopscope.figure.ChartStyle;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.LegendMark;
import org.loopscope.figure.SeriesLook;
import tech.tablesaw.api.Table;

/** Loss against mean loops: a line for each kind of rule, in the order of mean loops. */
final class LossCurveFigure {
    private LossCurveFigure() {}

    static ChartFigure of(List<LossPoint> points, ChartFigure.Heading heading, int steps, Supplier<Table> table) {
        Map<String, List<LossPoint>> kinds = points.stream()
                .sorted(Comparator.comparingDouble(p -> p.loops().value()))
                .collect(Collectors.groupingBy(LossPoint::kind, LinkedHashMap::new, Collectors.toList()));
        List<String> names = List.copyOf(new TreeSet<>(kinds.keySet()));
        List<ChartLegend.Entry> entries = names.stream()
                .map(name -> new ChartLegend.Entry(
                        shown(name),
                        least(kinds.getOrDefault(name, List.of())),
                        names.indexOf(name),
                        mark(kinds.getOrDefault(name, List.of()), names.indexOf(name))))
                .toList();
        return new ChartFigure(heading, 680, 360, theme -> chart(kinds, names, steps, theme), table)
                .withLegend(new ChartLegend("least loss", entries));
    }

    private static String shown(String kind) {
        return kind.equals("fixed") ? "fixed loops" : kind;
    }

    private static String least(List<LossPoint> points) {
        return points.stream().mapToDouble(p -> p.loss().value()).min().stream()
                .mapToObj(value -> String.format(Locale.ROOT, "%.3f", value))
                .findFirst()
                .orElse("–");
    }

    private static LegendMark mark(List<LossPoint> points, int color) {
        return points.size() == 1 ? LegendMark.DIAMOND : SeriesLook.of(color).mark();
    }

    private static JFreeChart chart(
            Map<String, List<LossPoint>> kinds, List<String> names, int steps, FigureTheme theme) {
        NumberAxis loops = new NumberAxis("mean loops a token (of " + steps + ")");
        loops.setRange(0.9, Math.max(steps, 2) + 0.1);
        loops.setTickUnit(new NumberTickUnit(steps > 10 ? 2 : steps > 5 ? 1 : 0.5, ChartStyle.decimals("0.#")));
        NumberAxis loss = new NumberAxis("loss (nats a token)");
        loss.setAutoRangeIncludesZero(true);
        loss.setAutoRangeStickyZero(false);
        loss.setAutoRangeMinimumSize(0.01);
        XYPlot plot = ChartStyle.plot(loops, loss, theme);
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
            List<LossPoint> points = kinds.getOrDefault(names.get(i), List.of());
            data.addSeries(series(names.get(i), points));
            renderer.setSeriesPaint(i, theme.series(i));
            renderer.setSeriesStroke(i, SeriesLook.of(i).stroke(1.8f));
            if (points.size() == 1) {
                renderer.setSeriesShape(i, LegendMark.DIAMOND.shape(11));
            }
        }
        renderer.setDefaultToolTipGenerator(
                (d, s, i) -> tip(kinds.getOrDefault(names.get(s), List.of()).get(i)));
        plot.setDataset(data);
        plot.setRenderer(renderer);
        return ChartStyle.chart(plot, theme);
    }

    private static XYIntervalSeries series(String name, List<LossPoint> points) {
        XYIntervalSeries series = new XYIntervalSeries(name, false, true);
        for (LossPoint p : points) {
            double loops = p.loops().value();
            double loss = p.loss().value();
            boolean known = p.loss().interval().isDefined();
            series.add(
                    loops,
                    loops,
                    loops,
                    loss,
                    known ? p.loss().interval().low() : loss,
                    known ? p.loss().interval().high() : loss);
        }
        return series;
    }

    private static String tip(LossPoint p) {
        return String.format(
                Locale.ROOT,
                "%s: %.2f loops, loss %.4f",
                p.reading(),
                p.loops().value(),
                p.loss().value());
    }
}
