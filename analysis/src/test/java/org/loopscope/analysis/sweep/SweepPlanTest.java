package org.loopscope.analysis.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.model.base.LoopscopeException;

class SweepPlanTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4    | none                | fixed:4",
                "1..3 | none                | fixed:1,fixed:2,fixed:3",
                "4    | q:0.1..0.9          | fixed:4,q:0.1,q:0.2,q:0.3,q:0.4,q:0.5,q:0.6,q:0.7,q:0.8,q:0.9",
                "4    | q:0..1/3, q:0.5     | fixed:4,q:0.0,q:0.5,q:1.0",
                "4    | kl:0.001..10/5      | fixed:4,kl:0.001,kl:0.01,kl:0.1,kl:1.0,kl:10.0",
                "4    | same-top1           | fixed:4,same-top1:1,same-top1:2,same-top1:3",
                "4    | same-top1:1..2      | fixed:4,same-top1:1,same-top1:2",
                "4    | full,oracle         | fixed:4,full,oracle",
                "4    | q:0..1/3+patience=2+min-steps=2 | fixed:4,q:0.0+min-steps=2+patience=2,"
                        + "q:0.5+min-steps=2+patience=2,q:1.0+min-steps=2+patience=2",
                "4    | all(q:0.8,kl:0.01),kl:1 | fixed:4,all(q:0.8,kl:0.01),kl:1.0",
                "2..4 | fixed:3,Entropy:1   | fixed:2,fixed:3,fixed:4,entropy:1.0",
                "4    | entropy             | fixed:4,entropy:0.47,entropy:0.94,entropy:1.41,entropy:1.88,entropy:2.35,"
                        + "entropy:2.82,entropy:3.29,entropy:3.76,entropy:4.23"
            })
    void whatIsWrittenBecomesThresholds(String steps, String rules, String specs) throws LoopscopeException {
        assertEquals(specs, SweepPlan.parse(steps, rules, 0, 100).specs());
    }

    @Test
    void allComparesEveryKindTheOraclesAndTheMixtures() throws LoopscopeException {
        String specs = SweepPlan.parse("1..4", "all", 0, 100).specs();
        for (String name :
                "fixed q entropy max-prob margin kl same-top1 state-diff accel contraction oracle oracle-right mix-logits mix-probs"
                        .split(" ")) {
            assertTrue((specs + ",").matches("(.*,)?" + name + "[:,].*"), name + " in " + specs);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0..4 | q       | --steps: expected a number from 1 to 64 or a range such as 1..8, found \"0..4\".",
                "4..1 | q       | --steps: expected a number from 1 to 64 or a range such as 1..8, found \"4..1\".",
                "1-8  | q       | --steps: expected a number from 1 to 64 or a range such as 1..8, found \"1-8\".",
                "4    | q:0.9..0.1 | --rules: expected a range from a smaller to a larger number, found \"q:0.9..0.1\".",
                "4    | q:0..2  | Exit rule \"q:2\": q: want [0, 1], got 2.0.",
                "4    | oracle+patience=2 | Exit rule \"oracle+patience=2\": an oracle knows the answer before the loop has"
                        + " given it, so no run can follow it; it is for comparing rules afterwards, as loopscope sweep does.",
                "4    | q:0..1/1 | --rules: expected 2 to 1000 thresholds after the / in \"q:0..1/1\".",
                "4    | q:0..1/x | --rules: expected a whole number after the / in \"q:0..1/x\"."
            })
    void whatCannotBeReadIsRefusedWithASentence(String steps, String rules, String sentence) {
        LoopscopeException e = assertThrows(LoopscopeException.class, () -> SweepPlan.parse(steps, rules, 0, 100));
        assertEquals(sentence, e.getMessage());
    }

    @Test
    void anUnknownKindIsNamed() {
        LoopscopeException e =
                assertThrows(LoopscopeException.class, () -> SweepPlan.parse("4", "q:0.5,sometimes", 0, 100));
        assertTrue(e.getMessage().endsWith("found \"sometimes\"."), e.getMessage());
    }
}
