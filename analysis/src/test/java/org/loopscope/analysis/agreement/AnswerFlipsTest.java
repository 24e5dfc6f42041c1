package org.loopscope.analysis.agreement;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.analysis.TinyCaptures;
import org.loopscope.analysis.TinyCaptures.Matrix;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.model.base.RunControl;
import tech.tablesaw.api.Table;

class AnswerFlipsTest {
    /** One string a token, one digit a step: the prediction. */
    private static AnswerFlips flips(String... predictions) {
        int steps = predictions[0].length();
        float[][] hidden = new float[steps][predictions.length * 4];
        for (int p = 0; p < predictions.length; p++) {
            for (int t = 0; t < steps; t++) {
                hidden[t][p * 4 + predictions[p].charAt(t) - '0'] = 1;
            }
        }
        var capture = TinyCaptures.capture(4, 4, new float[steps][predictions.length], hidden);
        return AnswerFlips.of(LogitLens.steps(capture, Matrix.identity(4), 1, RunControl.none()));
    }

    @ParameterizedTest
    @CsvSource({
        "2222, 1, 0", // never changes
        "0222, 2, 1",
        "0122, 3, 2",
        "0123, 4, 3", // changes to the last
        "2022, 3, 2", // right at first does not count: it left and came back
        "2220, 4, 1",
        "3, 1, 0"
    })
    void theFirstStableStepIsWhereTheLastAnswerIsReachedForGood(String predictions, int stable, int flips) {
        assertEquals(stable, flips(predictions).firstStableStep(0));
        assertEquals(flips, flips(predictions).flips(0));
    }

    @Test
    void changesAreAgainstTheStepBefore() {
        AnswerFlips flips = flips("0112", "3333");
        assertFalse(flips.changedAt(1, 0));
        assertTrue(flips.changedAt(2, 0));
        assertFalse(flips.changedAt(3, 0));
        assertTrue(flips.changedAt(4, 0));
        assertFalse(flips.changedAt(2, 1));
    }

    @Test
    void theHistogramCountsTokensByFirstStableStep() {
        assertArrayEquals(
                new int[] {1, 0, 2, 1}, flips("1111", "0011", "2133", "0120").stableHistogram());
    }

    @Test
    void theTableHasALinePerTokenAndStep() {
        Table table = flips("0111", "2222").toTable();
        assertEquals(
                List.of("position", "token", "step", "id", "text", "changed", "flips", "first_stable_step"),
                table.columnNames());
        assertEquals(8, table.rowCount());
        assertEquals(true, table.booleanColumn("changed").get(1));
        assertEquals(2, table.intColumn("first_stable_step").getInt(0));
    }
}
