package org.loopscope.plugin.depth;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.loopscope.analysis.depth.DepthCurve;
import org.loopscope.analysis.depth.DepthValue;
import org.loopscope.analysis.depth.DraftAcceptance;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.stat.Estimate;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.stat.RunIntervals;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.DepthChart;

/** Quality, uncertainty, gate and cost by loop step, and early steps as drafts of the last one. */
final class DepthFigures {
    static final String DRAFT = "depth-draft";
    /** Said of rows that an older version wrote. */
    static final String NO_SAMPLED_DRAFTS =
            "The rows have no column sampled_acceptance, an older version wrote them: run the set again for sampled drafts.";

    private static final String OUTSIDE = "outside training";

    private DepthFigures() {}

    /** A picture of a few values that share an axis. */
    enum Curves {
        QUALITY(
                "depth-quality",
                "Quality by depth",
                "share",
                List.of(
                        DepthValue.AGREEMENT_TRAINED,
                        DepthValue.AGREEMENT_LAST,
                        DepthValue.ACCURACY,
                        DepthValue.NEXT_TOKEN)),
        PROBABILITY(
                "depth-probability",
                "Probability by depth",
                "mean probability",
                List.of(DepthValue.TEXT_PROBABILITY, DepthValue.TOP_PROBABILITY)),
        ENTROPY(
                "depth-entropy",
                "Entropy and change by depth",
                "mean (nats)",
                List.of(DepthValue.ENTROPY, DepthValue.KL_TO_PREVIOUS)),
        DRAFTS(
                "depth-drafts",
                "Drafts by depth",
                "accepted by the last step (share)",
                List.of(DepthValue.SAMPLED_ACCEPTANCE, DepthValue.AGREEMENT_LAST)),
        GATE("depth-gate", "Gate by depth", "mean", List.of(DepthValue.LAMBDA, DepthValue.REACHING)),
        COST("depth-cost", "Arithmetic by depth", "MFLOP a token", List.of(DepthValue.MEGAFLOPS));

        private final String id;
        private final String title;
        private final String axis;
        private final List<DepthValue> values;

        Curves(String id, String title, String axis, List<DepthValue> values) {
            this.id = id;
            this.title = title;
            this.axis = axis;
            this.values = values;
        }

        String id() {
            return id;
        }

        String title() {
            return title;
        }

        /** The values of {@code curve} that are drawn; of answers the accuracy, of other text the next token. */
        List<DepthValue> of(DepthCurve curve) {
            return values.stream()
                    .filter(curve::has)
                    .filter(value -> value != DepthValue.NEXT_TOKEN || !curve.has(DepthValue.ACCURACY))
                    .filter(value -> this == DRAFTS
                            || value
                                    != DepthValue.AGREEMENT_LAST // the same line where the last step is the trained one
                            || !curve.has(DepthValue.AGREEMENT_TRAINED)
                            || curve.steps() != curve.about().trainedSteps())
                    .toList();
        }

        private double most() {
            return this == ENTROPY || this == COST ? 0.5 : 1;
        }
    }

    /** One picture of a curve; its table holds all values. */
    static ChartFigure curve(DepthCurve curve, Curves which) {
        List<DepthValue> values = which.of(curve);
        int trained = curve.about().trainedSteps();
        DepthChart chart = new DepthChart(
                        new ChartFigure.Heading(
                                which.id, which.title, subtitle(curve, which), describe(curve, values, which)),
                        curve.steps(),
                        1)
                .vertical(which.axis, 0, which.most())
                .shadeBeyond(
                        which == Curves.GATE ? trained - 0.5 : trained + 0.5,
                        which == Curves.GATE ? "gate " + OUTSIDE : OUTSIDE)
                .legendBelow();
        for (DepthValue value : values) { // the first one is drawn on top
            boolean dashed = value == DepthValue.AGREEMENT_TRAINED || value == DepthValue.AGREEMENT_LAST;
            chart.line(new DepthChart.Line(
                    name(value, curve, which),
                    color(value, which),
                    which != Curves.DRAFTS && dashed,
                    points(curve, value),
                    ""));
        }
        return chart.build(curve::toTable);
    }

    /** Accuracy and the first value of other pictures have the colour of data; drafts those of the picture beside them. */
    private static int color(DepthValue value, Curves which) {
        if (which == Curves.DRAFTS) {
            return value == DepthValue.AGREEMENT_LAST ? 0 : 2;
        }
        return switch (value) {
            case AGREEMENT_TRAINED, TOP_PROBABILITY, KL_TO_PREVIOUS, REACHING -> 1;
            case AGREEMENT_LAST -> 2;
            default -> 0;
        };
    }

    private static String name(DepthValue value, DepthCurve curve, Curves which) {
        return switch (value) {
            case AGREEMENT_LAST ->
                which == Curves.DRAFTS ? "greedy drafts accepted" : "agrees with T = " + curve.steps();
            case AGREEMENT_TRAINED ->
                "agrees with the trained T = " + curve.about().trainedSteps();
            default -> value.title();
        };
    }

    private static List<DepthChart.Point> points(DepthCurve curve, DepthValue value) {
        return IntStream.rangeClosed(1, curve.steps())
                .mapToObj(t -> {
                    Estimate e = curve.at(value, t);
                    return point(t, e.value(), e.interval());
                })
                .toList();
    }

