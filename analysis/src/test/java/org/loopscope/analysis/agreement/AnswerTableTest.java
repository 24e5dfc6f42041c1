package org.loopscope.analysis.agreement;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.stat.Interval;

/** Answers of a set counted by hand. */
class AnswerTableTest {
    /** Of an older version, which does not say what is right. */
    private static AnswerRow row(String gold, int stable, String... answers) {
        double[] none = new double[answers.length];
        return new AnswerRow(
                1, "", gold, stable, 0, List.of(answers), none, OptionalInt.empty(), none, List.of(), "float32");
    }

    private static final AnswerRow OLD = row("True", 2, "False", "True", "True");
    private static final AnswerTable TABLE = AnswerTable.of(
            List.of(
                    row("True", 2, "False", "True", "True"),
                    row("True", 3, "True", "True", "False"),
                    row("False", 1, "False", "False", "False"),
                    row("", 3, "True", "False", "True")),
            false);

    @Test
    void stepsAgreeAsOftenAsTheirAnswersAreEqual() {
        AgreementMatrix agreement = TABLE.agreement();
        assertEquals(4, agreement.n());
        assertEquals(2, agreement.count(1, 2));
        assertEquals(2, agreement.count(2, 3));
        assertEquals(2, agreement.count(1, 3));
        // Two of each label at every step: expected 1/2, observed 1/2.
        assertEquals(0, agreement.kappa(1, 2), 1e-15);
    }

    @Test
    void accuracyCountsPromptsWithGoldOnly() {
        assertEquals(3, TABLE.withGold());
        assertEquals(2, TABLE.right(1));
        assertEquals(3, TABLE.right(2));
        assertEquals(2, TABLE.right(3));
        assertEquals(1, TABLE.lostRight());
        assertArrayEquals(new int[] {1, 1, 2}, TABLE.stableHistogram());
    }

    @Test
    void aRowSaysOfAllItsStepsOrOfNoneWhetherTheyAreRight() {
        AnswerRow old = OLD;
        assertEquals(Optional.empty(), old.misfit());
        AnswerRow half = new AnswerRow(
                1,
                "",
                "True",
                2,
                1,
                old.answers(),
                old.goldLogProbabilities(),
                OptionalInt.of(1),
                old.answerLogProbabilities(),
                List.of(true),
                "float32");
        assertEquals("right_1", half.misfit().orElseThrow().column());
        List<String> cells = AnswerRow.table(3).cells(old);
        assertEquals(List.of("", "", "", "float32"), cells.subList(cells.size() - 4, cells.size()));
    }

    @Test
    void worseIsALowerLogProbabilityThanAtTheBestStepByMoreThanTheTolerance() {
        WorseWithDepth worse = WorseWithDepth.of(new double[][] {
            {-3, -2, -1}, // better and better
            {-3, -1, -2}, // worse at the end
            {-1, -2, -0.5}, // best at the end
            {-0.001, -0.002, -0.005}, // within the tolerance
            {-1, Double.NaN, -1}, // unknown
        });
        assertEquals(4, worse.n());
        assertEquals(1, worse.worseAtEnd());
        assertEquals(Interval.wilson(1, 4), worse.worseAtEndInterval());
    }
}
