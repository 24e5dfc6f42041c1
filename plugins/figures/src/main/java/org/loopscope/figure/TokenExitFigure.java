package org.loopscope.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Paint;
import java.awt.Shape;
import java.awt.Stroke;
import java.util.Locale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYBarRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.model.exit.ExitDistribution;
import org.loopscope.model.exit.ExitRule;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;

/** The exit distribution of one token: p(t) as bars, the CDF as a line, λ dashed, the threshold and the exit step. */
public final class TokenExitFigure {
    public static final String ID = "exit-token";
    /** What it means, for the help of a panel that shows it. */
    public static final String HELP = """
            What it shows. For one token: how likely it is to leave the loop after each step. Bars are p(t), the line is the \
            CDF, dashed is the gate λ itself. The orange line is the threshold q; the token leaves at the first step whose CDF \
            reaches it.

            How it is computed. λ_t = σ(w · h_t + b) from the step output h_t; p(t) = λ_t · ∏_{j<t} (1 − λ_j) for t < T, and the \
            last step takes what is left; CDF(t) = Σ_{j≤t} p(j); exit at min {t : CDF(t) ≥ q} (Zhu et al. 2025, arXiv:2510.25741, \
            §3.2, eq. 3). Everything is computed in double precision from the gate logits.

            How it misleads. λ_T of the last step does not enter p: it is drawn hollow, and was never trained to mean anything. \
            p is about leaving, not about being right: a gate may leave with a wrong answer or stay long after the answer is \
            settled. The exit is a quantile of p, not its largest bar. Steps beyond those the model was trained with are \
            extrapolation.""";

    private static final double BAR_WIDTH = 0.5;
    /** The mark over the first step in so many would stand over the axis. */
    private static final int WIDE_STEPS = 5;

    private TokenExitFigure() {}

    /** The figure for the token at {@code position} under {@code rule}. */
    public static ChartFigure of(Inspection inspection, int position, ExitRule rule) {
        ExitDistribution exit = inspection.exits().distribution(position);
        int leaves = inspection.exits().exitStep(rule, position);
        String token = TokenText.inSentence(inspection.capture().tokenText(position), FigureTheme.LIGHT.font(12));
        ChartFigure.Heading heading = new ChartFigure.Heading(
                ID,
                "Exit at “" + token + "”",
                "bars p(t) · line CDF · dashed λ (hollow: not read by p) · "
                        + inspection.capture().model().computeDtype(),
                () -> describe(exit, leaves, position, token));
        return new ChartFigure(heading, 560, 280, theme -> chart(exit, rule, leaves, theme), () -> table(exit, leaves));
    }

    private static JFreeChart chart(ExitDistribution exit, ExitRule rule, int leaves, FigureTheme theme) {
        XYPlot plot = ChartStyle.stepPlot(exit.steps(), "loop step t", ChartStyle.unitAxis("probability"), theme);
        plot.getRangeAxis().setRange(-0.025, 1.13); // room for the exit mark
        plot.getDomainAxis().setRange(0.5, exit.steps() + 0.5 + 0.14 * exit.steps()); // room for the threshold's label
        plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
        plot.setDataset(0, bars(exit));
        plot.setRenderer(0, barRenderer(exit, theme));
        plot.setDataset(1, series("λ", exit.steps(), exit::lambda));
        plot.setRenderer(1, lambdaRenderer(exit, theme));
        plot.setDataset(2, series("CDF", exit.steps(), exit::cdf));
        plot.setRenderer(2, cdfRenderer(exit, theme));
        if (rule.primary() instanceof ExitRule.QExit q) {
            plot.addRangeMarker(threshold(q.q(), theme));
        }
        plot.addAnnotation(exitMark(exit, leaves, theme));
        return ChartStyle.chart(plot, theme);
    }

    private static XYSeriesCollection bars(ExitDistribution exit) {
        XYSeriesCollection data = series("p", exit.steps(), exit::pdf);
        data.setIntervalWidth(BAR_WIDTH);
        return data;
    }

    private interface ByStep {
        double at(int step);
    }

    private static XYSeriesCollection series(String name, int steps, ByStep values) {
        XYSeries series = new XYSeries(name);
        for (int t = 1; t <= steps; t++) {
            series.add(t, values.at(t));
        }
        return new XYSeriesCollection(series);
    }

    private static XYBarRenderer barRenderer(ExitDistribution exit, FigureTheme theme) {
        XYBarRenderer renderer = ChartStyle.flat(new XYBarRenderer() {
            private static final long serialVersionUID = 1L;

            @Override
            public Paint getItemPaint(int row, int column) {
                return theme.step(column + 1, exit.steps());
            }
        });
        renderer.setDefaultToolTipGenerator((d, s, i) -> tip("p", i + 1, exit.pdf(i + 1)));
        return renderer;
    }

