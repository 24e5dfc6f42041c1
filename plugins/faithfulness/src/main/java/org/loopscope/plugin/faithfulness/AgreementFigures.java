package org.loopscope.plugin.faithfulness;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.loopscope.analysis.agreement.AgreementMatrix;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.Axis;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.figure.ValueScale;

/** Builds the agreement matrix, and says when it must not be believed. */
final class AgreementFigures {
    static final String MATRIX = "agreement";
    /** From this share of one label on, a step's answers are called one-sided. */
    static final double ONE_SIDED = 0.6;
    /** From this expected agreement on, chance explains much of what is seen. */
    static final double CHANCE = 0.5;
    /** Fewer items than this leave intervals of a third and more. */
    static final int FEW = 30;
    /** Up to so many columns are called "loop 3", more of them "3". */
    private static final int NAMED_COLUMNS = 6;

    private AgreementFigures() {}

    /** T × T: share of tokens with the same top-1 prediction at two steps, with count and κ. */
    static HeatmapFigure matrix(Inspection inspection, AgreementMatrix agreement, int selectedStep) {
        int steps = agreement.steps();
        String inACell = "in a cell: share, Cohen's κ, count/n (as room allows)";
        List<String> numbers =
                IntStream.rangeClosed(1, steps).mapToObj(Integer::toString).toList();
        return HeatmapFigure.builder(MATRIX, "Agreement of loop steps")
                .subtitle("share with the same top-1 prediction · n = " + agreement.n() + " · "
                        + inspection.lens().statement())
                .description(describe(agreement))
                .rows(Axis.loops("", steps))
                .columns(steps > NAMED_COLUMNS ? Axis.loops(inACell, numbers) : Axis.loops(inACell, steps))
                .topDown(true)
                .values(ValueScale.linear("agreement", 0, 1), (row, column) -> agreement.fraction(row + 1, column + 1))
                .texts((row, column) -> cell(agreement, row + 1, column + 1))
                .selected(new HeatmapFigure.Cell(selectedStep - 1, steps - 1))
                .preferredCell(Math.max(30, 340.0 / steps), Math.max(22, 250.0 / steps))
                .table(agreement::toTable)
                .build();
    }

    private static List<String> cell(AgreementMatrix agreement, int i, int j) {
        return List.of(
                String.format(Locale.ROOT, "%.2f", agreement.fraction(i, j)),
                "κ " + kappa(agreement, i, j),
                agreement.count(i, j) + "/" + agreement.n());
    }

    static String kappa(AgreementMatrix agreement, int i, int j) {
        double kappa = agreement.kappa(i, j);
        return Double.isNaN(kappa) ? "undefined" : String.format(Locale.ROOT, "%.2f", kappa);
    }

    /** What the hover says about two steps. */
    static List<String> info(AgreementMatrix agreement, int i, int j) {
        return List.of(
                "loops " + i + " and " + j,
                String.format(
                        Locale.ROOT,
                        "same prediction for %d of %d tokens (%.3f)",
                        agreement.count(i, j),
                        agreement.n(),
                        agreement.fraction(i, j)),
                agreement.interval(i, j).words(),
                String.format(Locale.ROOT, "expected by chance from the marginals %.3f", agreement.expected(i, j)),
                "Cohen's κ " + kappa(agreement, i, j));
    }

    /** Why the numbers of this matrix say little, if they do. */
    static Optional<String> caution(AgreementMatrix agreement) {
        List<String> reasons = new ArrayList<>();
        int n = agreement.n();
        for (int t = 1; t <= agreement.steps() && reasons.isEmpty(); t++) {
            var most = agreement.marginals(t).get(0);
            if (n > 1 && most.count() >= ONE_SIDED * n) {
                reasons.add(String.format(
                        Locale.ROOT,
                        "loop %d predicts “%s” for %d of %d tokens, so it agrees with any step that does the same: read κ, "
                                + "not the share",
                        t,
                        most.text(),
                        most.count(),
                        n));
            }
        }
        double highest = highestExpected(agreement);
        if (reasons.isEmpty() && highest >= CHANCE) {
            reasons.add(String.format(
                    Locale.ROOT, "up to %.2f of agreement is expected by chance from the labels alone", highest));
        }
        if (n < FEW) {
            reasons.add("n = " + n + " tokens of one text: the intervals are wide and the tokens not independent");
        }
        if (reasons.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of("Caution: " + String.join("; ", reasons) + ".");
    }

    private static double highestExpected(AgreementMatrix agreement) {
        double highest = 0;
        for (int i = 1; i <= agreement.steps(); i++) {
            for (int j = i + 1; j <= agreement.steps(); j++) {
                highest = Math.max(highest, agreement.expected(i, j));
            }
        }
        return highest;
    }

    private static String describe(AgreementMatrix agreement) {
        StringBuilder text = new StringBuilder(
                "Share of " + agreement.n() + " tokens with the same top-1 prediction, step against the last step:");
        for (int t = 1; t < agreement.steps(); t++) {
            text.append(String.format(
                    Locale.ROOT,
                    " loop %d %.2f (κ %s)%s",
                    t,
                    agreement.fraction(t, agreement.steps()),
                    kappa(agreement, t, agreement.steps()),
                    t < agreement.steps() - 1 ? "," : "."));
        }
        return text + caution(agreement).map(c -> " " + c).orElse("");
    }
}
