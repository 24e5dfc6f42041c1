package org.loopscope.plugin.faithfulness;

import java.util.List;
import java.util.Locale;
import org.loopscope.analysis.agreement.AgreementMatrix;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.figure.Axis;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.figure.ValueScale;

/** Agreement of the loop steps over the answers to a set of prompts. */
public final class AnswerFigures {
    public static final String AGREEMENT = "answer-agreement";

    private AnswerFigures() {}

    /**
     * T × T: share of prompts with the same answer at two steps, with κ and count.
     *
     * @param about what was asked: model, set, arithmetic
     */
    public static HeatmapFigure agreement(AgreementMatrix agreement, String about) {
        int steps = agreement.steps();
        return HeatmapFigure.builder(AGREEMENT, "Agreement of loop steps over a set")
                .subtitle(about + " · share of prompts with the same answer · n = " + agreement.n())
                .description(describe(agreement))
                .rows(Axis.loops("", steps))
                .columns(Axis.loops("in a cell: share, Cohen's κ, 95 % interval (as room allows)", steps))
                .topDown(true)
                .values(ValueScale.linear("agreement", 0, 1), (i, j) -> agreement.fraction(i + 1, j + 1))
                .texts((i, j) -> cell(agreement, i + 1, j + 1))
                .preferredCell(Math.max(30, 440.0 / steps), Math.max(22, 260.0 / steps))
                .table(agreement::toTable)
                .build();
    }

    private static List<String> cell(AgreementMatrix agreement, int i, int j) {
        Interval interval = agreement.interval(i, j);
        double kappa = agreement.kappa(i, j);
        return List.of(
                String.format(Locale.ROOT, "%.3f", agreement.fraction(i, j)),
                "κ " + (Double.isNaN(kappa) ? "undefined" : String.format(Locale.ROOT, "%.2f", kappa)),
                String.format(Locale.ROOT, "%.2f to %.2f", interval.low(), interval.high()));
    }

    private static String describe(AgreementMatrix agreement) {
        StringBuilder text = new StringBuilder("Share of " + agreement.n() + " prompts with the same answer:");
        for (int i = 1; i < agreement.steps(); i++) {
            text.append(String.format(
                    Locale.ROOT,
                    " loops %d and %d %.3f;",
                    i,
                    agreement.steps(),
                    agreement.fraction(i, agreement.steps())));
        }
        return text.toString();
    }
}
