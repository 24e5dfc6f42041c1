package org.loopscope.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.exit.ExitRule;

class RuleTextTest {
    @ParameterizedTest
    @CsvSource({
        "q:0.5, q = 0.50",
        "q:1, q = 1.00",
        "q:0.999, q = 0.999",
        "q:0.9999999, q = 0.9999999",
        "q:0, q = 0.00",
        "fixed:3, fixed step 3",
        "full, full depth",
        "entropy:1, entropy ≤ 1.00 nats",
        "max-prob:0.9, max probability ≥ 0.90",
        "kl:0.0001, KL to the step before ≤ 0.0001 nats",
        "same-top1:1, top-1 unchanged for 1 step",
        "same-top1:2, top-1 unchanged for 2 steps"
    })
    void aThresholdIsNeverRoundedToAnotherOne(String rule, String text) throws LoopscopeException {
        assertEquals(text, RuleText.of(ExitRule.parse(rule)));
    }
}
