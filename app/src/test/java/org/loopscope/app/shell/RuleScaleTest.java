package org.loopscope.app.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.exit.RuleKind;

class RuleScaleTest {
    @ParameterizedTest
    @CsvSource({
        "q, 0.314159, q:0.31",
        "fixed, 2.6, fixed:3",
        "same-top1, 1.2, same-top1:1",
        "entropy, 0.5, entropy:2.35", // ln 100 rounded up is 4.7
        "kl, 0.4, kl:0.01", // five decades from 0.0001
        "kl, 0, kl:0.0001",
        "margin, 1, margin:1",
        "contraction, 0, contraction:0.001",
        "state-cosine, 1, state-cosine:2"
    })
    void thePlaceOfTheSliderIsARuleThatCouldBeTyped(String kind, double position, String rule)
            throws LoopscopeException {
        assertEquals(ExitRule.parse(rule), new RuleScale(RuleKind.named(kind), 4, 100).rule(position));
    }

    static Stream<RuleKind> slidable() {
        return RuleKind.values().stream().filter(kind -> kind != RuleKind.FULL);
    }

    @ParameterizedTest
    @MethodSource("slidable")
    void theSliderStandsWhereItsRulePutsIt(RuleKind kind) {
        RuleScale scale = new RuleScale(kind, 8, 49_152);
        ExitRule rule = scale.rule(scale.low() + 0.3 * (scale.high() - scale.low()));
        assertEquals(rule, scale.rule(scale.position(rule)));
    }

    @Test
    void everyKindCanBeChosenOnce() {
        assertEquals(Set.copyOf(RuleKind.values()), Set.copyOf(RuleScale.CHOICES));
        assertEquals(RuleKind.values().size(), RuleScale.CHOICES.size());
    }
}
