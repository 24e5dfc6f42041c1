package org.loopscope.analysis.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;
import org.loopscope.analysis.TinyCaptures;
import org.loopscope.analysis.TinyCaptures.Matrix;
import org.loopscope.model.Capture;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;

class InspectionTest {
    @Test
    void theAnswerIsReadAtTheStepWhereTheRuleLeaves() {
        // Two tokens a and b; step 1 predicts a at both, step 2 predicts b. Gates 1/2 and nearly shut.
        Capture capture = TinyCaptures.capture(
                2, 2, new float[][] {{0, -20}, {0, 0}}, new float[][] {{1, 0, 1, 0}, {0, 1, 0, 1}});
        Matrix unembedding = Matrix.identity(2);
        Inspection inspection = Inspection.of(capture, unembedding, 1, RunControl.none());
        assertEquals("a", inspection.answer(0, ExitRule.q(0.5)));
        assertEquals("b", inspection.answer(1, ExitRule.q(0.5)));
        assertEquals("b", inspection.answer(0, ExitRule.full()));
        assertEquals(1, inspection.exits().exitStep(ExitRule.q(0.5), 0));
        assertEquals(2, inspection.lens().steps());
        assertSame(capture, inspection.capture());
        assertSame(unembedding, inspection.unembedding());
    }
}
