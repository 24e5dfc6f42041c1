package org.loopscope.plugin.kv;

import java.awt.BasicStroke;
import java.awt.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.labels.XYToolTipGenerator;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;
import org.loopscope.analysis.kv.KvPlan;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.figure.ChartStyle;
import org.loopscope.figure.FigureTheme;
import org.loopscope.model.KvPolicy;

/** Values by KV policy, with intervals. */
final class KvPolicyDots {
    private final FigureTheme theme;
    private final List<KvPolicy> policies;
    private final XYPlot plot;
    private final XYIntervalSeriesCollection data = new XYIntervalSeriesCollection();
    private final XYErrorRenderer renderer = new XYErrorRenderer();
    private final List<String> tips = new ArrayList<>();

    KvPolicyDots(List<KvPolicy> policies, NumberAxis vertical, FigureTheme theme) {
        this.theme = theme;
        this.policies = policies;
        this.plot = ChartStyle.plot(axis(policies, theme), vertical, theme);
        renderer.setDefaultLinesVisible(false);
        renderer.setAutoPopulateSeriesShape(false);
        renderer.setErrorStroke(new BasicStroke(1.6f));
        renderer.setCapLength(6);
        renderer.setDrawXError(false);
        renderer.setUseFillPaint(true);
        renderer.setDrawSeriesLineAsPath(false);
    }

    void add(int policy, double aside, boolean filled, double value, Interval interval, String what, String digits) {
        if (Double.isNaN(value)) {
            return;
        }
        int series = data.getSeriesCount();
        double x = policy + aside;
        double low = end(interval.low(), value);
        double high = end(interval.high(), value);
        XYIntervalSeries one = new XYIntervalSeries(series);
        one.add(x, x, x, value, low, high);
        data.addSeries(one);
        Shape dot = ChartStyle.dot(10);
        renderer.setSeriesShape(series, dot);
        renderer.setSeriesPaint(series, theme.series(color(policies.get(policy))));
        renderer.setSeriesFillPaint(series, filled ? theme.series(color(policies.get(policy))) : theme.card());
        renderer.setSeriesOutlineStroke(series, new BasicStroke(2f));
        double gap = 0.03 * policies.size(); // the same on paper for any number of them
        String number = ChartStyle.decimals(digits).format(value);
        XYTextAnnotation text = label(number, x + (aside < 0 ? -gap : gap), value, theme);
        text.setPaint(theme.text());
        text.setTextAnchor(aside < 0 ? TextAnchor.CENTER_RIGHT : TextAnchor.CENTER_LEFT);
        plot.addAnnotation(text);
        tips.add(String.format(
                Locale.ROOT,
                "%s, %s: %.4f (95 %% %.4f to %.4f)",
                policies.get(policy).cliName(),
                what,
                value,
                low,
                high));
    }

    JFreeChart chart() {
        XYToolTipGenerator tip = (d, s, i) -> tips.get(s);
        renderer.setDefaultToolTipGenerator(tip);
        renderer.setDrawOutlines(true);
        plot.setDataset(data);
        plot.setRenderer(renderer);
        return ChartStyle.chart(plot, theme);
    }

    /** Policies side by side, from 0. */
    static SymbolAxis axis(List<KvPolicy> policies, FigureTheme theme) {
        SymbolAxis axis = new SymbolAxis(
                "KV policy", policies.stream().map(KvPolicy::cliName).toArray(String[]::new));
        axis.setGridBandsVisible(false);
        axis.setRange(-0.5, policies.size() - 0.5);
        ChartStyle.style(axis, theme);
        return axis;
    }

    /** The place of a policy's colour in the series palette; −1, grey, for full. */
    static int color(KvPolicy policy) {
        return KvPlan.SHARING.indexOf(policy);
    }

    /** A number beside or above a mark, on the card's colour, so that no line of the grid runs through it. */
    static XYTextAnnotation label(String text, double x, double y, FigureTheme theme) {
        XYTextAnnotation label = new XYTextAnnotation(text, x, y);
        label.setFont(theme.font(ChartStyle.TICK));
        label.setBackgroundPaint(theme.card());
        return label;
    }

    /** An end of an interval, or the value where there is none. */
    static double end(double of, double otherwise) {
        return Double.isNaN(of) ? otherwise : of;
    }
}
