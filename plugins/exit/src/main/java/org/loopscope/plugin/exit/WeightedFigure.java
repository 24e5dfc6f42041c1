package org.loopscope.plugin.exit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.loopscope.analysis.exit.WeightedExit;
import org.loopscope.analysis.exit.WeightedExit.Reading;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.figure.Axis;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.figure.TokenText;
import org.loopscope.figure.ValueScale;

/** What all steps say together, weighted by the exit pdf, beside what the last one says. */
final class WeightedFigure {
    static final String ID = "exit-weighted";
    static final String HELP = """
            Weighted exit. Instead of leaving at one step, all steps speak, each with the weight p(t) of its exit probability. \
            There are two ways to mix, and they give different distributions: the mixture of logits, softmax(Σ p(t) z_t), which \
            is what the published model code returns, and the mixture of probabilities, Σ p(t) softmax(z_t), which is what \
            leaving at random by p and then reading the next token amounts to. The third row is full depth. A frame marks where \
            the most probable token is not that of full depth.

            How it misleads. No loop is saved: all T steps have to run. A mixture of logits can be surer than any of its steps, \
            or favour a token that none of them does; a mixture of probabilities never is and never can be. Rates are of the \
            tokens of one text, which are not independent.""";

    private WeightedFigure() {}

    static HeatmapFigure of(Inspection inspection, WeightedExit weighted) {
        List<HeatmapFigure.Frame> frames = new ArrayList<>();
        for (int p = 0; p < weighted.positions(); p++) {
            for (int row = 0; row < 2; row++) {
                if (reading(weighted, row, p).top1() != weighted.fullDepth(p).top1()) {
                    frames.add(new HeatmapFigure.Frame(p, row, row));
                }
            }
        }
        String text =
                agreement("mixture of logits", weighted, weighted.agreeingLogits(), weighted.intervalLogits()) + ", "
                        + agreement(
                                "of probabilities",
                                weighted,
                                weighted.agreeingProbabilities(),
                                weighted.intervalProbabilities());
        return HeatmapFigure.builder(ID, "Weighted exit, mixed in two ways")
                .subtitle("same top-1 token as full depth: " + text + " · "
                        + inspection.lens().statement())
                .description("Same most probable token as full depth: " + text + ".")
                .rows("", List.of("mixture of logits", "mixture of probabilities", "full depth"))
                .columns(Axis.tokens("input token (the prediction is for the token after it)", inspection.capture()))
                .values(ValueScale.probability("probability"), (row, p) -> reading(weighted, row, p)
                        .probability())
                .texts((row, p) -> cell(inspection, reading(weighted, row, p)))
                .frames("another token than full depth", frames)
                .marks("generated", inspection.capture()::generated)
                .topDown(true)
                .table(weighted::toTable)
                .build();
    }

    private static List<String> cell(Inspection inspection, Reading reading) {
        return List.of(
                TokenText.visible(inspection.lens().tokenText(reading.top1()), FigureTheme.LIGHT.monoBold(12)),
                String.format(Locale.ROOT, "%.2f", reading.probability()));
    }

    private static Reading reading(WeightedExit weighted, int row, int position) {
        return switch (row) {
            case 0 -> weighted.mixtureOfLogits(position);
            case 1 -> weighted.mixtureOfProbabilities(position);
            default -> weighted.fullDepth(position);
        };
    }

    private static String agreement(String name, WeightedExit weighted, int agreeing, Interval interval) {
        return String.format(Locale.ROOT, "%s %d/%d (%s)", name, agreeing, weighted.positions(), interval.words());
    }

    /** Lines about one cell, for the hover. */
    static List<String> info(Inspection inspection, WeightedExit weighted, int row, int position) {
        Reading reading = reading(weighted, row, position);
        return List.of(
                List.of("mixture of logits", "mixture of probabilities", "full depth")
                                .get(row) + " · token " + (position + 1),
                cell(inspection, reading).get(0) + "  " + String.format(Locale.ROOT, "%.4f", reading.probability()),
                String.format(Locale.ROOT, "entropy %.3f nats", reading.entropy()));
    }
}
