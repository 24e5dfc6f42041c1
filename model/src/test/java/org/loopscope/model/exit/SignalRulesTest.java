package org.loopscope.model.exit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.loopscope.model.base.LoopscopeException;

class SignalRulesTest {
    /** Five steps of one token; what is asked of a step that does not exist yet throws. */
    private static final class Steps implements StepSignals {
        private static final double[] ENTROPY = {2.0, 1.5, 1.0, 0.5, 0.1};
        private static final double[] MAX = {0.2, 0.5, 0.4, 0.9, 0.99};
        private static final double[] MARGIN = {0.1, 0.3, 0.2, 0.8, 0.98};
        private static final double[] KL = {Double.NaN, 0.5, 0.02, 0.3, 0.001};
        private static final double[] CHANGE = {Double.NaN, 0.9, 0.3, 0.1, 0.05};
        private static final double[] BEND = {Double.NaN, Double.NaN, 0.8, 0.2, 0.1};
        private static final double[] COSINE = {Double.NaN, 0.4, 0.2, 0.01, 0.001};
        private static final double[] LEFT = {Double.NaN, Double.NaN, Double.NaN, 0.2, 0.01};
        private static final int[] TOP = {7, 4, 4, 4, 3};
        private final int known;

        Steps(int known) {
            this.known = known;
        }

        private double of(double[] values, int step) {
            if (step > known) {
                throw new IllegalStateException("step " + step + " has not run");
            }
            return values[step - 1];
        }

        @Override
        public int steps() {
            return 5;
        }

        @Override
        public double gateLogit(int step) {
            return of(new double[] {0, 0, 0, 0, 0}, step); // CDF 1/2, 3/4, 7/8, 15/16
        }

        @Override
        public double entropy(int step) {
            return of(ENTROPY, step);
        }

        @Override
        public double maxProbability(int step) {
            return of(MAX, step);
        }

        @Override
        public double margin(int step) {
            return of(MARGIN, step);
        }

        @Override
        public int top1(int step) {
            return (int) of(Arrays.stream(TOP).asDoubleStream().toArray(), step);
        }

        @Override
        public double kl(int step) {
            return of(KL, step);
        }

        @Override
        public double ofStates(Signal signal, int step) {
            return of(
                    switch (signal) {
                        case STATE_DIFFERENCE -> CHANGE;
                        case STATE_COSINE -> COSINE;
                        case ACCELERATION -> BEND;
                        case CONTRACTION -> LEFT;
                        default -> throw new IllegalStateException(signal + " reads no states");
                    },
                    step);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "entropy:5, 1",
        "entropy:1.5, 2", // equality leaves
        "entropy:0.6, 4",
        "entropy:0, 5",
        "max-prob:0, 1",
        "max-prob:0.5, 2",
        "max-prob:0.6, 4",
        "max-prob:1, 5",
        "margin:0.3, 2",
        "margin:0.5, 4",
        "kl:1, 2", // at step 1 there is nothing to compare with
        "kl:0.1, 3",
        "kl:0, 5",
        "same-top1:1, 3",
        "same-top1:2, 4",
        "same-top1:3, 5",
        "state-diff:10, 2",
        "state-diff:0.2, 4",
        "accel:1, 3", // at step 2 there is one move only
        "accel:0.5, 4",
        "accel:0.05, 5",
        "state-cosine:0.2, 3",
        "state-cosine:0.0001, 5",
        "entropy-diff:0.5, 2",
        "entropy-diff:0.4, 5",
        "contraction:0.21, 4",
        "contraction:0.2, 5", // less, not equal
        "q:0.8, 3",
        "fixed:2, 2",
        "full, 5"
    })
    void aRuleLeavesAtTheFirstStepOnItsSideOfTheThreshold(String text, int step) throws LoopscopeException {
        ExitRule rule = ExitRule.parse(text);
        assertEquals(step, rule.exitStep(new Steps(5)));
        for (int t = 1; t < step; t++) {
            assertEquals(false, rule.leavesAfter(new Steps(t), t), "after step " + t + ", knowing no later one");
        }
        if (step < 5) {
            assertEquals(true, rule.leavesAfter(new Steps(step), step));
        }
    }

    @Test
    void predictionsAreThoseWorkedOutByHand() {
        // p = 0.5, 0.25, 0.25: H = 1.5 ln 2. Against 0.25, 0.5, 0.25: KL = 0.5 ln 2 - 0.25 ln 2 = 0.25 ln 2.
        float ln2 = (float) Math.log(2);
        Prediction now = Prediction.of(ln2, 0, 0);
        Prediction before = Prediction.of(0, ln2, 0);
        assertEquals(1.5 * Math.log(2), now.entropy(), 1e-7);
        assertEquals(0, now.top1());
        assertEquals(Math.log(0.5), now.maxLogProbability(), 1e-7);
        assertEquals(0.25, now.margin(), 1e-7);
        assertEquals(0.25 * Math.log(2), now.klFrom(before), 1e-7);
        assertEquals(0, now.klFrom(now));
    }

    @Test
    void klIsTheNewDistributionAgainstTheOldOne() {
        // New 0.9, 0.1 against old 0.5, 0.5: ln 2 - H(0.9, 0.1); the other way round it is 0.5108 instead of 0.3681.
        Prediction now = Prediction.of((float) Math.log(9), 0);
        Prediction before = Prediction.of(0, 0);
        assertEquals(Math.log(2) + 0.9 * Math.log(0.9) + 0.1 * Math.log(0.1), now.klFrom(before), 1e-7);
    }