    private static XYLineAndShapeRenderer cdfRenderer(ExitDistribution exit, FigureTheme theme) {
        XYLineAndShapeRenderer renderer = ChartStyle.lines();
        renderer.setSeriesPaint(0, theme.text());
        renderer.setDefaultToolTipGenerator((d, s, i) -> tip("CDF", i + 1, exit.cdf(i + 1)));
        return renderer;
    }

    /** Dashed; the last point, which p does not read, is hollow and its line lighter. */
    private static XYLineAndShapeRenderer lambdaRenderer(ExitDistribution exit, FigureTheme theme) {
        int last = exit.steps() - 1;
        Color line = theme.dark() ? new Color(0xf5a742) : new Color(0xc77700);
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, true) {
            private static final long serialVersionUID = 1L;

            @Override
            public Paint getItemPaint(int row, int column) {
                return column == last && last > 0 ? Palette.mix(theme.card(), line, 0.65) : line;
            }

            @Override
            public Paint getItemFillPaint(int row, int column) {
                return column == last && last > 0 ? theme.card() : line;
            }

            @Override
            public Stroke getItemStroke(int row, int column) {
                return new BasicStroke(2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, new float[] {5, 4}, 0);
            }

            @Override
            public Shape getItemShape(int row, int column) {
                return ChartStyle.dot(column == last ? 7 : 6);
            }
        };
        renderer.setUseFillPaint(true);
        renderer.setUseOutlinePaint(false);
        renderer.setDrawOutlines(true);
        renderer.setDefaultToolTipGenerator((d, s, i) -> tip("λ", i + 1, exit.lambda(i + 1)));
        return renderer;
    }

    private static ValueMarker threshold(double q, FigureTheme theme) {
        ValueMarker marker = new ValueMarker(q, theme.exit(), new BasicStroke(1.8f));
        marker.setLabel("q = " + RuleText.q(q));
        marker.setLabelFont(theme.bold(12.5));
        marker.setLabelPaint(theme.exit());
        marker.setLabelBackgroundColor(new Color(0, 0, 0, 0));
        marker.setLabelAnchor(RectangleAnchor.RIGHT);
        marker.setLabelTextAnchor(q < 0.9 ? TextAnchor.BOTTOM_RIGHT : TextAnchor.TOP_RIGHT);
        marker.setLabelOffset(new RectangleInsets(3, 3, 3, 3));
        return marker;
    }

    private static XYTextAnnotation exitMark(ExitDistribution exit, int step, FigureTheme theme) {
        XYTextAnnotation mark =
                new XYTextAnnotation("exit ▼", step, Math.max(exit.cdf(step), exit.lambda(step)) + 0.035);
        mark.setFont(theme.bold(12));
        mark.setPaint(theme.exit());
        mark.setTextAnchor(TextAnchor.BOTTOM_CENTER);
        if (step < 1 + exit.steps() / WIDE_STEPS) {
            mark.setText("▼ exit"); // to the right: left of the first of many steps there is no room
            mark.setTextAnchor(TextAnchor.BOTTOM_LEFT);
            mark.setX(step - 0.011 * exit.steps());
            int end = Math.min(exit.steps(), step + (int) Math.ceil(0.16 * exit.steps()));
            mark.setY(Math.max(exit.cdf(end), exit.lambda(step)) + 0.035); // above the curve all along the text
        }
        return mark;
    }

    private static String tip(String name, int step, double value) {
        return String.format(Locale.ROOT, "%s at loop %d: %.4f", name, step, value);
    }

    private static String describe(ExitDistribution exit, int leaves, int position, String token) {
        StringBuilder text = new StringBuilder("Exit distribution of token " + (position + 1) + ", “" + token + "”.");
        for (int t = 1; t <= exit.steps(); t++) {
            text.append(String.format(
                    Locale.ROOT, " Loop %d: λ %.3f, p %.3f, CDF %.3f.", t, exit.lambda(t), exit.pdf(t), exit.cdf(t)));
        }
        return text + " It leaves at loop " + leaves
                + String.format(Locale.ROOT, "; expected %.2f loops.", exit.expectedSteps());
    }

    private static Table table(ExitDistribution exit, int leaves) {
        IntColumn step = IntColumn.create("step");
        DoubleColumn lambda = DoubleColumn.create("lambda");
        DoubleColumn survival = DoubleColumn.create("survival");
        DoubleColumn pdf = DoubleColumn.create("pdf");
        DoubleColumn cdf = DoubleColumn.create("cdf");
        IntColumn exitStep = IntColumn.create("exit_step");
        for (int t = 1; t <= exit.steps(); t++) {
            step.append(t);
            lambda.append(exit.lambda(t));
            survival.append(exit.survival(t));
            pdf.append(exit.pdf(t));
            cdf.append(exit.cdf(t));
            exitStep.append(leaves);
        }
        return Table.create("exit_token", step, lambda, survival, pdf, cdf, exitStep);
    }
}
