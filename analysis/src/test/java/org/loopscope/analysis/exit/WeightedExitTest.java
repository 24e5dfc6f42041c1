package org.loopscope.analysis.exit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.TinyCaptures;
import org.loopscope.analysis.TinyCaptures.Matrix;
import org.loopscope.model.Capture;
import org.loopscope.model.base.RunControl;

class WeightedExitTest {
    /**
     * One token, two steps of equal weight (gate 0: p = 1/2, 1/2). Logits of step 1: 4 for token 0. Step 2: 3 for token 1,
     * 2 for token 2. By hand: mixed logits 2, 1.5, 1; probabilities 0.9647 + 0.0351, 0.0177 + 0.7054, 0.0177 + 0.2595, halved.
     */
    private static final Capture CAPTURE =
            TinyCaptures.capture(3, 3, new float[][] {{0}, {0}}, new float[][] {{4, 0, 0}, {0, 3, 2}});

    private final WeightedExit weighted = WeightedExit.of(CAPTURE, Matrix.identity(3), RunControl.none());

    @Test
    void logitsAreMixedBeforeTheSoftmax() {
        double sum = Math.exp(2) + Math.exp(1.5) + Math.exp(1);
        assertEquals(0, weighted.mixtureOfLogits(0).top1());
        assertEquals(Math.exp(2) / sum, weighted.mixtureOfLogits(0).probability(), 1e-12);
        assertEquals(1.0201913, weighted.mixtureOfLogits(0).entropy(), 1e-6);
    }

    @Test
    void probabilitiesAreMixedAfterIt() {
        double first = Math.exp(4) / (Math.exp(4) + 2);
        double second = 1 / (1 + Math.exp(3) + Math.exp(2));
        assertEquals(0, weighted.mixtureOfProbabilities(0).top1());
        assertEquals((first + second) / 2, weighted.mixtureOfProbabilities(0).probability(), 1e-12);
    }

    @Test
    void agreementIsWithFullDepth() {
        assertEquals(1, weighted.fullDepth(0).top1());
        assertEquals(0, weighted.agreeingLogits());
        assertEquals(0, weighted.agreeingProbabilities());
        assertFalse(weighted.intervalLogits().isDefined(), "one token is no sample");
    }

    @Test
    void aGateThatNeverOpensIsFullDepthBothWays() {
        Capture shut = TinyCaptures.capture(3, 3, new float[][] {{-700}, {0}}, new float[][] {{4, 0, 0}, {0, 3, 2}});
        WeightedExit last = WeightedExit.of(shut, Matrix.identity(3), RunControl.none());
        assertEquals(last.fullDepth(0).probability(), last.mixtureOfLogits(0).probability(), 1e-12);
        assertEquals(last.fullDepth(0).entropy(), last.mixtureOfProbabilities(0).entropy(), 1e-12);
        assertEquals(1, last.agreeingLogits());
        assertEquals(11, last.toTable().columnCount());
    }

    @Test
    void itCanBeCancelled() {
        RunControl cancelled = RunControl.of(() -> true, (stage, done, total) -> {});
        assertThrows(CancellationException.class, () -> WeightedExit.of(CAPTURE, Matrix.identity(3), cancelled));
    }
}