    @Test
    void hugeLogitsAndEqualOnesAreReadWithoutOverflow() {
        Prediction sure = Prediction.of(1e30f, 0, -1e30f);
        assertEquals(0, sure.entropy());
        assertEquals(1, sure.margin());
        Prediction even = Prediction.of(3, 3);
        assertEquals(0, even.top1(), "of equal ones the lowest id");
        assertEquals(0, even.margin());
        assertEquals(1, Prediction.of(5).margin(), "one token has no rival");
    }

    @Test
    void statesMoveAsWorkedOutByHand() {
        float[] first = {0, 3};
        float[] second = {4, 3}; // move (4, 0)
        float[] third = {4, 6}; // move (0, 3): differs by (-4, 3)
        assertEquals(4 / 3.0, StateChange.relative(first, second), 1e-12);
        assertEquals(3 / 5.0, StateChange.relative(second, third), 1e-12);
        assertEquals(5 / 7.0, StateChange.acceleration(first, second, third), 1e-12);
        assertEquals(1, StateChange.acceleration(first, second, first), 1e-12, "a move taken back");
        assertEquals(Double.NaN, StateChange.acceleration(first, first, first));
        assertEquals(Double.NaN, StateChange.relative(new float[2], first));
    }

    static List<RuleKind> kinds() {
        return RuleKind.values();
    }

    @Test
    void statesThatContractHaveTheDistanceLeftOfAGeometricSeries() {
        // Moves of 1, 1/2, 1/4, ... end 1 behind the second state: from (2) on, 1/2 + 1/4 + ... = 1/2 is left after
        // 1.5.
        float[] zero = {1, 0};
        float[] one = {2, 0};
        float[] half = {2.5f, 0};
        assertEquals(0.5 * 0.5 / (1 - 0.5) / 2.5, StateChange.distanceLeft(zero, one, half), 1e-12);
        // 1.5 forth and 0.5 back: r = 1/3
        assertEquals(0.5 * (1 / 3.0) / (2 / 3.0) / 2, StateChange.distanceLeft(zero, half, one), 1e-12);
    }

    @Test
    void contractionIsUndefinedWhereMovesDoNotShrinkAndLeavesWhereNothingMoves() {
        float[] a = {1, 0};
        float[] b = {2, 0};
        float[] c = {3, 0};
        assertEquals(Double.NaN, StateChange.distanceLeft(a, b, c), "r = 1");
        assertEquals(Double.NaN, StateChange.distanceLeft(a, a, b), "r is undefined");
        assertEquals(0, StateChange.distanceLeft(a, b, b));
        assertEquals(0, StateChange.distanceLeft(a, a, a));
        assertEquals(true, Signal.CONTRACTION.leaves(0, 0), "nothing moves");
        assertEquals(false, Signal.CONTRACTION.leaves(Double.NaN, 100));
        assertEquals(Float.NaN, Signal.CONTRACTION.measured(t -> a, 2), "h_0 is an embedding on another scale");
        assertEquals(0, Signal.CONTRACTION.measured(t -> a, 3));
    }

    @Test
    void cosineDistancesAreThoseOfTheAngle() {
        float[] east = {3, 0};
        float[] northEast = {2, 2};
        assertEquals(1 - Math.sqrt(0.5), StateChange.cosineDistance(east, northEast), 1e-12);
        assertEquals(2, StateChange.cosineDistance(east, new float[] {-1, 0}), 1e-12);
        assertEquals(0, StateChange.cosineDistance(east, new float[] {5, 0}), 1e-12);
        assertEquals(Double.NaN, StateChange.cosineDistance(east, new float[2]));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aKindMakesTheRuleItRecognises(RuleKind kind) throws LoopscopeException {
        ThresholdScale scale = kind.scale(4, 100);
        for (double position : new double[] {0, 0.3, 1}) {
            ExitRule rule = kind.rule(scale.threshold(position));
            assertEquals(kind, RuleKind.of(rule));
            assertEquals(rule, ExitRule.parse(rule.spec()));
        }
        assertEquals(kind, RuleKind.named(kind.cliName()));
        assertEquals(kind, RuleKind.of(kind.rule(kind.initial(4))));
    }

    @Test
    void positionsOnAScaleAreThresholdsAndBack() {
        ThresholdScale kl = RuleKind.of(Signal.KL).scale(4, 100); // 1e-4 to 10, five decades
        assertEquals(1e-4, kl.threshold(0));
        assertEquals(1e-3, kl.threshold(0.2), 1e-15);
        assertEquals(10, kl.threshold(1.5));
        assertEquals(0.4, kl.position(1e-2), 1e-12);
        assertEquals(1e-1, kl.moved(1e-2, 0.2), 1e-12);
        ThresholdScale steps = RuleKind.FIXED.scale(4, 100);
        assertEquals(3, steps.threshold(0.6));
        assertEquals(4.7, RuleKind.of(Signal.ENTROPY).scale(4, 100).high(), 1e-12); // ln 100 = 4.605
        assertThrows(IllegalArgumentException.class, () -> new ThresholdScale(0, 1, true, false));
    }
}
