package org.loopscope.plugin.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.model.LoopscopeException;
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
        "full, full depth"
    })
    void aThresholdIsNeverRoundedToAnotherOne(String rule, String text) throws LoopscopeException {
        assertEquals(text, RuleText.of(ExitRule.parse(rule)));
    }
}
