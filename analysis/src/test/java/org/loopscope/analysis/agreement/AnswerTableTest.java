package org.loopscope.analysis.agreement;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Answers of a set counted by hand. */
class AnswerTableTest {
    private static Map<String, String> row(String gold, int stable, String... answers) {
        Map<String, String> row = new HashMap<>();
        row.put("gold", gold);
        row.put("first_stable_step", Integer.toString(stable));
        for (int t = 1; t <= answers.length; t++) {
            row.put("answer_" + t, answers[t - 1]);
        }
        return row;
    }

    private static final AnswerTable TABLE = AnswerTable.of(
            List.of(
                    row("True", 2, "False", "True", "True"),
                    row("True", 3, "True", "True", "False"),
                    row("False", 1, "False", "False", "False"),
                    row("", 3, "True", "False", "True")),
            3);

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
    void worseIsALowerLogProbabilityThanBeforeByMoreThanTheTolerance() {
        WorseWithDepth worse = WorseWithDepth.of(new double[][] {
            {-3, -2, -1}, // better and better
            {-3, -1, -2}, // worse at step 3 and at the end
            {-1, -2, -0.5}, // worse at step 2, best at the end
            {-0.001, -0.002, -0.005}, // within the tolerance
            {-1, Double.NaN, -1}, // unknown
        });
        assertEquals(4, worse.n());
        assertEquals(0, worse.worseAt(1));
        assertEquals(1, worse.worseAt(2));
        assertEquals(1, worse.worseAt(3));
        assertEquals(1, worse.worseAtEnd());
        assertEquals(3, worse.toTable().rowCount());
        assertEquals("best step", worse.toTable().stringColumn("against").get(2));
        assertEquals(0.25, worse.toTable().doubleColumn("fraction").get(2));
    }
}
