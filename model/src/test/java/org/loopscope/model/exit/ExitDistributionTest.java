package org.loopscope.model.exit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExitDistributionTest {
    private static final double UNREAD = 0.9; // the last gate, which the pdf does not read

    @Test
    void threeStepsByHand() {
        // S_1 = 0.8, S_2 = 0.8 * 0.5 = 0.4; p = 0.2, 0.5 * 0.8, rest 0.4
        ExitDistribution d = ExitDistribution.fromGates(0.2, 0.5, UNREAD);
        assertArrayEquals(new double[] {0.2, 0.4, 0.4}, values(d, d::pdf), 1e-15);
        assertArrayEquals(new double[] {0.2, 0.6, 1.0}, values(d, d::cdf), 1e-15);
        assertArrayEquals(new double[] {0.8, 0.4, 0.04}, values(d, d::survival), 1e-15);
        assertEquals(1, d.survival(0));
        assertEquals(0.2 + 2 * 0.4 + 3 * 0.4, d.expectedSteps(), 1e-15);
        assertEquals(-(0.2 * Math.log(0.2) + 0.8 * Math.log(0.4)), d.entropy(), 1e-15);
    }

    /** Below −37 a gate is smaller than what 1 can be told from 1 plus it, and still counts. */
    @ParameterizedTest
    @ValueSource(doubles = {-38, -50, -100, -700})
    void gatesThatAreNearlyClosedStillAddUp(double logit) {
        ExitDistribution d = ExitDistribution.fromGateLogits(logit, logit, UNREAD);
        double gate = Math.exp(logit); // λ = e^g to the last digit there
        assertEquals(gate, d.pdf(1), 1e-12 * gate);
        assertEquals(gate, d.cdf(1), 1e-12 * gate);
        assertEquals(2 * gate, d.cdf(2), 1e-12 * gate);
        assertEquals(1, d.cdf(3));
    }

    @Test
    void fourStepsByHand() {
        // S = 0.9, 0.63, 0.252; p = 0.1, 0.3 * 0.9, 0.6 * 0.63, rest
        ExitDistribution d = ExitDistribution.fromGates(0.1, 0.3, 0.6, UNREAD);
        assertArrayEquals(new double[] {0.1, 0.27, 0.378, 0.252}, values(d, d::pdf), 1e-15);
        assertArrayEquals(new double[] {0.1, 0.37, 0.748, 1}, values(d, d::cdf), 1e-15);
        assertEquals(2.782, d.expectedSteps(), 1e-14);
        assertEquals(1.29886, d.entropy(), 5e-6);
    }

    @Test
    void gatesOfOneQuarterOneThirdOneHalfMakeTheExitUniform() {
        ExitDistribution d = ExitDistribution.fromGates(1 / 4.0, 1 / 3.0, 1 / 2.0, UNREAD);
        assertArrayEquals(new double[] {0.25, 0.25, 0.25, 0.25}, values(d, d::pdf), 1e-15);
        assertEquals(Math.log(4), d.entropy(), 1e-14); // the most there is
        assertEquals(2.5, d.expectedSteps(), 1e-14);
    }

    @Test
    void gatesAtTheCeilingOfStageTwoTraining() {
        ExitDistribution d = ExitDistribution.fromGates(0.5622, 0.5622, 0.5622, UNREAD);
        assertArrayEquals(new double[] {0.5622, 0.24613, 0.10776, 0.08391}, values(d, d::pdf), 5e-6);
        assertArrayEquals(new double[] {0.5622, 0.80833, 0.91609, 1}, values(d, d::cdf), 5e-6);
        assertEquals(1.71338, d.expectedSteps(), 5e-6);
        assertEquals(1.11682, d.entropy(), 5e-6);
    }

    @ParameterizedTest
    @CsvSource({"0.0, 1", "0.5, 1", "0.51, 2", "0.6, 2", "0.61, 3", "1.0, 3"})
    void exitStepIsTheFirstStepWhoseCdfReachesQ(double q, int expectedStep) {
        // p = 0.5, 0.2 * 0.5 = 0.1, rest 0.4
        assertEquals(expectedStep, ExitDistribution.fromGates(0.5, 0.2, UNREAD).exitStep(q));
    }

    @Test
    void lastGateChangesNothingButItsOwnLambda() {
        ExitDistribution low = ExitDistribution.fromGateLogits(-1, 0.5, -30);
        ExitDistribution high = ExitDistribution.fromGateLogits(-1, 0.5, 30);
        assertArrayEquals(values(low, low::pdf), values(high, high::pdf));
        assertArrayEquals(values(low, low::cdf), values(high, high::cdf));
        assertTrue(low.lambda(3) < 1e-12 && high.lambda(3) > 1 - 1e-12);
    }

    @Test
    void oneStepTakesEverything() {
        ExitDistribution d = ExitDistribution.fromGateLogits(-3);
        assertEquals(1, d.steps());
        assertEquals(1, d.pdf(1));
        assertEquals(1, d.cdf(1));
        assertEquals(1, d.exitStep(0));
        assertEquals(1, d.exitStep(1));
        assertEquals(1, d.expectedSteps());
        assertEquals(0, d.entropy());
    }

    @ParameterizedTest
    @ValueSource(doubles = {17.4, 40, 800, Double.POSITIVE_INFINITY})
    void fullDepthIsFullDepthHoweverSaturatedTheGate(double logit) {
        // In float32 lambda is exactly 1 from 17.33 on; in double the CDF rounds to 1 from about 37 on.
        ExitDistribution d = ExitDistribution.fromGateLogits(logit, logit, logit, logit);
        assertEquals(4, d.exitStep(1));
        assertEquals(1, d.exitStep(0));
        assertEquals(1, d.exitStep(0.999));
        assertEquals(1, sum(d), 1e-15);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-40, -800, Double.NEGATIVE_INFINITY})
    void aGateThatNeverOpensLeavesEverythingToTheLastStep(double logit) {
        ExitDistribution d = ExitDistribution.fromGateLogits(logit, logit, logit);
        assertEquals(1, d.exitStep(0));
        assertEquals(3, d.exitStep(1e-6));
        assertEquals(1, d.pdf(3), 1e-15);
        assertEquals(3, d.expectedSteps(), 1e-14);
    }

    @Test
    void gatesOfExactlyZeroAndOneAreTakenAtTheirWord() {
        ExitDistribution d = ExitDistribution.fromGates(0, 1, 0, 1, UNREAD);
        assertArrayEquals(new double[] {0, 1, 0, 0, 0}, values(d, d::pdf));
        assertArrayEquals(new double[] {0, 1, 1, 1, 1}, values(d, d::cdf)); // compares bits: no -0.0
        assertArrayEquals(
                new double[] {1, 0, 0, 0}, new double[] {d.survival(1), d.survival(2), d.survival(3), d.survival(4)});
        assertEquals(2, d.exitStep(1e-300));
        assertEquals(5, d.exitStep(1));
        assertEquals(2, d.expectedSteps());
        assertEquals(0, d.entropy());
    }

    @Test
    void smallDifferencesNearOneSurvive() {
        // 1 - CDF(2) = (1 - lambda)^2 with 1 - lambda about 2e-9: far below what summing p in double would keep
        ExitDistribution d = ExitDistribution.fromGateLogits(20, 20, 0);
        double left = 1 / (1 + Math.exp(20));
        assertEquals(left * left, d.pdf(3), left * left * 1e-12);
        assertEquals(left * left, d.survival(2), left * left * 1e-12);
    }

    @Test
    void gatesAndTheirLogitsAgree() {
        double[] logits = {-2, 0.3, 1.7, 5};
        double[] gates = IntStream.range(0, 4)
                .mapToDouble(t -> 1 / (1 + Math.exp(-logits[t])))
                .toArray();
        ExitDistribution a = ExitDistribution.fromGateLogits(logits);
        ExitDistribution b = ExitDistribution.fromGates(gates);
        assertArrayEquals(values(a, a::pdf), values(b, b::pdf), 1e-15);
        assertArrayEquals(gates, values(a, a::lambda), 1e-15);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void randomGatesGiveADistributionThatAgreesWithTheSlowProduct(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            double[] logits = random.doubles(1 + random.nextInt(64), -60, 60).toArray();
            ExitDistribution d = ExitDistribution.fromGateLogits(logits);
            assertEquals(1, sum(d), 1e-12);
            assertEquals(1, d.cdf(d.steps()));
            double survival = 1;
            double cdf = 0;
            for (int t = 1; t <= d.steps(); t++) {
                double lambda = 1 / (1 + Math.exp(-logits[t - 1]));
                double p = t < d.steps() ? lambda * survival : survival;
                survival *= 1 / (1 + Math.exp(logits[t - 1]));
                assertEquals(p, d.pdf(t), 1e-13, "pdf at step " + t + " of seed " + seed);
                cdf += p;
                assertEquals(cdf, d.cdf(t), 1e-12, "cdf at step " + t + " of seed " + seed);
                assertTrue(t == 1 || d.cdf(t) >= d.cdf(t - 1), "cdf falls at step " + t + " of seed " + seed);
            }
            exitStepRisesWithQ(d);
        }
    }

    private static void exitStepRisesWithQ(ExitDistribution d) {
        int before = 1;
        for (double q = 0; q <= 1; q += 1 / 64.0) {
            int step = d.exitStep(q);
            assertTrue(step >= before && step <= d.steps());
            before = step;
        }
        assertEquals(d.steps(), before);
    }

    @Test
    void notANumberIsRefusedWhereThePdfReadsIt() {
        assertThrows(IllegalArgumentException.class, () -> ExitDistribution.fromGateLogits(0, Double.NaN, 0));
        assertThrows(IllegalArgumentException.class, () -> ExitDistribution.fromGates(Double.NaN, 0.5));
        assertThrows(IllegalArgumentException.class, () -> ExitDistribution.fromGates(0.5, 1.5, 0.5));
        assertThrows(IllegalArgumentException.class, () -> ExitDistribution.fromGates(-0.1, 0.5));
        assertThrows(IllegalArgumentException.class, ExitDistribution::fromGateLogits);
        assertThrows(IllegalArgumentException.class, ExitDistribution::fromGates);
        ExitDistribution last = ExitDistribution.fromGateLogits(0, Double.NaN);
        assertEquals(0.5, last.pdf(2));
        assertTrue(Double.isNaN(last.lambda(2))); // shown as what it is
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, 1.01, Double.NaN, Double.POSITIVE_INFINITY})
    void thresholdsOutsideTheUnitIntervalAreRefused(double q) {
        ExitDistribution d = ExitDistribution.fromGateLogits(0, 0);
        assertThrows(IllegalArgumentException.class, () -> d.exitStep(q));
    }

    private static double sum(ExitDistribution d) {
        return IntStream.rangeClosed(1, d.steps()).mapToDouble(d::pdf).sum();
    }

    private static double[] values(ExitDistribution d, IntToDoubleFunction of) {
        return IntStream.rangeClosed(1, d.steps()).mapToDouble(of).toArray();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1})
    void withoutAGateEveryNumberIsMissingAndNothingLeavesBeforeTheLastStep(double q) {
        ExitDistribution none = ExitDistribution.none(3);
        assertEquals(3, none.exitStep(q));
        assertEquals(3, none.steps());
        assertTrue(Double.isNaN(none.lambda(1)) && Double.isNaN(none.pdf(2)) && Double.isNaN(none.cdf(3)));
        assertTrue(Double.isNaN(none.expectedSteps()) && Double.isNaN(none.entropy()));
    }
}
