package org.loopscope.plugin.faithfulness;

import java.awt.Font;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.loopscope.analysis.agreement.AnswerFlips;
import org.loopscope.analysis.agreement.WorseWithDepth;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.Axis;
import org.loopscope.figure.CategoryScale;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.figure.TokenText;
import org.loopscope.model.Capture;

/** Builds the timeline of answers: where the top-1 prediction changes, and from where on it stays. */
final class FlipFigures {
    static final String TIMELINE = "answer-flips";
    static final int EARLIER = 0;
    static final int CHANGED = 1;
    static final int STABLE = 2;
    static final int STAYS = 3;
    private static final Font CELL_FONT = FigureTheme.LIGHT.monoBold(12);
    private static final CategoryScale SCALE = new CategoryScale(List.of(
            new CategoryScale.Entry("will still change", theme -> theme.probability(0.08)),
            new CategoryScale.Entry("changed, will change again", theme -> theme.probability(0.32)),
            new CategoryScale.Entry("first stable step", theme -> theme.probability(0.98)),
            new CategoryScale.Entry("stays", theme -> theme.probability(0.62))));

    private FlipFigures() {}

    /** Token × step. */
    static HeatmapFigure timeline(Inspection inspection, AnswerFlips flips, int position, int step) {
        Capture capture = inspection.capture();
        return HeatmapFigure.builder(TIMELINE, "When the answer settles")
                .subtitle(summary(flips) + " · " + inspection.lens().statement())
                .description(describe(flips))
                .rows(Axis.loops("", flips.steps()))
                .columns(Axis.tokens("input token (the prediction is for the token after it)", capture))
                .values(SCALE, (row, p) -> kind(flips, row + 1, p))
                .texts((row, p) ->
                        List.of(TokenText.visible(inspection.lens().tokenText(flips.label(row + 1, p)), CELL_FONT)))
                .marks("generated", capture::generated)
                .selected(new HeatmapFigure.Cell(step - 1, position))
                .preferredCell(62, 28)
                .table(flips::toTable)
                .build();
    }

    /** One of the kinds above. */
    static int kind(AnswerFlips flips, int step, int position) {
        int stable = flips.firstStableStep(position);
        if (step == stable) {
            return STABLE;
        }
        if (step > stable) {
            return STAYS;
        }
        return flips.changedAt(step, position) ? CHANGED : EARLIER;
    }

    /** Tokens whose prediction changes at least once. */
    static int flipping(AnswerFlips flips) {
        return (int) IntStream.range(0, flips.positions())
                .filter(p -> flips.flips(p) > 0)
                .count();
    }

    static String summary(AnswerFlips flips) {
        int n = flips.positions();
        int flipping = flipping(flips);
        double depth =
                IntStream.range(0, n).map(flips::firstStableStep).average().orElse(Double.NaN);
        return String.format(
                Locale.ROOT,
                "%d of %d tokens (%.0f %%) change their answer · mean first stable step %.2f of %d",
                flipping,
                n,
                100.0 * flipping / n,
                depth,
                flips.steps());
    }

    /** Of how many tokens the one that follows ends less probable than an earlier loop made it; empty for one token. */
    static String worse(WorseWithDepth worse) {
        if (worse.n() == 0) {
            return "";
        }
        return String.format(
                Locale.ROOT,
                "Worse with depth: for %d of %d tokens (%s) the token that follows ends less probable, by"
                        + " more than %.2f nats, than an earlier loop made it.",
                worse.worseAtEnd(),
                worse.n(),
                worse.worseAtEndInterval().percent(),
                WorseWithDepth.TOLERANCE);
    }

    private static String describe(AnswerFlips flips) {
        StringBuilder text = new StringBuilder(summary(flips) + ". First stable step, tokens:");
        int[] counts = flips.stableHistogram();
        for (int t = 1; t <= counts.length; t++) {
            text.append(" loop ").append(t).append(" ").append(counts[t - 1]).append(t < counts.length ? "," : ".");
        }
        return text.toString();
    }
}
