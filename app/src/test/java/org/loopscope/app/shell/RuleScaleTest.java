package org.loopscope.app.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.exit.RuleKind;

class RuleScaleTest {
    @ParameterizedTest
    @CsvSource({
        "Q, 0.314159, q:0.31",
        "FIXED, 2.6, fixed:3",
        "SAME_TOP1, 1.2, same-top1:1",
        "ENTROPY, 0.5, entropy:2.35", // ln 100 rounded up is 4.7
        "KL, 0.4, kl:0.01", // five decades from 0.0001
        "KL, 0, kl:0.0001",
        "MARGIN, 1, margin:1"
    })
    void thePlaceOfTheSliderIsARuleThatCouldBeTyped(RuleKind kind, double position, String rule)
            throws LoopscopeException {
        assertEquals(ExitRule.parse(rule), new RuleScale(kind, 4, 100).rule(position));
    }

    @ParameterizedTest
    @EnumSource(value = RuleKind.class, mode = EnumSource.Mode.EXCLUDE, names = "FULL")
    void theSliderStandsWhereItsRulePutsIt(RuleKind kind) {
        RuleScale scale = new RuleScale(kind, 8, 49_152);
        ExitRule rule = scale.rule(scale.low() + 0.3 * (scale.high() - scale.low()));
        assertEquals(rule, scale.rule(scale.position(rule)));
    }

    @Test
    void everyKindCanBeChosenOnce() {
        assertEquals(EnumSet.allOf(RuleKind.class), EnumSet.copyOf(RuleScale.CHOICES));
        assertEquals(RuleKind.values().length, RuleScale.CHOICES.size());
    }
}
