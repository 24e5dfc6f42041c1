package org.loopscope.plugin.exit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.AbstractXYItemRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.loopscope.analysis.run.GateDiagnosis;
import org.loopscope.analysis.run.GateDiagnosis.Bin;
import org.loopscope.analysis.run.GateDiagnosis.Label;
import org.loopscope.analysis.run.GateDiagnosis.Point;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.ChartLegend;
import org.loopscope.figure.ChartStyle;
import org.loopscope.figure.DotCloud;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.Palette;
import org.loopscope.figure.TokenText;
import org.loopscope.model.Capture;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Whether the gate knows what another loop is worth. */
final class GateFigures {
    static final String RELIABILITY = "exit-gate-reliability";
    static final String SCATTER = "exit-gate-scatter";
    /** Thousands of round dots take longer to draw than a frame lasts. */
    private static final int MOST_ROUND = 600;

    static final String HELP = """
            Does the gate know? The loss of a token at step t is minus the log-probability of the token that really follows. \
            Stage II of training takes the gain I(t) = max(0, L(t−1) − L(t)) and wants the gate to go on after step t with \
            probability w(t) = σ(50 (I(t) − 0.005)) (Zhu et al. 2025, arXiv:2510.25741, §3.4, eq. 5 and 6). The reliability \
            diagram groups tokens and steps by 1 − λ_t and shows the mean label of each group; on the diagonal the gate is \
            calibrated. Bars are 95 % intervals of the mean over tokens, none below 8 tokens.

            Two labels. The label of Stage II looks back, at the gain that step t has brought. What leaving would forgo is the \
            gain of step t + 1: the second series. The distance between them is what the gate has to guess.

            The ceiling. As the gain is never below 0, w is never below σ(−0.25) = 0.4378, so a gate that fits its labels \
            perfectly never has λ above 0.5622. A trained gate does not fit perfectly: one that Stage II really trained with \
            γ = 0.005 exceeded it at 165 of 1,152 gates, one of Stage I at 589. A larger λ shows that the fit is imperfect \
            there, not how the gate was trained. Where the gate logit is above 17.3 (8.3 in \
            float16, 6.2 in bfloat16) λ rounds to 1; here everything is computed in double from the gate logits.

            Over a set. The cards below show the same over every token of a set of prompts, with intervals over prompts: the CSV of \
            loopscope gate, or a set run here. Beside the labels stands the gain of the next loop itself, in nats: a gate that knows \
            goes on where it is large. Bins of gates that come from fewer than 8 prompts have no interval.

            How it misleads. Tokens of one text depend on each other, which makes the bars of one run too short. The next token of a \
            text need not be the only good one. λ_1 has no label of its own in Stage II, λ_T is not read by the exit pdf.""";

    private GateFigures() {}

    /** The signal beside λ in the scatter. */
    enum Beside {
        ENTROPY("entropy", "entropy of the prediction (nats)", false),
        KL("KL to the step before", "KL(this step ‖ step before) (nats)", false),
        STATE_DIFFERENCE("state difference", "‖change of h‖ / ‖h before‖", false),
        NEXT_GAIN("worth of the next step", "ideal probability to go on, w(t + 1)", true);

        final String title;
        final String axis;
        final boolean unit;

        Beside(String title, String axis, boolean unit) {
            this.title = title;
            this.axis = axis;
            this.unit = unit;
        }

        double of(Point p) {
            return switch (this) {
                case ENTROPY -> p.entropy();
                case KL -> p.kl();
                case STATE_DIFFERENCE -> p.stateDifference();
                case NEXT_GAIN -> p.nextLabel();
            };
        }

        @Override
        public String toString() {
            return title;
        }
    }

    static ChartFigure reliability(Inspection inspection, GateDiagnosis gate) {
        return new ChartFigure(
                        new ChartFigure.Heading(
                                RELIABILITY,
                                "Calibration of the gate on this run",
                                String.format(
                                        Locale.ROOT,
                                        "n = %d gates · %s · %s",
                                        gate.points().size(),
                                        inspection.capture().model().id(),
                                        inspection.lens().statement()),
                                gate.warnings()),
                        520,
                        340,
                        theme -> reliabilityChart(gate, theme),
                        () -> reliabilityTable(gate))
                .withLegend(new ChartLegend(
                        "calibration error",
                        List.of(
                                entry("w(t) trained", gate, Label.STAGE_TWO, 0),
                                entry("w(t+1) next", gate, Label.NEXT_STEP, 1))));
    }

    private static ChartLegend.Entry entry(String name, GateDiagnosis gate, Label label, int series) {
        double error = gate.calibrationError(label);
        return new ChartLegend.Entry(
                name, Double.isNaN(error) ? "–" : String.format(Locale.ROOT, "%.2f", error), series);
    }

    private static JFreeChart reliabilityChart(GateDiagnosis gate, FigureTheme theme) {
        return GateBins.chart(
                List.of(dots(gate, Label.STAGE_TWO), dots(gate, Label.NEXT_STEP)),
                ChartStyle.unitAxis("mean ideal probability to go on"),
                true,
                theme);
    }