    private static String subtitle(DepthCurve curve, Curves which) {
        DepthCurve.About about = curve.about();
        String n = about.scope().isPresent() ? curve.n() + " prompts" : curve.n() + " tokens of one run";
        return about.scope().map(Scope::title).orElse("all tokens")
                + about.group().map(g -> " · " + g).orElse("") + " · n = " + n + " · T = 1.." + curve.steps()
                + (about.scope().isPresent() ? " from one run each" : " read from it")
                + (which == Curves.DRAFTS ? drafts(curve) : "") + " · "
                + (about.scope().isPresent() ? "95 % over prompts" : ofRun(curve.n())) + " · " + about.dtype() + ", "
                + about.model();
    }

    private static String drafts(DepthCurve curve) {
        return curve.has(DepthValue.SAMPLED_ACCEPTANCE)
                ? " · sampled: Σ min(p_s, p_T), before top-p"
                : " · no sampled drafts: the file is older than that column";
    }

    /** What the bands of one run of {@code n} tokens are. */
    private static String ofRun(int n) {
        return n < RunIntervals.LEAST
                ? "no interval below " + RunIntervals.LEAST + " tokens"
                : "95 % over dependent tokens";
    }

    private static String describe(DepthCurve curve, List<DepthValue> values, Curves which) {
        StringBuilder text = new StringBuilder();
        int trained = curve.about().trainedSteps();
        for (DepthValue value : values) {
            text.append(name(value, curve, which)).append(':');
            for (int t : new int[] {1, trained, curve.steps()}) {
                if (t <= curve.steps()) {
                    Estimate e = curve.at(value, t);
                    text.append(" step ").append(t).append(' ');
                    text.append(DepthChart.number(
                            e.value(), e.interval().low(), e.interval().high()));
                    text.append(t > trained ? " (" + OUTSIDE + ");" : ";");
                }
            }
            text.append(' ');
        }
        OptionalInt peak = curve.has(DepthValue.ACCURACY) ? curve.peak(DepthValue.ACCURACY) : OptionalInt.empty();
        peak.ifPresent(
                t -> text.append("Most answers are right at step ").append(t).append('.'));
        return text.toString().strip();
    }

    /**
     * How often full depth would accept each earlier step's draft, after all tokens and, where there are some, after those
     * that were generated.
     *
     * @param about what was run: {@code float32, embedded}
     */
    static ChartFigure draft(DraftAcceptance all, DraftAcceptance generated, int trainedSteps, String about) {
        boolean both = generated.n() > 0;
        DraftAcceptance main = both ? generated : all;
        int trained = trainedSteps;
        DepthChart chart = new DepthChart(
                        new ChartFigure.Heading(
                                DRAFT,
                                "Early steps as drafts of step " + all.steps(),
                                "blocks of " + all.block() + " · n = " + all.n() + " tokens"
                                        + (both ? ", " + generated.n() + " generated" : "")
                                        + " · sampled at temperature " + main.temperature()
                                        + (main.beforeTopP() ? " before top-p" : "") + " · " + ofRun(main.n())
                                        + " · read, not run · " + about,
                                describe(main)),
                        Math.max(1, all.steps() - 1),
                        1)
                .horizontal("draft step s")
                .vertical("accepted (share)", 0, 1)
                .shadeBeyond(all.steps() > trained ? trained + 0.5 : Double.NaN, OUTSIDE)
                .legendBelow();
        String of = both ? ", generated" : "";
        chart.line(new DepthChart.Line("greedy, all tokens", 0, false, points(all), ""));
        if (both) {
            chart.line(new DepthChart.Line("greedy, generated", 1, false, points(generated), ""));
        }
        chart.line(new DepthChart.Line("sampled: mean Σ min(p_s, p_T)" + of, 2, false, sampled(main), ""));
        chart.line(
                new DepthChart.Line("greedy, of a block of " + main.block() + of, both ? 1 : 0, true, runs(main), ""));
        return chart.build(() -> both ? all.toTable().append(generated.toTable()) : all.toTable());
    }

    private static List<DepthChart.Point> points(DraftAcceptance draft) {
        return IntStream.range(1, draft.steps())
                .mapToObj(s -> point(s, draft.rate(s), draft.interval(s)))
                .toList();
    }

    private static List<DepthChart.Point> sampled(DraftAcceptance draft) {
        return IntStream.range(1, draft.steps())
                .mapToObj(s -> point(s, draft.sampledRate(s), draft.sampledInterval(s)))
                .toList();
    }

    private static DepthChart.Point point(int step, double value, Interval interval) {
        return new DepthChart.Point(step, value, interval.low(), interval.high());
    }

    private static List<DepthChart.Point> runs(DraftAcceptance draft) {
        return IntStream.range(1, draft.steps())
                .mapToObj(s -> new DepthChart.Point(s, draft.meanRun(s) / draft.block(), Double.NaN, Double.NaN))
                .toList();
    }

    private static String describe(DraftAcceptance draft) {
        StringBuilder text =
                new StringBuilder("Of " + draft.tokens().title() + ", step T = " + draft.steps() + " accepts:");
        for (int s = 1; s < draft.steps(); s++) {
            text.append(String.format(
                    Locale.ROOT,
                    " of step %d %d of %d, estimated speed-up in passes %s; sampled drafts %.3f;",
                    s,
                    draft.accepted(s),
                    draft.n(),
                    Double.isNaN(draft.speedUp(s)) ? "undefined" : String.format(Locale.ROOT, "%.2f", draft.speedUp(s)),
                    draft.sampledRate(s)));
        }
        return text.toString();
    }
}
