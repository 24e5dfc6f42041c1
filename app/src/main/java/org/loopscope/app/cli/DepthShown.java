package org.loopscope.app.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.loopscope.analysis.depth.DepthCurve;
import org.loopscope.analysis.depth.DepthData;
import org.loopscope.analysis.depth.DepthValue;
import org.loopscope.analysis.depth.DraftAcceptance;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.stat.Estimate;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.stat.RunIntervals;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.plugin.figure.DepthFigures;

/** The rows of a set by depth, as text or JSON. */
final class DepthShown {
    private static final List<DepthValue> TABLE = List.of(
            DepthValue.ACCURACY,
            DepthValue.AGREEMENT_TRAINED,
            DepthValue.AGREEMENT_LAST,
            DepthValue.TEXT_PROBABILITY,
            DepthValue.TOP_PROBABILITY,
            DepthValue.ENTROPY,
            DepthValue.KL_TO_PREVIOUS,
            DepthValue.SAMPLED_ACCEPTANCE,
            DepthValue.LAMBDA,
            DepthValue.MEGAFLOPS);

    private final DepthData data;
    private final int block;

    /** @param block k, tokens drafted before they are verified */
    DepthShown(DepthData data, int block) {
        this.data = data;
        this.block = block;
    }

    /** Of the scope that says most. */
    DepthCurve curve() throws LoopscopeException {
        return data.curve(data.mainScope(), Optional.empty())
                .orElseThrow(() -> new LoopscopeException("Depth: expected a prompt that could be measured, found "
                        + data.problems() + " whose run met a number that is not finite and no other."));
    }

    void print(PrintWriter out, boolean byGroup) throws LoopscopeException {
        DepthCurve curve = curve();
        out.println("Model      " + Shown.text(data.model()) + ", " + data.dtype());
        out.println("Prompts    " + data.prompts()
                + (data.problems() == 0 ? "" : " (" + data.problems() + " not measured: a number was not finite)"));
        out.println("Steps      1 to T = " + data.steps() + " from one run a prompt; trained with T = "
                + data.trainedSteps());
        out.println("Counted    " + data.mainScope().title() + ", " + curve.tokens()
                + " a step; 95 % intervals over prompts");
        out.println();
        table(curve, block).print(out);
        if (byGroup) {
            for (String group : data.groups()) {
                Optional<DepthCurve> of = data.curve(data.mainScope(), Optional.of(group));
                if (of.isPresent()) {
                    out.println();
                    out.println(Shown.text(group) + ", n = " + of.get().n());
                    table(of.get(), block).print(out);
                }
            }
        }
        out.println();
        beyond(curve).ifPresent(out::println);
        if (data.steps() > data.trainedSteps()) {
            out.println("* outside training.");
        }
        out.println(data.lacksSampledDrafts() ? DepthFigures.NO_SAMPLED_DRAFTS : drafts(block));
        out.println("lambda: a run that ends at T does not read the last one; training with T = " + data.trainedSteps()
                + " reads none from step " + data.trainedSteps() + " on.");
    }

    /** What more loops than trained with do, on the same prompts. */
    private static Optional<String> beyond(DepthCurve curve) {
        int trained = curve.about().trainedSteps();
        DepthValue value = curve.has(DepthValue.ACCURACY) ? DepthValue.ACCURACY : DepthValue.TEXT_PROBABILITY;
        if (curve.steps() <= trained) {
            return Optional.empty();
        }
        Estimate change = curve.change(value, trained, curve.steps());
        return Optional.of(String.format(
                Locale.ROOT,
                "From step %d to step %d: %s %+.3f (95 %% %+.3f to %+.3f, the same %d prompts).",
                trained,
                curve.steps(),
                value.title(),
                change.value(),
                change.interval().low(),
                change.interval().high(),
                change.n()));
    }

    /** The table of one run. */
    static String text(DepthCurve curve, int block) {
        StringWriter out = new StringWriter();
        try (PrintWriter writer = new PrintWriter(out)) {
            table(curve, block).print(writer);
            if (curve.outsideTraining(curve.steps())) {
                writer.println("* outside training.");
            }
            writer.println("95 %: "
                    + (curve.n() < RunIntervals.LEAST
                            ? "no interval below " + RunIntervals.LEAST + " tokens of one run."
                            : "95 % intervals over tokens that depend on each other."));
            writer.println(drafts(block));
        }
        return out.toString();
    }

    private static String drafts(int block) {
        return "sampled: mean of the sum of min(p_step, p_T), how often T accepts a draft sampled from the step; tokens k="
                + block + ": expected of one verification of " + block
                + " drafts, (1 - a^(k+1)) / (1 - a), if acceptances were independent.";
    }

