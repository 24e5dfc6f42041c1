package org.loopscope.analysis.exit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.TinyCaptures;
import org.loopscope.analysis.TinyCaptures.Matrix;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.analysis.stat.RunIntervals;
import org.loopscope.model.Capture;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.exit.RuleKind;
import org.loopscope.model.exit.Signal;
import tech.tablesaw.api.Table;

class ExitAnalysisTest {
    private static final float ZERO = 0; // lambda 1/2
    private static final float SHUT = -20; // lambda 2e-9
    private static final float OPEN = 20; // lambda 1 - 2e-9

    /**
     * Three tokens, three steps. Gates: token a 1/2, 1/2: CDF 0.5, 0.75, 1. Token b opens at once: CDF 1. Token c never:
     * CDF 0, 0, 1. Predictions (largest of two logits): a: 0 1 1, b: 1 1 0, c: 0 0 0.
     */
    private static final Capture CAPTURE = TinyCaptures.capture(
            2, 2, new float[][] {{ZERO, OPEN, SHUT}, {ZERO, ZERO, SHUT}, {ZERO, ZERO, ZERO}}, new float[][] {
                {1, 0, 0, 1, 1, 0}, {0, 1, 0, 1, 1, 0}, {0, 1, 1, 0, 1, 0}
            });

    private final ExitAnalysis exits = ExitAnalysis.of(CAPTURE);
    private final LensGrid lens = LogitLens.steps(CAPTURE, Matrix.identity(2), 1, RunControl.none());

    @Test
    void everyTokenLeavesWhereTheRuleSays() {
        assertArrayEquals(new int[] {1, 1, 3}, exits.exitSteps(ExitRule.q(0.4)));
        assertArrayEquals(new int[] {2, 1, 3}, exits.exitSteps(ExitRule.q(0.6)));
        assertArrayEquals(new int[] {3, 1, 3}, exits.exitSteps(ExitRule.q(0.8)));
        assertArrayEquals(new int[] {3, 3, 3}, exits.exitSteps(ExitRule.full()));
        assertArrayEquals(new int[] {2, 2, 2}, exits.exitSteps(ExitRule.fixed(2)));
        assertEquals(2, exits.exitStep(ExitRule.q(0.6), 0));
        assertEquals(0.75, exits.distribution(0).cdf(2), 1e-12);
    }

    @Test
    void theHistogramCountsTokensByStep() {
        assertArrayEquals(new int[] {1, 1, 1}, exits.histogram(ExitRule.q(0.6)));
        assertArrayEquals(new int[] {0, 0, 3}, exits.histogram(ExitRule.full()));
    }

    @Test
    void theSummaryWeighsStepsSavedAgainstPredictionsChanged() {
        // q = 0.6: steps 2, 1, 3, so 6 of 9; b leaves with 1 where step 3 says 0, a and c agree.
        ExitSummary summary = exits.summary(ExitRule.q(0.6), lens);
        assertEquals(2, summary.meanSteps(), 1e-15);
        assertEquals(3, summary.steps());
        assertEquals(1 / 3.0, summary.savedFraction(), 1e-15);
        assertEquals(2, summary.agreeing());
        assertEquals(3, summary.tokens());
        assertEquals(2 / 3.0, summary.agreementFraction(), 1e-15);
        assertFalse(summary.agreement().isDefined(), "three tokens are no sample");
    }

    /** 60 tokens, two steps; every fourth leaves at step 1 with a prediction that is not that of step 2. */
    @Test
    void agreementHasTheIntervalOfTokensThatDependOnEachOther() {
        float[] gates = new float[60];
        float[] first = new float[120];
        float[] last = new float[120];
        boolean[] agree = new boolean[60];
        for (int p = 0; p < 60; p++) {
            agree[p] = p % 4 != 0;
            gates[p] = p % 4 < 2 ? OPEN : SHUT; // leaves at 1 or 2
            first[2 * p] = 1;
            last[2 * p + (p % 2 == 0 ? 1 : 0)] = 1; // the same at odd tokens
        }
        Capture capture = TinyCaptures.capture(2, 2, new float[][] {gates, new float[60]}, new float[][] {first, last});
        ExitSummary summary = ExitAnalysis.of(capture)
                .summary(ExitRule.q(0.5), LogitLens.steps(capture, Matrix.identity(2), 1, RunControl.none()));
        assertEquals(45, summary.agreeing());
        assertEquals(RunIntervals.share(agree), summary.agreement());
    }

    @Test
    void fullDepthSavesNothingAndAgreesWithItself() {
        ExitSummary summary = exits.summary(ExitRule.full(), lens);
        assertEquals(0, summary.savedFraction());
        assertEquals(3, summary.agreeing());
    }

    @Test
    void aLensOfAnotherCaptureIsRefused() {
        LensGrid other =
                LogitLens.steps(TinyCaptures.oneToken(new float[] {1, 0}), Matrix.identity(2), 1, RunControl.none());
        assertThrows(IllegalArgumentException.class, () -> exits.summary(ExitRule.full(), other));
    }

