package org.loopscope.app.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.loopscope.analysis.gate.GateCalibration;
import org.loopscope.analysis.gate.GateData;
import org.loopscope.analysis.run.GateDiagnosis;
import org.loopscope.analysis.run.GateDiagnosis.Format;
import org.loopscope.analysis.set.Scope;
import org.loopscope.plugin.figure.GateSetFigures;

/** What the gate knows, over a set of prompts, as tables and as JSON. */
final class GateShown {
    private final GateData data;
    private final Optional<Scope> wanted;
    private final GateCalibration gate;

    /** @param wanted tokens that are counted; all where it is empty */
    GateShown(GateData data, Optional<Scope> wanted) {
        this.data = data;
        this.wanted = wanted;
        this.gate = data.calibration(wanted);
    }

    void print(PrintWriter to) {
        to.println("Model      " + Shown.text(data.model()) + ", " + data.computeDtype() + ", T = " + data.steps());
        to.println("Counted    " + wanted.map(Scope::title).orElse("all tokens") + " of " + gate.prompts() + " prompts"
                + (data.problems() == 0
                        ? ""
                        : " (" + data.problems() + " prompts not measured: a number was not finite)")
                + "; 95 % intervals over prompts");
        to.println(GateSetFigures.warnings(gate));
        to.println();
        TextTable bySteps = new TextTable()
                .right("after loop")
                .right("gates")
                .right("mean lambda")
                .right("above 0.5622")
                .left("95 %")
                .right("gain of the next loop, nats")
                .left("95 %");
        for (GateCalibration.Step step : gate.steps()) {
            bySteps.row(List.of(
                    Integer.toString(step.step()),
                    Long.toString(step.n()),
                    number(step.lambda()),
                    number(step.above()),
                    Shown.interval(step.aboveInterval()),
                    number(step.nextGain()),
                    Shown.interval(step.gainInterval())));
        }
        bySteps.print(to);
        for (GateCalibration.Target target : GateCalibration.Target.values()) {
            to.println();
            to.println(
                    target == GateCalibration.Target.NEXT_GAIN
                            ? "1 - lambda and the gain of the next loop, nats"
                            : String.format(
                                    Locale.ROOT,
                                    "1 - lambda and the ideal probability to go on %s; calibration error %.3f",
                                    target.title(),
                                    gate.calibrationError(target)));
            TextTable bins = new TextTable()
                    .right("1 - lambda")
                    .right("gates")
                    .right("prompts")
                    .right("mean")
                    .left("95 %");
            for (GateCalibration.Bin bin : gate.bins(target)) {
                bins.row(List.of(
                        number(bin.predicted()),
                        Long.toString(bin.n()),
                        Integer.toString(bin.prompts()),
                        number(bin.observed()),
                        Shown.interval(bin.interval())));
            }
            bins.print(to);
        }
        to.println();
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.3f", value);
    }

    /** The object of docs/cli.md. */
    ObjectNode json() {
        ObjectNode root = Json.object()
                .put("model", data.model())
                .put("compute_dtype", data.computeDtype())
                .put("max_steps", data.steps())
                .put("scope", wanted.map(Scope::cliName).orElse(null))
                .put("prompts", gate.prompts())
                .put("prompts_not_measured", data.problems())
                .put("gates", gate.gates())
                .put("largest_ideal_lambda", GateDiagnosis.LARGEST_IDEAL_LAMBDA)
                .put("above_ideal", gate.aboveIdeal());
        Json.put(root, "above_ideal_low", gate.aboveInterval().low());
        Json.put(root, "above_ideal_high", gate.aboveInterval().high());
        root.put("above_ideal_note", GateDiagnosis.ABOVE_IDEAL_NOTE);
        Json.put(root, "largest_lambda", gate.largestLambda());
        ObjectNode saturated = root.putObject("saturated");
        for (Format format : Format.values()) {
            saturated.put(format.title(), gate.saturated(format));
        }
        ArrayNode bySteps = root.putArray("steps");
        for (GateCalibration.Step step : gate.steps()) {
            ObjectNode one = bySteps.addObject().put("step", step.step()).put("gates", step.n());
            Json.put(one, "mean_lambda", step.lambda());
            Json.put(one, "above_ideal", step.above(), step.aboveInterval());
            Json.put(one, "next_gain", step.nextGain(), step.gainInterval());
        }
        ObjectNode targets = root.putObject("calibration");
        for (GateCalibration.Target target : GateCalibration.Target.values()) {
            ObjectNode one = targets.putObject(target.name().toLowerCase(Locale.ROOT));
            if (target != GateCalibration.Target.NEXT_GAIN) {
                Json.put(one, "error", gate.calibrationError(target));
            }
            ArrayNode bins = one.putArray("bins");
            for (GateCalibration.Bin bin : gate.bins(target)) {
                ObjectNode at = bins.addObject().put("n", bin.n()).put("prompts", bin.prompts());
                Json.put(at, "bin_low", bin.low());
                Json.put(at, "bin_high", bin.high());
                Json.put(at, "predicted_continue", bin.predicted());
                Json.put(at, "observed", bin.observed(), bin.interval());
            }
        }
        return root;
    }
}
