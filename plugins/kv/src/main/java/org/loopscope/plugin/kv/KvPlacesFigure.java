package org.loopscope.plugin.kv;

import java.awt.BasicStroke;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.DeviationRenderer;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;
import org.loopscope.analysis.kv.KvSummary;
import org.loopscope.analysis.kv.KvSummary.Line;
import org.loopscope.analysis.kv.KvSummary.Place;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.ChartStyle;
import org.loopscope.figure.FigureTheme;
import org.loopscope.model.KvPolicy;

/** How far the policies are from full at each place of the text. */
final class KvPlacesFigure {
    private KvPlacesFigure() {}

    /** Mean KL at each place of the text. */
    static ChartFigure of(KvSummary summary) {
        return new ChartFigure(
                new ChartFigure.Heading(
                        KvFigures.PLACES,
                        "Distance by place in the text",
                        KvFigures.about(summary) + " · given text · n = "
                                + (summary.prompts() == 1
                                        ? "1 text"
                                        : summary.prompts() + " texts, bands: 95 % over texts"),
                        describe(summary)),
                560,
                300,
                theme -> chart(summary, theme),
                summary::placeTable);
    }

    private static String describe(KvSummary summary) {
        StringBuilder text = new StringBuilder("Mean KL to full by place in the text.");
        for (Line line : summary.lines()) {
            List<Place> places = places(summary, line.policy());
            if (!places.isEmpty()) {
                Place last = places.get(places.size() - 1);
                text.append(String.format(
                        Locale.ROOT,
                        " %s: %.4f nats at token %d;",
                        line.policy().cliName(),
                        last.kl(),
                        last.index()));
            }
        }
        return text.toString();
    }

    private static List<Place> places(KvSummary summary, KvPolicy policy) {
        return summary.places().stream()
                .filter(place -> place.policy() == policy)
                .toList();
    }

    private static JFreeChart chart(KvSummary summary, FigureTheme theme) {
        int most = summary.places().stream().mapToInt(Place::index).max().orElse(1);
        double high = summary.places().stream()
                .mapToDouble(place -> KvPolicyDots.end(place.interval().high(), place.kl()))
                .filter(Double::isFinite)
                .max()
                .orElse(1);
        NumberAxis horizontal = new NumberAxis("token after the prefill (the first comes from the prefill)");
        horizontal.setRange(0.5, most + 0.5);
        horizontal.setStandardTickUnits(NumberAxis.createIntegerTickUnits());
        NumberAxis vertical = new NumberAxis("mean KL(full ‖ policy), nats");
        vertical.setRange(-0.02 * high, high > 0 ? 1.06 * high : 1);
        XYPlot plot = ChartStyle.plot(horizontal, vertical, theme);
        YIntervalSeriesCollection data = new YIntervalSeriesCollection();
        DeviationRenderer renderer = new DeviationRenderer(true, true);
        renderer.setAlpha(0.14f);
        List<Line> lines = summary.lines();
        for (int i = 0; i < lines.size(); i++) {
            KvPolicy policy = lines.get(i).policy();
            YIntervalSeries series = new YIntervalSeries(policy.cliName(), false, true);
            places(summary, policy)
                    .forEach(place -> series.add(
                            place.index(),
                            place.kl(),
                            KvPolicyDots.end(place.interval().low(), place.kl()),
                            KvPolicyDots.end(place.interval().high(), place.kl())));
            data.addSeries(series);
            renderer.setSeriesPaint(i, theme.series(KvPolicyDots.color(policy)));
            renderer.setSeriesFillPaint(i, theme.series(KvPolicyDots.color(policy)));
            renderer.setSeriesShape(i, ChartStyle.dot(most > 64 ? 3 : 5));
            renderer.setSeriesStroke(i, new BasicStroke(2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        }
        renderer.setDefaultToolTipGenerator((d, s, i) -> String.format(
                Locale.ROOT, "%s, token %d: %.4f nats", d.getSeriesKey(s), (int) d.getXValue(s, i), d.getYValue(s, i)));
        plot.setDataset(data);
        plot.setRenderer(renderer);
        JFreeChart chart = ChartStyle.chart(plot, theme);
        LegendTitle legend = new LegendTitle(plot);
        legend.setPosition(RectangleEdge.TOP);
        legend.setItemFont(theme.font(ChartStyle.TICK));
        legend.setItemPaint(theme.text());
        legend.setBackgroundPaint(theme.card());
        chart.addLegend(legend);
        return chart;
    }
}