    @Test
    void tokensThatASmallChangeOfQMovesAreListed() {
        assertEquals(List.of(0), flips(0.5, 0.01)); // step 1 up to 0.5, step 2 above
        assertEquals(List.of(), flips(0.6, 0.05));
        assertEquals(List.of(0, 2), flips(0.1, 0.7)); // from q = 0, where all leave at once
        assertEquals(List.of(0, 1), flips(1, 0.4)); // to q = 1, which is full depth
        assertThrows(IllegalArgumentException.class, () -> flips(0.5, Double.NaN));
    }

    private List<Integer> flips(double q, double delta) {
        RuleBand band = RuleBand.around(ExitRule.q(q), delta, 3, 2).orElseThrow();
        return exits.flips(band.low(), band.high());
    }

    @Test
    void theBandAroundAThresholdFollowsItsScale() throws LoopscopeException {
        assertEquals(
                Optional.of(new RuleBand(ExitRule.parse("max-prob:0.75"), ExitRule.parse("max-prob:1"))),
                RuleBand.around(ExitRule.parse("max-prob:0.875"), 0.125, 4, 100));
        RuleBand kl = RuleBand.around(ExitRule.parse("kl:0.01"), 0.2, 4, 100).orElseThrow(); // a fifth of five decades
        assertEquals(0.001, RuleKind.threshold(kl.low()), 1e-12);
        assertEquals(0.1, RuleKind.threshold(kl.high()), 1e-12);
        assertEquals(
                Optional.of(new RuleBand(ExitRule.sameTop1(1), ExitRule.sameTop1(2))),
                RuleBand.around(ExitRule.sameTop1(1), 0.05, 4, 100));
        assertEquals(Optional.empty(), RuleBand.around(ExitRule.fixed(2), 0.05, 4, 100));
        assertEquals(Optional.empty(), RuleBand.around(ExitRule.full(), 0.05, 4, 100));
    }

    @Test
    void rulesOnPredictionsAndStatesAreReplayedFromTheLens() throws LoopscopeException {
        ExitAnalysis all = ExitAnalysis.of(CAPTURE, lens);
        // Predictions a: 0 1 1, b: 1 1 0, c: 0 0 0.
        assertArrayEquals(new int[] {3, 2, 2}, all.exitSteps(ExitRule.sameTop1(1)));
        // Logits 1 and 0 everywhere: p = 0.7311, margin 0.4621, the same at every step.
        assertArrayEquals(new int[] {1, 1, 1}, all.exitSteps(ExitRule.parse("max-prob:0.73")));
        assertArrayEquals(new int[] {3, 3, 3}, all.exitSteps(ExitRule.parse("margin:0.47")));
        assertArrayEquals(new int[] {1, 1, 1}, all.exitSteps(ExitRule.parse("margin:0.46")));
        // KL is 0 where the state stays (b, c at step 2), 0.4621 where the two logits change places.
        assertArrayEquals(new int[] {3, 2, 2}, all.exitSteps(ExitRule.parse("kl:0.1")));
        assertArrayEquals(new int[] {2, 2, 2}, all.exitSteps(ExitRule.parse("kl:0.47")));
        // The change is sqrt(2) of a state of length 1, or nothing.
        assertArrayEquals(new int[] {3, 2, 2}, all.exitSteps(ExitRule.parse("state-diff:1")));
        assertArrayEquals(new int[] {2, 2, 2}, all.exitSteps(ExitRule.parse("state-diff:1.5")));
        assertEquals(0.7310586, all.signals().at(0).maxProbability(1), 1e-6);
        assertEquals(0.4621172, all.signals().at(0).margin(1), 1e-6);
        assertEquals(0.4621172, all.signals().at(0).kl(2), 1e-6);
        assertEquals(1, all.signals().at(0).ofStates(Signal.ACCELERATION, 3), 1e-6); // a move and then none
        assertEquals(Double.NaN, all.signals().at(2).ofStates(Signal.ACCELERATION, 3)); // no move at all
        assertEquals(Double.NaN, all.signals().at(0).kl(1));
    }

    @Test
    void withoutALensOnlyTheGateCanBeAsked() throws LoopscopeException {
        ExitRule rule = ExitRule.parse("entropy:1");
        assertThrows(IllegalStateException.class, () -> exits.exitSteps(rule));
    }

    @Test
    void theOracleKnowsTheFirstStepThatSaysTheSameOrIsRight() {
        assertArrayEquals(new int[] {2, 3, 1}, Oracle.firstAgreeing(lens));
        // Tokens are 0 1 0: a is followed by 1, said at step 2; b by 0, said at step 3; nothing follows c.
        assertArrayEquals(new int[] {2, 3, 0}, Oracle.firstRight(lens));
    }

    @Test
    void theTableHasALinePerTokenAndStep() {
        Table table = exits.toTable(ExitRule.q(0.6));
        assertEquals(
                List.of("position", "token", "step", "gate_logit", "lambda", "survival", "pdf", "cdf", "exit_step"),
                table.columnNames());
        assertEquals(9, table.rowCount());
        assertEquals(0.25, table.doubleColumn("pdf").getDouble(1), 1e-15);
        assertEquals(0.75, table.doubleColumn("cdf").getDouble(1), 1e-15);
        assertEquals(2, table.intColumn("exit_step").getInt(1));
        assertEquals("b", table.stringColumn("token").get(3));
    }
}
