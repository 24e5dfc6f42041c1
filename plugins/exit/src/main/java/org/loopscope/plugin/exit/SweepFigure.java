package org.loopscope.plugin.exit;

import java.awt.BasicStroke;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.sweep.SweepChoice;
import org.loopscope.analysis.sweep.SweepCurve;
import org.loopscope.analysis.sweep.SweepPoint;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.ChartLegend;
import org.loopscope.figure.ChartStyle;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.LegendMark;
import org.loopscope.figure.RuleText;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.exit.RuleKind;

/** Quality against compute: a line for every kind of exit rule of a sweep, the rule in use marked on it. */
final class SweepFigure {
    static final String ID = "exit-curve";
    private static final List<String> COLOURED =
            RuleKind.tuned().stream().map(RuleKind::cliName).toList();
    private static final BasicStroke DASHED =
            new BasicStroke(1.6f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, new float[] {6, 4}, 0);

    private static final BasicStroke OPEN = new BasicStroke(1.6f);

    private SweepFigure() {}

    /** The same colour for a rule in every figure; what the rules are compared with has that of text, and a mark of its own. */
    private static int color(String rule) {
        return COLOURED.indexOf(rule);
    }

    private static LegendMark mark(String rule) {
        return switch (rule) {
            case "fixed", "full" -> LegendMark.DASHES;
            case "oracle" -> LegendMark.DIAMOND;
            case "oracle-right" -> LegendMark.TRIANGLE;
            case "mix-logits" -> LegendMark.CROSS;
            case "mix-probs" -> LegendMark.OPEN_SQUARE;
            default -> LegendMark.COLOR;
        };
    }

    /**
     * The curve.
     *
     * @param choice where thresholds are chosen is drawn thin, if it is another set of prompts
     * @param now the rule to mark
     * @param budget mean loops for which the legend names each rule's best threshold
     */
    static ChartFigure of(SweepChoice choice, Optional<ExitRule> now, double budget) {
        SweepCurve curve = choice.reporting();
        ChartFigure.Heading heading = new ChartFigure.Heading(
                ID,
                "Quality and compute of exit rules",
                String.format(
                                Locale.ROOT,
                                "%s · %s%s · n = %d prompts · %s · T = %d · %s · bars: 95 %% over prompts",
                                curve.quality().title(),
                                curve.scope().title(),
                                curve.group().map(g -> " · " + g).orElse(""),
                                prompts(curve),
                                curve.model(),
                                curve.steps(),
                                curve.computeDtype())
                        + (choice.apart() ? " · thin: where chosen, n = " + prompts(choice.choosing()) : ""),
                describe(choice, budget));
        return new ChartFigure(heading, 680, 360, theme -> chart(choice, now, theme), curve::toTable)
                .withLegend(legend(choice, budget));
    }

    private static int prompts(SweepCurve curve) {
        return curve.points().stream().mapToInt(SweepPoint::prompts).max().orElse(0);
    }

    private static ChartLegend legend(SweepChoice choice, double budget) {
        List<ChartLegend.Entry> entries = new ArrayList<>();
        List<String> rules = choice.reporting().rules();
        for (int i = 0; i < rules.size(); i++) {
            Optional<SweepPoint> best = choice.shown(rules.get(i), budget);
            entries.add(new ChartLegend.Entry(
                    best.map(SweepPoint::spec).orElse(rules.get(i)),
                    best.map(p -> String.format(Locale.ROOT, "%.2f", p.quality()))
                            .orElse("–"),
                    color(rules.get(i)),
                    mark(rules.get(i))));
        }
        return new ChartLegend(String.format(Locale.ROOT, "best ≤ %.1f loops", budget), entries);
    }

    private static JFreeChart chart(SweepChoice choice, Optional<ExitRule> now, FigureTheme theme) {
        SweepCurve curve = choice.reporting();
        NumberAxis loops = new NumberAxis("mean loops a token (of " + curve.steps() + ")");
        loops.setRange(0.9, curve.steps() + 0.1);
        loops.setTickUnit(
                new NumberTickUnit(curve.steps() > 10 ? 2 : curve.steps() > 5 ? 1 : 0.5, ChartStyle.decimals("0.#")));
        XYPlot plot = ChartStyle.plot(loops, ChartStyle.unitAxis(curve.quality().title() + " (share)"), theme);
        plot.setDataset(1, data(curve));
        plot.setRenderer(1, renderer(curve, theme));
        if (choice.apart()) {
            plot.setDataset(2, data(choice.choosing()));
            plot.setRenderer(2, thin(choice.choosing(), theme));
        }
        now.flatMap(curve::mark).ifPresent(mark -> addMark(plot, mark, now.orElseThrow(), curve, theme));
        return ChartStyle.chart(plot, theme);
    }

    private static XYIntervalSeriesCollection data(SweepCurve curve) {
        XYIntervalSeriesCollection data = new XYIntervalSeriesCollection();
        for (String rule : curve.rules()) {
            XYIntervalSeries series = new XYIntervalSeries(rule, false, true);
            sorted(curve, rule)
                    .forEach(p -> series.add(
                            p.meanLoops(),
                            end(p.loops().low(), p.meanLoops()),
                            end(p.loops().high(), p.meanLoops()),
                            p.quality(),
                            end(p.interval().low(), p.quality()),
                            end(p.interval().high(), p.quality())));
            data.addSeries(series);
        }
        return data;
    }

