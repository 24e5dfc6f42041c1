package org.loopscope.analysis.choice;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Of choices that score alike the first is taken, as NumPy's argmax does, which lm-evaluation-harness asks. */
class ChoiceScoreTest {
    private static ChoiceRow row(int choice, boolean right, int characters, double logLikelihood) {
        return new ChoiceRow(
                1, "", "", choice, right, "fixed:1", 1, characters, characters, 1, logLikelihood, false, 4);
    }

    @Test
    void ofEqualScoresTheFirstIsTaken() {
        assertTrue(ChoiceScore.SUM.isRight(List.of(row(0, true, 2, -3), row(1, false, 2, -3))));
        assertFalse(ChoiceScore.SUM.isRight(List.of(row(0, false, 2, -3), row(1, true, 2, -3))));
    }

    @Test
    void aLengthMayTurnTheOrder() {
        List<ChoiceRow> rows = List.of(row(0, false, 1, -3), row(1, true, 4, -5));
        assertFalse(ChoiceScore.SUM.isRight(rows));
        assertTrue(ChoiceScore.PER_CHARACTER.isRight(rows));
        assertFalse(ChoiceScore.PER_CHARACTER.isRight(List.of(row(0, false, 1, -3), row(1, true, 0, -1))), "no length");
    }
}
