package org.loopscope.plugin.depth;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.depth.DepthCurve;
import org.loopscope.analysis.depth.DepthData;
import org.loopscope.analysis.depth.DepthValue;
import org.loopscope.analysis.depth.DraftAcceptance;
import org.loopscope.analysis.depth.DraftReplay;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.stat.Estimate;
import org.loopscope.analysis.stat.RunIntervals;
import org.loopscope.analysis.table.Rows;
import org.loopscope.lab.Findings;
import org.loopscope.lab.SetWords;
import org.loopscope.model.base.LoopscopeException;

/** The rows of a set by depth, and the steps of a run, in tables. */
final class DepthFindings {
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
    private static final double SMALL = 0.001;

    private final DepthData data;
    private final int block;

    /** @param block k, tokens drafted before they are verified */
    DepthFindings(DepthData data, int block) {
        this.data = data;
        this.block = block;
    }

    /** Of the scope that says most. */
    DepthCurve curve() throws LoopscopeException {
        return data.curve(data.mainScope(), Optional.empty())
                .orElseThrow(() -> new LoopscopeException("Depth: expected a prompt that could be measured, found "
                        + data.problems() + " whose run met a number that is not finite and no other."));
    }

    Findings of(boolean byGroup) throws LoopscopeException {
        DepthCurve curve = curve();
        Findings found = new Findings()
                .line("Model      " + SetWords.model(data.model()) + ", " + data.dtype())
                .line("Prompts    " + data.prompts() + SetWords.skipped(data.problems()))
                .line("Steps      1 to T = " + data.steps() + " from one run a prompt; trained with T = "
                        + data.trainedSteps())
                .line("Counted    " + data.mainScope().title() + ", " + curve.tokens()
                        + " a step; 95 % intervals over prompts")
                .line("")
                .table(table(curve, block));
        if (byGroup) {
            for (String group : data.groups()) {
                data.curve(data.mainScope(), Optional.of(group)).ifPresent(of -> found.line("")
                        .line(SetWords.model(group) + ", n = " + of.n())
                        .table(table(of, block)));
            }
        }
        found.line("");
        beyond(curve).ifPresent(found::line);
        if (data.steps() > data.trainedSteps()) {
            found.line("* outside training.");
        }
        found.line(data.lacksSampledDrafts() ? DepthFigures.NO_SAMPLED_DRAFTS : drafts(block));
        if (curve.has(DepthValue.LAMBDA)) {
            found.line("lambda: a run that ends at T does not read the last one; training with T = "
                    + data.trainedSteps() + " reads none from step " + data.trainedSteps() + " on.");
        }
        return json(found);
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
    static Findings ofRun(DepthCurve curve, int block) {
        Findings found = new Findings().table(table(curve, block));
        if (curve.outsideTraining(curve.steps())) {
            found.line("* outside training.");
        }
        return found.line("95 %: "
                        + (curve.n() < RunIntervals.LEAST
                                ? "no interval below " + RunIntervals.LEAST + " tokens of one run."
                                : "95 % intervals over tokens that depend on each other."))
                .line(drafts(block));
    }

    private static String drafts(int block) {
        return "sampled: mean of the sum of min(p_step, p_T), how often T accepts a draft sampled from the step; tokens k="
                + block + ": expected of one verification of " + block
                + " drafts, (1 - a^(k+1)) / (1 - a), if acceptances were independent.";
    }

    private static Rows<Integer> table(DepthCurve curve, int block) {
        boolean trained = curve.steps() == curve.about().trainedSteps(); // then both agreements are one
        List<DepthValue> values = TABLE.stream()
                .filter(curve::has)
                .filter(value -> !trained || value != DepthValue.AGREEMENT_LAST)
                .toList();
        Rows<Integer> rows = Rows.of(
                        IntStream.rangeClosed(1, curve.steps()).boxed().toList())
                .shown("step", t -> curve.outsideTraining(t) ? t + "*" : t + " ");
        for (DepthValue value : values) {
            rows.shown(header(value, curve), t -> number(curve.at(value, t).value()));
            if (value == values.get(0)) {
                rows.interval("", 3, t -> curve.at(value, t).interval());
            }
            if (value == DepthValue.SAMPLED_ACCEPTANCE) {
                rows.shown(
                        "tokens k=" + block,
                        t -> t == curve.steps() ? "–" : number(perVerification(curve.at(value, t), block)));
            }
        }
        return rows;
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
        return value != 0 && Math.abs(value) < SMALL ? String.format(Locale.ROOT, "%.1e", value) : Rows.shown(value, 3);
    }

    /** What drafting would have done on this very text, a line for each draft step; none where nothing was generated. */
    static List<String> replays(LensGrid lens, int block) {
        List<String> lines = new ArrayList<>();
        for (int s = 1; s < lens.steps(); s++) {
            int step = s;
            DraftReplay.of(lens, s, block)
                    .ifPresent(r -> lines.add(String.format(
                            Locale.ROOT,
                            "Drafting this text at step %d, blocks of %d: %d rounds, %d of %s%d drafts accepted, %d passes"
                                    + " instead of %d.",
                            step,
                            block,
                            r.rounds(),
                            r.accepted(),
                            r.draftedExactly() ? "" : "at most ",
                            r.drafted(),
                            r.passes(),
                            r.fullDepthLoops())));
        }
        if (!lines.isEmpty()) {
            lines.add(0, "");
        }
        return lines;
    }

    /** Every curve that the rows allow. */
    private Findings json(Findings found) {
        List<Map<String, @Nullable Object>> curves = new ArrayList<>();
        for (Scope scope : data.scopes()) {
            data.curve(scope, Optional.empty()).ifPresent(curve -> curves.add(json(curve)));
            for (String group : data.groups()) {
                data.curve(scope, Optional.of(group)).ifPresent(curve -> curves.add(json(curve)));
            }
        }
        return found.put("model", data.model())
                .put("compute_dtype", data.dtype())
                .put("max_steps", data.steps())
                .put("trained_steps", data.trainedSteps())
                .put("prompts", data.prompts())
                .put("prompts_not_measured", data.problems())
                .put("draft_block", block)
                .put("lacks_sampled_drafts", data.lacksSampledDrafts())
                .put("curves", curves);
    }

    private Map<String, @Nullable Object> json(DepthCurve curve) {
        return new Findings()
                .put("scope", curve.about().scope().map(Scope::cliName).orElse("run"))
                .put("group", curve.about().group().orElse(null))
                .put("n", curve.n())
                .put("tokens", curve.tokens())
                .put(
                        "steps",
                        IntStream.rangeClosed(1, curve.steps())
                                .mapToObj(t -> step(curve, t))
                                .toList())
                .data();
    }

    private Map<String, @Nullable Object> step(DepthCurve curve, int t) {
        Findings step = new Findings().put("step", t).put("outside_training", curve.outsideTraining(t));
        for (DepthValue value : DepthValue.values()) {
            Estimate estimate = curve.at(value, t);
            step.put(
                    value.column(),
                    new Findings()
                            .put("value", estimate.value())
                            .put("low", estimate.interval().low())
                            .put("high", estimate.interval().high())
                            .put("n", estimate.n()));
        }
        if (t < curve.steps()) { // the last step is no draft
            step.put("tokens_per_verification", perVerification(curve.at(DepthValue.SAMPLED_ACCEPTANCE, t), block));
        }
        return step.data();
    }
}