    /** In the order of the thresholds, so that the line goes from one to the next. */
    private static List<SweepPoint> sorted(SweepCurve curve, String rule) {
        return curve.points(rule).stream()
                .sorted(Comparator.comparingDouble(SweepPoint::threshold))
                .toList();
    }

    private static double end(double of, double otherwise) {
        return Double.isNaN(of) ? otherwise : of;
    }

    private static XYErrorRenderer renderer(SweepCurve curve, FigureTheme theme) {
        XYErrorRenderer renderer = new XYErrorRenderer();
        renderer.setDefaultLinesVisible(true);
        renderer.setDefaultShapesVisible(true);
        renderer.setAutoPopulateSeriesShape(false);
        renderer.setAutoPopulateSeriesStroke(false);
        renderer.setDefaultShape(ChartStyle.dot(5));
        renderer.setDefaultStroke(new BasicStroke(1.8f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        renderer.setErrorStroke(new BasicStroke(0.6f));
        renderer.setCapLength(0);
        renderer.setDrawXError(false); // in the table; drawn too, the bars would hide the lines
        List<String> rules = curve.rules();
        for (int i = 0; i < rules.size(); i++) {
            int color = color(rules.get(i));
            renderer.setSeriesPaint(i, theme.series(color));
            if (color < 0) {
                renderer.setSeriesStroke(i, DASHED);
            }
            LegendMark mark = mark(rules.get(i));
            if (mark != LegendMark.COLOR && mark != LegendMark.DASHES) { // larger than the dots that it may lie on
                renderer.setSeriesShape(i, mark.shape(mark == LegendMark.CROSS ? 9 : 13));
                renderer.setSeriesShapesFilled(i, mark.filled());
                renderer.setSeriesOutlineStroke(i, OPEN);
            } else if (curve.points(rules.get(i)).size() == 1) {
                renderer.setSeriesShape(i, ChartStyle.dot(9));
            }
        }
        renderer.setDefaultToolTipGenerator(
                (d, s, i) -> tip(curve, sorted(curve, rules.get(s)).get(i)));
        return renderer;
    }

    private static String tip(SweepCurve curve, SweepPoint p) {
        return p.spec() + ": " + text(curve, p);
    }

    /** Lines alone, of the prompts on which thresholds are chosen. */
    private static XYLineAndShapeRenderer thin(SweepCurve curve, FigureTheme theme) {
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
        renderer.setAutoPopulateSeriesStroke(false);
        renderer.setDefaultStroke(
                new BasicStroke(0.9f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, new float[] {2, 3}, 0));
        List<String> rules = curve.rules();
        for (int i = 0; i < rules.size(); i++) {
            renderer.setSeriesPaint(i, theme.series(color(rules.get(i))));
        }
        return renderer;
    }

    /** A ring around the place of the rule in use. */
    private static void addMark(XYPlot plot, SweepCurve.Mark mark, ExitRule now, SweepCurve curve, FigureTheme theme) {
        XYSeries place = new XYSeries("now");
        place.add(mark.meanLoops(), mark.quality());
        XYLineAndShapeRenderer ring = new XYLineAndShapeRenderer(false, true);
        Shape circle = new Ellipse2D.Double(-7, -7, 14, 14);
        ring.setSeriesShape(0, circle);
        ring.setSeriesShapesFilled(0, false);
        ring.setSeriesPaint(0, theme.exit());
        ring.setSeriesOutlineStroke(0, new BasicStroke(2.4f));
        ring.setSeriesStroke(0, new BasicStroke(2.4f));
        ring.setUseOutlinePaint(false);
        plot.setDataset(0, new XYSeriesCollection(place));
        plot.setRenderer(0, ring);
        boolean left = mark.meanLoops() > (1 + curve.steps()) / 2.0;
        XYTextAnnotation text = new XYTextAnnotation(
                (mark.exact() ? "" : "≈ ") + RuleText.of(now),
                mark.meanLoops() + (left ? -0.035 : 0.035) * curve.steps(),
                mark.quality() - 0.05);
        text.setFont(theme.bold(12));
        text.setPaint(theme.exit());
        text.setTextAnchor(left ? TextAnchor.TOP_RIGHT : TextAnchor.TOP_LEFT);
        plot.addAnnotation(text);
    }

    private static String describe(SweepChoice choice, double budget) {
        SweepCurve curve = choice.reporting();
        StringBuilder text = new StringBuilder("For each exit rule the best threshold within "
                + String.format(Locale.ROOT, "%.2f", budget) + " mean loops.");
        for (String rule : curve.rules()) {
            text.append(' ')
                    .append(choice.shown(rule, budget)
                            .map(p -> p.spec() + ": " + text(curve, p) + ".")
                            .orElse(rule + ": none."));
        }
        return text.toString();
    }

    private static String text(SweepCurve curve, SweepPoint p) {
        Interval interval = p.interval();
        String text = String.format(
                Locale.ROOT,
                "%.2f loops, %s %.3f",
                p.meanLoops(),
                curve.quality().title(),
                p.quality());
        return Double.isNaN(interval.low())
                ? text
                : text + String.format(Locale.ROOT, " (95 %% %.3f to %.3f)", interval.low(), interval.high());
    }
}
