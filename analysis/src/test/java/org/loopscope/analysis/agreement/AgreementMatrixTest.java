package org.loopscope.analysis.agreement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.TinyCaptures;
import org.loopscope.analysis.TinyCaptures.Matrix;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.model.base.RunControl;
import tech.tablesaw.api.Table;

class AgreementMatrixTest {
    /**
     * Ten items, labels 0 and 1. Step 1: 0 six times. Step 2: 0 five times, equal to step 1 at items 0-3 (0) and 6-8 (1),
     * so at 7 of 10. Step 3: always 0.
     */
    private static final AgreementMatrix MATRIX = AgreementMatrix.of(
            new int[][] {
                {0, 0, 0, 0, 0, 0, 1, 1, 1, 1},
                {0, 0, 0, 0, 1, 1, 1, 1, 1, 0},
                {0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
            },
            TinyCaptures::text);

    @Test
    void countsAndKappaByHand() {
        assertEquals(7, MATRIX.count(1, 2));
        assertEquals(0.7, MATRIX.fraction(1, 2), 1e-15);
        // p_e = 6/10 * 5/10 + 4/10 * 5/10 = 1/2; kappa = (0.7 - 0.5) / (1 - 0.5)
        assertEquals(0.5, MATRIX.expected(1, 2), 1e-15);
        assertEquals(0.4, MATRIX.kappa(1, 2), 1e-15);
        assertEquals(Interval.wilson(7, 10), MATRIX.interval(1, 2));
    }

    @Test
    void aStepThatAlwaysAnswersTheSameAgreesOnlyByChance() {
        // 6 of 10 agree, and p_e = 6/10 * 1 as well: kappa 0 says that this agreement means nothing.
        assertEquals(6, MATRIX.count(1, 3));
        assertEquals(0.6, MATRIX.expected(1, 3), 1e-15);
        assertEquals(0, MATRIX.kappa(1, 3), 1e-15);
    }

    @Test
    void kappaOfTwoConstantEqualStepsIsUndefined() {
        assertEquals(10, MATRIX.count(3, 3));
        assertEquals(1, MATRIX.expected(3, 3));
        assertTrue(Double.isNaN(MATRIX.kappa(3, 3)));
    }

    @Test
    void kappaIsNegativeWhereStepsDisagreeMoreThanChance() {
        // Always opposite, half and half: p_o = 0, p_e = 1/2, kappa = -1.
        AgreementMatrix opposite = AgreementMatrix.of(new int[][] {{0, 0, 1, 1}, {1, 1, 0, 0}}, TinyCaptures::text);
        assertEquals(-1, opposite.kappa(1, 2), 1e-15);
        assertEquals(0, opposite.count(1, 2));
    }

    @Test
    void everyStepAgreesWithItselfAndTheMatrixIsSymmetric() {
        for (int i = 1; i <= 3; i++) {
            assertEquals(MATRIX.n(), MATRIX.count(i, i));
            for (int j = 1; j <= 3; j++) {
                assertEquals(MATRIX.count(i, j), MATRIX.count(j, i));
                assertEquals(MATRIX.expected(i, j), MATRIX.expected(j, i));
            }
        }
        assertEquals(1, MATRIX.kappa(1, 1), 1e-15);
    }

    @Test
    void marginalsComeMostFrequentFirstAndEqualOnesById() {
        assertEquals(List.of(new LabelCount(0, "a", 6), new LabelCount(1, "b", 4)), MATRIX.marginals(1));
        assertEquals(List.of(new LabelCount(0, "a", 5), new LabelCount(1, "b", 5)), MATRIX.marginals(2));
        assertEquals(List.of(new LabelCount(0, "a", 10)), MATRIX.marginals(3));
    }

    @Test
    void labelsOfARunAreTheMostProbablePredictions() {
        // Two tokens, two steps: a predicts 0 then 1, b predicts 1 and stays.
        var capture = TinyCaptures.capture(2, 2, new float[2][2], new float[][] {{1, 0, 0, 1}, {0, 1, 0, 1}});
        AgreementMatrix matrix = AgreementMatrix.of(LogitLens.steps(capture, Matrix.identity(2), 1, RunControl.none()));
        assertEquals(1, matrix.count(1, 2));
        assertEquals(2, matrix.n());
        assertEquals(List.of(new LabelCount(1, "b", 2)), matrix.marginals(2));
        // p_e = p_1(0) p_2(0) + p_1(1) p_2(1) = 1/2 * 0 + 1/2 * 1
        assertEquals(0.5, matrix.expected(1, 2), 1e-15);
    }

    @Test
    void tablesShowUndefinedKappaAsMissing() {
        Table table = MATRIX.toTable();
        assertEquals(9, table.rowCount());
        assertEquals(
                List.of("step_i", "step_j", "n", "agreeing", "fraction", "low", "high", "expected", "kappa"),
                table.columnNames());
        assertEquals(1, table.doubleColumn("kappa").countMissing());
        assertTrue(table.doubleColumn("kappa").isMissing(8));
        assertEquals(5, MATRIX.marginalsTable().rowCount());
    }

    @Test
    void stepsOutOfRangeAndRaggedLabelsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> MATRIX.count(0, 1));
        assertThrows(IllegalArgumentException.class, () -> MATRIX.kappa(1, 4));
        assertThrows(
                IllegalArgumentException.class,
                () -> AgreementMatrix.of(new int[][] {{0, 1}, {0}}, TinyCaptures::text));
    }
}