    private static TextTable table(DepthCurve curve, int block) {
        TextTable table = new TextTable().right("step");
        boolean trained = curve.steps() == curve.about().trainedSteps(); // then both agreements are one
        List<DepthValue> values = TABLE.stream()
                .filter(curve::has)
                .filter(value -> !trained || value != DepthValue.AGREEMENT_LAST)
                .toList();
        for (DepthValue value : values) {
            table.right(header(value, curve));
            if (value == values.get(0)) {
                table.right("95 %");
            }
            if (value == DepthValue.SAMPLED_ACCEPTANCE) {
                table.right("tokens k=" + block);
            }
        }
        for (int t = 1; t <= curve.steps(); t++) {
            List<String> cells = new ArrayList<>(List.of(curve.outsideTraining(t) ? t + "*" : t + " "));
            for (DepthValue value : values) {
                Estimate estimate = curve.at(value, t);
                cells.add(number(estimate.value()));
                if (value == values.get(0)) {
                    cells.add(interval(estimate.interval()));
                }
                if (value == DepthValue.SAMPLED_ACCEPTANCE) {
                    cells.add(t == curve.steps() ? "–" : number(perVerification(estimate, block)));
                }
            }
            table.row(cells);
        }
        return table;
    }

    private static double perVerification(Estimate alpha, int block) {
        return DraftAcceptance.tokensPerVerification(alpha.value(), block);
    }

    private static String header(DepthValue value, DepthCurve curve) {
        return switch (value) {
            case ACCURACY -> "right";
            case AGREEMENT_TRAINED -> "as T=" + curve.about().trainedSteps();
            case AGREEMENT_LAST -> "as T=" + curve.steps();
            case TEXT_PROBABILITY -> "p(text)";
            case TOP_PROBABILITY -> "p(top)";
            case ENTROPY -> "entropy";
            case KL_TO_PREVIOUS -> "KL";
            case SAMPLED_ACCEPTANCE -> "sampled";
            case LAMBDA -> "lambda";
            case MEGAFLOPS -> "MFLOP";
            default -> value.column();
        };
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        return value != 0 && Math.abs(value) < 0.001
                ? String.format(Locale.ROOT, "%.1e", value)
                : String.format(Locale.ROOT, "%.3f", value);
    }

    private static String interval(Interval of) {
        return Double.isNaN(of.low()) ? "–" : String.format(Locale.ROOT, "%.3f–%.3f", of.low(), of.high());
    }

    /** The object of docs/cli.md: every curve that the rows allow. */
    ObjectNode json() {
        ObjectNode json = Json.object()
                .put("model", data.model())
                .put("compute_dtype", data.dtype())
                .put("max_steps", data.steps())
                .put("trained_steps", data.trainedSteps())
                .put("prompts", data.prompts())
                .put("prompts_not_measured", data.problems())
                .put("draft_block", block)
                .put("lacks_sampled_drafts", data.lacksSampledDrafts());
        ArrayNode curves = json.putArray("curves");
        for (Scope scope : data.scopes()) {
            data.curve(scope, Optional.empty()).ifPresent(curve -> curves.add(json(curve)));
            for (String group : data.groups()) {
                data.curve(scope, Optional.of(group)).ifPresent(curve -> curves.add(json(curve)));
            }
        }
        return json;
    }

    private ObjectNode json(DepthCurve curve) {
        ObjectNode json = Json.object()
                .put("scope", curve.about().scope().map(Scope::cliName).orElse("run"))
                .put("group", curve.about().group().orElse(null))
                .put("n", curve.n())
                .put("tokens", curve.tokens());
        ArrayNode steps = json.putArray("steps");
        for (int t = 1; t <= curve.steps(); t++) {
            ObjectNode step = steps.addObject().put("step", t).put("outside_training", curve.outsideTraining(t));
            for (DepthValue value : DepthValue.values()) {
                Estimate estimate = curve.at(value, t);
                Interval interval = estimate.interval();
                ObjectNode of = step.putObject(value.column());
                Json.put(of, "value", estimate.value());
                Json.put(of, "low", interval.low());
                Json.put(of, "high", interval.high());
                of.put("n", estimate.n());
            }
            if (t < curve.steps()) { // the last step is no draft
                Json.put(
                        step,
                        "tokens_per_verification",
                        perVerification(curve.at(DepthValue.SAMPLED_ACCEPTANCE, t), block));
            }
        }
        return json;
    }
}
