package org.loopscope.plugin.depth;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.loopscope.analysis.depth.DraftAcceptance;
import org.loopscope.analysis.depth.DraftAcceptance.Tokens;
import org.loopscope.analysis.depth.DraftReplay;
import org.loopscope.analysis.depth.TokenDepth;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.DepthChart;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.TokenText;
import org.loopscope.model.Capture;

/** Figures of the shown run alone: drafts, and one token by depth. */
final class RunFigures {
    static final String TOKEN = "depth-token";
    private static final int DESCRIBED = 16;
    /** Draft steps whose speed-up is written out. */
    private static final int LISTED = 8;

    private RunFigures() {}

    /** Early steps as drafts of the last one, in blocks of {@code block}. */
    static ChartFigure draft(Inspection inspection, int block) {
        Capture capture = inspection.capture();
        return DepthFigures.draft(
                DraftAcceptance.of(inspection.lens(), Tokens.ALL, block),
                DraftAcceptance.of(inspection.lens(), Tokens.GENERATED, block),
                capture.config().trainedSteps(),
                capture.model().computeDtype() + ", " + capture.model().id());
    }

    /** The estimated speed-up of every draft step, and what the best one would have done on this text. */
    static String draftText(Inspection inspection, int block) {
        LensGrid lens = inspection.lens();
        boolean generated = lens.capture().length() > lens.capture().promptLength();
        DraftAcceptance draft = DraftAcceptance.of(lens, generated ? Tokens.GENERATED : Tokens.ALL, block);
        List<Integer> steps = IntStream.range(1, draft.steps())
                .boxed()
                .filter(s -> !Double.isNaN(draft.speedUp(s)))
                .sorted(Comparator.comparingDouble(s -> -draft.speedUp(s)))
                .limit(LISTED)
                .sorted()
                .toList();
        StringBuilder text = new StringBuilder("Estimated speed-up in passes, T (a + 1) / ((k + 1) s + T − s), "
                + draft.tokens().title() + (draft.steps() - 1 > LISTED ? ", the largest:" : ":"));
        text.append(steps.isEmpty() ? " the text is shorter than a block." : "");
        for (int s : steps) {
            text.append(String.format(Locale.ROOT, " step %d %.2f", s, draft.speedUp(s)));
            text.append(s < steps.get(steps.size() - 1) ? "," : ".");
        }
        text.append(sampled(draft));
        best(lens, block).ifPresent(text::append);
        return text.toString();
    }

    /** α of the first draft steps, and what one verification then gives. */
    private static String sampled(DraftAcceptance draft) {
        if (draft.n() == 0) {
            return "";
        }
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                " Sampled drafts at temperature %s%s, α and expected tokens a verification, (1 − α^(k+1)) / (1 − α), if"
                        + " acceptances were independent:",
                draft.temperature(),
                draft.beforeTopP() ? " before top-p" : ""));
        int listed = Math.min(LISTED, draft.steps() - 1);
        for (int s = 1; s <= listed; s++) {
            text.append(String.format(
                    Locale.ROOT, " step %d %.3f, %.2f", s, draft.sampledRate(s), draft.tokensPerVerification(s)));
            text.append(s < listed ? ";" : listed < draft.steps() - 1 ? "; …" : ".");
        }
        return text.toString();
    }

    private static Optional<String> best(LensGrid lens, int block) {
        int best = 0;
        long passes = Long.MAX_VALUE;
        for (int s = 1; s < lens.steps(); s++) {
            Optional<DraftReplay> replay = DraftReplay.of(lens, s, block);
            if (replay.isPresent() && replay.get().passes() < passes) {
                passes = replay.get().passes();
                best = s;
            }
        }
        return best == 0 ? Optional.empty() : DraftReplay.of(lens, best, block).map(sentence(best));
    }

    private static Function<DraftReplay, String> sentence(int step) {
        return r -> String.format(
                Locale.ROOT,
                " Replayed on this text, step %d would have done best: %d of %s%d drafts accepted in %d rounds, %d passes"
                        + " instead of %d.",
                step,
                r.accepted(),
                r.draftedExactly() ? "" : "at most ",
                r.drafted(),
                r.rounds(),
                r.passes(),
                r.fullDepthLoops());
    }

    /** What every number of loops says after one token. */
    static ChartFigure token(Inspection inspection, int position) {
        LensGrid lens = inspection.lens();
        Capture capture = inspection.capture();
        int trained = capture.config().trainedSteps();
        DepthChart chart = new DepthChart(
                        new ChartFigure.Heading(
                                TOKEN,
                                "After “" + text(capture.tokenText(position)) + "”, by depth",
                                "position " + position + " · lens on " + lens.statement() + " · T = 1.." + lens.steps()
                                        + " from one run",
                                describe(lens, position)),
                        lens.steps(),
                        1)
                .vertical("probability", 0, 1)
                .shadeBeyond(trained + 0.5, "outside training")
                .legendBelow();
        String last = text(lens.tokenText(lens.finalId(position)));
        add(chart, 0, "most probable token", false, lens, t -> lens.topProbability(lens.rowOfStep(t), position, 0));
        add(
                chart,
                1,
                "“" + last + "”, as step " + lens.steps() + " says",
                false,
                lens,
                t -> Math.exp(lens.logProbabilityOfFinal(lens.rowOfStep(t), position)));
        if (position < capture.length() - 1) {
            add(
                    chart,
                    2,
                    "“" + text(capture.tokenText(position + 1)) + "”, next in the text",
                    true,
                    lens,
                    t -> lens.probabilityOfNext(lens.rowOfStep(t), position));
        }
        return chart.build(() -> TokenDepth.table(lens, position));
    }

    private static void add(
            DepthChart chart, int color, String name, boolean dashed, LensGrid lens, IntToDoubleFunction value) {
        chart.line(new DepthChart.Line(
                name,
                color,
                dashed,
                IntStream.rangeClosed(1, lens.steps())
                        .mapToObj(t -> {
                            double p = value.applyAsDouble(t);
                            return new DepthChart.Point(t, p, p, p);
                        })
                        .toList(),
                ""));
    }

    private static String describe(LensGrid lens, int position) {
        StringBuilder text = new StringBuilder("Most probable next token:");
        for (int t = 1; t <= Math.min(DESCRIBED, lens.steps()); t++) {
            int row = lens.rowOfStep(t);
            text.append(String.format(
                    Locale.ROOT,
                    " step %d “%s” %.3f;",
                    t,
                    text(lens.topText(row, position, 0)),
                    lens.topProbability(row, position, 0)));
        }
        return text.append(lens.steps() > DESCRIBED ? " …" : "").toString();
    }

    private static String text(String token) {
        return TokenText.inSentence(token, FigureTheme.LIGHT.font(12), 20);
    }
}