    private static List<GateBins.Dot> dots(GateDiagnosis gate, Label label) {
        return gate.reliability(label).stream().map(GateFigures::dot).toList();
    }

    /** A mean of labels cannot lie outside [0, 1], so its bar does not either; without an error it has no bar. */
    static GateBins.Dot dot(Bin bin) {
        return new GateBins.Dot(
                bin.predicted(),
                bin.observed(),
                Math.max(0, bin.observed() - bin.error()),
                Math.min(1, bin.observed() + bin.error()),
                tip(bin));
    }

    private static String tip(Bin bin) {
        return String.format(
                Locale.ROOT,
                "1 − λ %.2f, label %.3f ± %.3f, n = %d",
                bin.predicted(),
                bin.observed(),
                bin.error(),
                bin.n());
    }

    private static Table reliabilityTable(GateDiagnosis gate) {
        StringColumn label = StringColumn.create("label");
        DoubleColumn low = DoubleColumn.create("bin_low");
        DoubleColumn high = DoubleColumn.create("bin_high");
        IntColumn n = IntColumn.create("n");
        DoubleColumn predicted = DoubleColumn.create("predicted_continue");
        DoubleColumn observed = DoubleColumn.create("ideal_continue");
        DoubleColumn error = DoubleColumn.create("error");
        for (Label which : Label.values()) {
            for (Bin bin : gate.reliability(which)) {
                label.append(which.name().toLowerCase(Locale.ROOT));
                low.append(bin.low());
                high.append(bin.high());
                n.append(bin.n());
                predicted.append(bin.predicted());
                observed.append(bin.observed());
                error.append(bin.error());
            }
        }
        return Table.create("gate_reliability", label, low, high, n, predicted, observed, error);
    }

    /** λ of every token and step beside another signal, coloured by step. */
    static ChartFigure scatter(Inspection inspection, GateDiagnosis gate, Beside beside) {
        return new ChartFigure(
                new ChartFigure.Heading(
                        SCATTER,
                        "λ and " + beside.title,
                        String.format(
                                Locale.ROOT,
                                "a dot per token and step, darker is later · n = %d · %s",
                                gate.points().stream()
                                        .filter(p -> !Double.isNaN(beside.of(p)))
                                        .count(),
                                inspection.lens().statement()),
                        "Gate λ against " + beside.axis + " of every token and step. " + gate.warnings()),
                520,
                340,
                theme -> scatterChart(gate, beside, inspection.capture(), theme),
                gate::toTable);
    }

    private static JFreeChart scatterChart(GateDiagnosis gate, Beside beside, Capture capture, FigureTheme theme) {
        int steps = capture.steps();
        XYSeriesCollection data = new XYSeriesCollection();
        List<List<Point>> shown = new ArrayList<>();
        DotCloud.Texts texts = (s, i) -> tip(shown.get(s).get(i), beside, capture);
        AbstractXYItemRenderer dots = gate.points().size() <= MOST_ROUND ? roundDots(texts) : new DotCloud(texts);
        for (int step = 1; step <= steps; step++) {
            int of = step;
            List<Point> points = gate.points().stream()
                    .filter(p -> p.step() == of && !Double.isNaN(beside.of(p)))
                    .toList();
            XYSeries series = new XYSeries("loop " + step, false);
            points.forEach(p -> series.add(beside.of(p), p.lambda()));
            shown.add(points);
            data.addSeries(series);
            dots.setSeriesPaint(step - 1, Palette.mix(theme.card(), theme.step(step, steps), 0.85));
        }
        NumberAxis horizontal = beside.unit ? ChartStyle.unitAxis(beside.axis) : new NumberAxis(beside.axis);
        XYPlot plot = ChartStyle.plot(horizontal, ChartStyle.unitAxis("λ"), theme);
        plot.setDataset(data);
        plot.setRenderer(dots);
        ValueMarker most = GateBins.ceiling(GateDiagnosis.LARGEST_IDEAL_LAMBDA, theme);
        most.setLabelAnchor(RectangleAnchor.TOP_RIGHT);
        most.setLabelTextAnchor(TextAnchor.BOTTOM_RIGHT);
        plot.addRangeMarker(most);
        return ChartStyle.chart(plot, theme);
    }

    private static AbstractXYItemRenderer roundDots(DotCloud.Texts texts) {
        XYLineAndShapeRenderer dots = new XYLineAndShapeRenderer(false, true);
        dots.setAutoPopulateSeriesShape(false);
        dots.setDefaultShape(ChartStyle.dot(6));
        dots.setDefaultToolTipGenerator((d, s, i) -> texts.of(s, i));
        return dots;
    }

    private static String tip(Point p, Beside beside, Capture capture) {
        return String.format(
                Locale.ROOT,
                "token %d “%s”, loop %d: %s %.3f, λ %.3f",
                p.position() + 1,
                TokenText.inSentence(capture.tokenText(p.position()), FigureTheme.LIGHT.font(12)),
                p.step(),
                beside.title,
                beside.of(p),
                p.lambda());
    }
}
