package org.loopscope.analysis.geometry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MotionClassifierTest {
    private static Motion motion(int steps, IntFunction<float[]> state) {
        float[][] states = new float[steps][];
        for (int t = 1; t <= steps; t++) {
            states[t - 1] = state.apply(t);
        }
        return MotionClassifier.of(states);
    }

    private static float[] plane(double x, double y) {
        return new float[] {(float) x, (float) y, 10};
    }

    @Test
    void aSpiralThatShrinksHasSettled() {
        Motion motion = motion(32, t -> plane(Math.pow(0.7, t) * Math.cos(t), Math.pow(0.7, t) * Math.sin(t)));
        assertEquals(Motion.Kind.SETTLES, motion.kind());
        assertEquals(8, motion.tail());
        assertTrue(motion.largestStep() < 0.03);
    }

    @ParameterizedTest
    @CsvSource({"64, 2", "64, 3", "64, 5", "32, 4", "16, 2"})
    void aCircleWalkedInEqualStepsIsACycleOfThatPeriod(int steps, int period) {
        Motion motion = motion(
                steps, t -> plane(4 * Math.cos(2 * Math.PI * t / period), 4 * Math.sin(2 * Math.PI * t / period)));
        assertEquals(Motion.Kind.CYCLES, motion.kind());
        assertEquals(period, motion.period().orElseThrow());
        assertEquals(0, motion.bestReturn(), 1e-5);
    }

    @Test
    void aCycleLongerThanHalfTheTailIsNotSeen() {
        // 16 steps: tail of 6, lags 2 and 3; a circle in 9 steps. ‖h_t − h_{t−2}‖ / ‖Δ‖ = 2 cos(π / 9).
        Motion motion = motion(16, t -> plane(4 * Math.cos(2 * Math.PI * t / 9), 4 * Math.sin(2 * Math.PI * t / 9)));
        assertEquals(Motion.Kind.WANDERS, motion.kind());
        assertEquals(2 * Math.cos(Math.PI / 9), motion.bestReturn(), 1e-6);
        assertTrue(motion.period().isEmpty());
    }

    @Test
    void equalStepsOneWayAreADrift() {
        Motion motion = motion(24, t -> plane(t, 2 * t));
        assertEquals(Motion.Kind.DRIFTS, motion.kind());
        assertEquals(1, motion.straightness(), 1e-6);
        assertEquals(2, motion.bestReturn(), 1e-6); // two steps back is twice as far as one
    }

    @Test
    void independentDrawsAroundAPointWander() {
        Random random = new Random(3);
        Motion motion = motion(64, t -> {
            float[] state = new float[50];
            for (int i = 0; i < state.length; i++) {
                state[i] = (float) random.nextGaussian();
            }
            return state;
        });
        assertEquals(Motion.Kind.WANDERS, motion.kind());
        assertEquals(1, motion.bestReturn(), 0.1);
        assertTrue(motion.straightness() < 0.2, "straightness " + motion.straightness());
    }

    @Test
    void anExactFixedPointHasSettledAndHasNoDirection() {
        Motion motion = motion(10, t -> plane(1, 1));
        assertEquals(Motion.Kind.SETTLES, motion.kind());
        assertEquals(0, motion.largestStep());
        assertTrue(Double.isNaN(motion.straightness()));
    }

    @Test
    void fourStepsAreTooFewToTell() {
        assertEquals(Motion.Kind.TOO_SHORT, motion(4, t -> plane(t, 0)).kind());
        assertEquals(Motion.Kind.TOO_SHORT, motion(1, t -> plane(t, 0)).kind());
        assertEquals(Motion.Kind.DRIFTS, motion(8, t -> plane(t, 0)).kind());
    }
}
