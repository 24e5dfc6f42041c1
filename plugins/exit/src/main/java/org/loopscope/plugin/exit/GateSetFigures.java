package org.loopscope.plugin.exit;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jfree.chart.axis.NumberAxis;
import org.loopscope.analysis.gate.GateCalibration;
import org.loopscope.analysis.gate.GateCalibration.Bin;
import org.loopscope.analysis.gate.GateCalibration.Target;
import org.loopscope.analysis.gate.GateData;
import org.loopscope.analysis.run.GateDiagnosis;
import org.loopscope.analysis.run.GateDiagnosis.Format;
import org.loopscope.analysis.set.Scope;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.ChartLegend;
import org.loopscope.figure.ChartStyle;

/** Whether the gate knows what another loop is worth, over a set of prompts. */
final class GateSetFigures {
    static final String CALIBRATION = "gate-set-calibration";
    static final String GAIN = "gate-set-gain";

    private GateSetFigures() {}

    /** Mean labels by bins of 1 − λ. */
    static ChartFigure calibration(GateData data, Optional<Scope> scope) {
        GateCalibration gate = data.calibration(scope);
        return new ChartFigure(
                        new ChartFigure.Heading(
                                CALIBRATION,
                                "Calibration of the gate over a set",
                                about(data, scope) + " · bars: 95 % over prompts",
                                warnings(gate) + describe(gate)),
                        520,
                        340,
                        theme -> GateBins.chart(
                                List.of(dots(gate, Target.STAGE_TWO), dots(gate, Target.NEXT_STEP)),
                                ChartStyle.unitAxis("mean ideal probability to go on"),
                                true,
                                theme),
                        gate::toTable)
                .withLegend(new ChartLegend(
                        "calibration error",
                        List.of(entry(gate, Target.STAGE_TWO, 0), entry(gate, Target.NEXT_STEP, 1))));
    }

    /** Mean gain of the next loop by bins of 1 − λ. */
    static ChartFigure gain(GateData data, Optional<Scope> scope) {
        GateCalibration gate = data.calibration(scope);
        return new ChartFigure(
                new ChartFigure.Heading(
                        GAIN,
                        "What the next loop gains where the gate goes on",
                        about(data, scope) + " · gain I(t+1) in nats · bars: 95 % over prompts",
                        describeGain(gate)),
                520,
                340,
                theme -> GateBins.chart(List.of(dots(gate, Target.NEXT_GAIN)), gainAxis(gate), false, theme),
                gate::toTable);
    }

    private static NumberAxis gainAxis(GateCalibration gate) {
        double most = gate.bins(Target.NEXT_GAIN).stream()
                .mapToDouble(bin -> Double.isNaN(bin.interval().high())
                        ? bin.observed()
                        : bin.interval().high())
                .max()
                .orElse(1);
        NumberAxis axis = new NumberAxis("mean gain of the next loop (nats)");
        axis.setRange(-0.03 * Math.max(most, 1e-6), 1.08 * Math.max(most, 1e-6));
        return axis;
    }

    private static ChartLegend.Entry entry(GateCalibration gate, Target target, int series) {
        double error = gate.calibrationError(target);
        return new ChartLegend.Entry(
                target.title(), Double.isNaN(error) ? "–" : String.format(Locale.ROOT, "%.2f", error), series);
    }

    private static List<GateBins.Dot> dots(GateCalibration gate, Target target) {
        return gate.bins(target).stream()
                .map(bin -> new GateBins.Dot(
                        bin.predicted(),
                        bin.observed(),
                        bin.interval().low(),
                        bin.interval().high(),
                        tip(bin)))
                .toList();
    }

    private static String tip(Bin bin) {
        return String.format(
                Locale.ROOT,
                "1 − λ %.2f, mean %.3f (95 %% %s), n = %d gates of %d prompts",
                bin.predicted(),
                bin.observed(),
                Double.isNaN(bin.interval().low())
                        ? "unknown from one prompt"
                        : String.format(
                                Locale.ROOT,
                                "%.3f to %.3f",
                                bin.interval().low(),
                                bin.interval().high()),
                bin.n(),
                bin.prompts());
    }

    private static String about(GateData data, Optional<Scope> scope) {
        GateCalibration gate = data.calibration(scope);
        return String.format(
                Locale.ROOT,
                "n = %,d gates of %,d prompts%s · %s · T = %d · %s",
                gate.bins(Target.STAGE_TWO).stream().mapToLong(Bin::n).sum(),
                gate.prompts(),
                scope.map(s -> ", " + s.title()).orElse(""),
                data.model(),
                data.steps(),
                data.computeDtype());
    }

    /** How many λ no label asks for, and which formats they would saturate. */
    static String warnings(GateCalibration gate) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "λ is above %.4f, the most that Stage II can ask for, at %,d of %,d gates before the last step (%.1f %%%s); the"
                        + " largest is %.4f.",
                GateDiagnosis.LARGEST_IDEAL_LAMBDA,
                gate.aboveIdeal(),
                gate.gates(),
                100.0 * gate.aboveIdeal() / gate.gates(),
                Double.isNaN(gate.aboveInterval().low())
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                ", 95 %% over %d prompts %.1f to %.1f %%",
                                gate.prompts(),
                                100 * gate.aboveInterval().low(),
                                100 * gate.aboveInterval().high()),
                gate.largestLambda()));
        text.append(gate.aboveIdeal() > 0 ? " " + GateDiagnosis.ABOVE_IDEAL_NOTE : "");
        for (Format format : Format.values()) {
            long saturated = gate.saturated(format);
            if (saturated > 0) {
                text.append(String.format(
                        Locale.ROOT,
                        " Saturated: %,d would round to λ = 1 in %s, so q = 1 would leave early there.",
                        saturated,
                        format.title()));
            }
        }
        return text.toString();
    }

    private static String describe(GateCalibration gate) {
        return String.format(
                Locale.ROOT,
                " Calibration error %.3f against w(t), %.3f against w(t+1).",
                gate.calibrationError(Target.STAGE_TWO),
                gate.calibrationError(Target.NEXT_STEP));
    }

    private static String describeGain(GateCalibration gate) {
        StringBuilder text =
                new StringBuilder("Mean gain of the next loop in nats, by the gate's probability to go on:");
        for (Bin bin : gate.bins(Target.NEXT_GAIN)) {
            text.append(
                    String.format(Locale.ROOT, " %.2f: %.3f (%d gates);", bin.predicted(), bin.observed(), bin.n()));
        }
        return text.toString();
    }
}
