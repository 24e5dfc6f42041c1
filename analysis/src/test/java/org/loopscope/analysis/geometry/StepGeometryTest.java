package org.loopscope.analysis.geometry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.TinyCaptures;
import tech.tablesaw.api.Table;

class StepGeometryTest {
    /** One token in the plane: (3, 4), turned by a right angle to (-4, 3), then shortened to half. */
    private static final StepGeometry TURN =
            StepGeometry.of(TinyCaptures.oneToken(new float[] {3, 4}, new float[] {-4, 3}, new float[] {-2, 1.5f}));

    @Test
    void lengthsAndAnglesByHand() {
        assertEquals(5, TURN.norm(1, 0), 1e-15);
        assertEquals(5, TURN.norm(2, 0), 1e-15);
        assertEquals(2.5, TURN.norm(3, 0), 1e-15);
        // (-4, 3) - (3, 4) = (-7, -1), length sqrt 50
        assertEquals(Math.sqrt(50), TURN.stepSize(2, 0), 1e-15);
        assertEquals(Math.sqrt(2), TURN.relativeStep(2, 0), 1e-15);
        assertEquals(0, TURN.cosine(2, 0), 1e-15);
        assertEquals(2.5, TURN.stepSize(3, 0), 1e-15);
        assertEquals(0.5, TURN.relativeStep(3, 0), 1e-15);
        assertEquals(1, TURN.cosine(3, 0), 1e-15);
    }

    @Test
    void anglesAndTurnsByHand() {
        assertEquals(0.5, TURN.angularDistance(2, 0), 1e-15);
        assertEquals(0, TURN.angularDistance(3, 0), 1e-7);
        // Δ_2 = (-7, -1), Δ_3 = (2, -1.5): dot -12.5, lengths sqrt 50 and 2.5; Δ_3 - Δ_2 = (9, -0.5)
        assertEquals(-12.5 / (Math.sqrt(50) * 2.5), TURN.updateCosine(3, 0), 1e-15);
        assertEquals(Math.sqrt(81.25), TURN.acceleration(3, 0), 1e-14);
        assertEquals(Math.sqrt(81.25) / (Math.sqrt(50) + 2.5), TURN.relativeAcceleration(3, 0), 1e-14);
        assertTrue(Double.isNaN(TURN.updateCosine(2, 0)));
        assertTrue(Double.isNaN(TURN.acceleration(2, 0)));
    }

    @Test
    void theFirstStepHasNothingBeforeIt() {
        assertTrue(Double.isNaN(TURN.stepSize(1, 0)));
        assertTrue(Double.isNaN(TURN.relativeStep(1, 0)));
        assertTrue(Double.isNaN(TURN.cosine(1, 0)));
    }

    @Test
    void aStateOfZeroHasNoDirection() {
        StepGeometry zero = StepGeometry.of(TinyCaptures.oneToken(new float[] {0, 0}, new float[] {1, 0}));
        assertTrue(Double.isNaN(zero.cosine(2, 0)));
        assertTrue(Double.isNaN(zero.relativeStep(2, 0)));
        assertEquals(1, zero.stepSize(2, 0));
    }

    @Test
    void tokensDoNotMixWhenThereAreSeveral() {
        StepGeometry two = StepGeometry.of(
                TinyCaptures.capture(2, 2, new float[2][2], new float[][] {{1, 0, 0, 1}, {-1, 0, 0, 3}}));
        assertEquals(-1, two.cosine(2, 0), 1e-15);
        assertEquals(1, two.cosine(2, 1), 1e-15);
        assertEquals(2, two.stepSize(2, 1), 1e-15);
        assertEquals(3, two.norm(2, 1), 1e-15);
    }

    @Test
    void theTableLeavesTheFirstStepOut() {
        Table table = TURN.toTable();
        assertEquals(
                List.of(
                        "position",
                        "token",
                        "step",
                        "norm",
                        "step_size",
                        "relative_step",
                        "cosine",
                        "angular_distance",
                        "update_cosine",
                        "acceleration",
                        "relative_acceleration"),
                table.columnNames());
        assertEquals(2, table.doubleColumn("update_cosine").countMissing());
        assertEquals(3, table.rowCount());
        assertEquals(1, table.doubleColumn("cosine").countMissing());
        assertEquals(0.5, table.doubleColumn("relative_step").getDouble(2), 1e-15);
    }
}
