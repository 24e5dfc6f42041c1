package org.loopscope.model.exit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.loopscope.model.base.LoopscopeException;

class ExitRuleTest {
    private static final ExitDistribution THREE_STEPS = ExitDistribution.fromGates(0.5, 0.2, 0.9); // CDF 0.5, 0.6, 1

    @ParameterizedTest
    @CsvSource({"full, 3", "fixed:1, 1", "fixed:3, 3", "fixed:9, 3", "q:0, 1", "q:0.55, 2", "q:1, 3", "' Q:0.7 ', 3"})
    void writtenRulesLeaveWhereTheySay(String text, int step) throws LoopscopeException {
        assertEquals(step, ((GateRule) ExitRule.parse(text)).exitStep(THREE_STEPS));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "full",
                "fixed:3",
                "q:0.5",
                "entropy:1.0",
                "max-prob:0.9",
                "margin:0.5",
                "kl:0.01",
                "same-top1:2",
                "state-diff:0.1",
                "accel:0.1"
            })
    void aRuleIsWrittenAsItIsRead(String text) throws LoopscopeException {
        assertEquals(text, ExitRule.parse(text).spec());
    }

    @Test
    void factoriesAndParserAgree() throws LoopscopeException {
        assertEquals(ExitRule.full(), ExitRule.parse("full"));
        assertEquals(ExitRule.fixed(2), ExitRule.parse("fixed:2"));
        assertEquals(ExitRule.q(0.25), ExitRule.parse("q:0.25"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sometimes | Exit rule: expected one of KINDS, found \"sometimes\".",
                "fixed     | Exit rule: expected one of KINDS, found \"fixed\".",
                "full:2    | Exit rule: expected one of KINDS, found \"full:2\".",
                "entropy:-1 | Exit rule \"entropy:-1\": entropy: want a finite number of 0 or more, got -1.0.",
                "max-prob:2 | Exit rule \"max-prob:2\": max-prob: want [0, 1], got 2.0.",
                "same-top1:0 | Exit rule \"same-top1:0\": same-top1: want 1 step or more, got 0.",
                "same-top1:1.5 | Exit rule \"same-top1:1.5\": expected a whole number after the colon.",
                "fixed:two | Exit rule \"fixed:two\": expected a whole number after the colon.",
                "fixed:    | Exit rule \"fixed:\": expected a whole number after the colon.",
                "fixed:0   | Exit rule \"fixed:0\": exit step: want 1 or more, got 0.",
                "q:half    | Exit rule \"q:half\": expected a number after the colon.",
                "q:1.5     | Exit rule \"q:1.5\": q: want [0, 1], got 1.5.",
                "q:NaN     | Exit rule \"q:NaN\": expected a number after the colon."
            })
    void whatIsNoRuleIsRefusedWithASentence(String text, String sentence) {
        LoopscopeException e = assertThrows(LoopscopeException.class, () -> ExitRule.parse(text));
        assertEquals(sentence.replace("KINDS", RuleKind.grammar()), e.getMessage());
    }

    @Test
    void theKindsAreListedWithTheirNumbers() {
        assertTrue(
                RuleKind.grammar().startsWith("full, fixed:STEP, q:THRESHOLD, entropy:NATS, max-prob:P, margin:P, "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"oracle", "oracle-right", "Oracle:1"})
    void anOracleIsNoRuleThatARunCanFollow(String text) {
        LoopscopeException e = assertThrows(LoopscopeException.class, () -> ExitRule.parse(text));
        assertEquals(
                "Exit rule \"" + text + "\": an oracle knows the answer before the loop has given it, so no run can"
                        + " follow it; it is for comparing rules afterwards, as loopscope sweep does.",
                e.getMessage());
    }

    @Test
    void rulesOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> ExitRule.fixed(0));
        assertThrows(IllegalArgumentException.class, () -> ExitRule.q(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> ExitRule.q(-0.1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"full", "fixed:1", "fixed:2", "fixed:7", "q:0", "q:1e-9", "q:0.3", "q:0.5", "q:0.999", "q:1"})
    void askedStepByStepARuleLeavesWhereItLeavesOnAllGates(String text) throws LoopscopeException {
        GateRule rule = (GateRule) ExitRule.parse(text);
        Random random = new Random(11);
        for (int n = 0; n < 2000; n++) {
            double[] gates = new double[1 + random.nextInt(8)];
            double scale = Math.pow(10, random.nextInt(4)); // up to gates that saturate
            Arrays.setAll(gates, t -> (float) (scale * random.nextGaussian()));
            int step = 1;
            while (step < gates.length && !rule.leavesAfter(Arrays.copyOf(gates, step))) {
                step++;
            }
            assertEquals(rule.exitStep(ExitDistribution.fromGateLogits(gates)), step, Arrays.toString(gates));
        }
    }
}
