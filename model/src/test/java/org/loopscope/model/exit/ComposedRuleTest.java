package org.loopscope.model.exit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.loopscope.model.base.LoopscopeException;

class ComposedRuleTest {
    /** Signals of one token, made up; a step beyond {@code known} has not run. */
    private record Steps(double[] entropies, double[] largest, double[] gates, int known) implements StepSignals {
        static Steps random(Random random, int steps) {
            return new Steps(
                    random.doubles(steps, 0, 2).toArray(),
                    random.doubles(steps, 0, 1).toArray(),
                    random.doubles(steps, -2, 2).toArray(),
                    steps);
        }

        Steps upTo(int step) {
            return new Steps(entropies, largest, gates, step);
        }

        private double of(double[] values, int step) {
            if (step > known) {
                throw new IllegalStateException("step " + step + " has not run");
            }
            return values[step - 1];
        }

        @Override
        public int steps() {
            return entropies.length;
        }

        @Override
        public double gateLogit(int step) {
            return of(gates, step);
        }

        @Override
        public double entropy(int step) {
            return of(entropies, step);
        }

        @Override
        public double maxProbability(int step) {
            return of(largest, step);
        }

        @Override
        public double margin(int step) {
            return of(largest, step);
        }

        @Override
        public int top1(int step) {
            return (int) of(entropies, step);
        }

        @Override
        public double kl(int step) {
            return of(entropies, step);
        }

        @Override
        public double ofStates(Signal signal, int step) {
            return of(entropies, step);
        }
    }

    private static final Steps FIVE = new Steps(
            new double[] {0.5, 2, 0.5, 0.4, 0.3},
            new double[] {0.9, 0.9, 0.1, 0.9, 0.9},
            new double[] {0, 0, 0, 0, 0}, // CDF 1/2, 3/4, 7/8, 15/16
            5);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "entropy:0.5 | 1",
                "entropy:0.5+min-steps=2 | 3", // step 2 does not hold
                "entropy:0.5+patience=2 | 4", // 3 and 4
                "entropy:0.5+patience=3 | 5",
                "entropy:0.5+min-steps=3+patience=2 | 4",
                "entropy:3+patience=2 | 2",
                "entropy:3+min-steps=3+patience=3 | 3", // steps before the least count
                "q:0.7+patience=2 | 3", // CDF of 2 and 3
                "q:0+min-steps=4 | 4",
                "fixed:1+min-steps=3 | 3",
                "all(entropy:0.5,max-prob:0.5) | 1",
                "all(entropy:0.5,max-prob:0.5)+min-steps=2 | 4",
                "all(entropy:0.45,q:0.8) | 4",
                "any(entropy:0.45,q:0.8) | 3",
                "any(full,fixed:2) | 2",
                "all(full,fixed:2) | 5",
                "any(all(entropy:0.5,max-prob:0.95),fixed:4)+patience=2 | 5",
                "all(entropy:0.5+patience=2,max-prob:0.5) | 4",
                "entropy:0.5+min-steps=64 | 5" // at T every token leaves
            })
    void theFirstStepAtWhichTheConditionHolds(String rule, int step) throws LoopscopeException {
        assertEquals(step, ExitRule.parse(rule).exitStep(FIVE), rule);
    }

    /** A finished run and a running loop, which knows no later step, decide the same; and so does a loop written out here. */
    @Test
    void aRunningLoopDecidesTheSame() throws LoopscopeException {
        Random random = new Random(7);
        for (int n = 0; n < 500; n++) {
            Steps steps = Steps.random(random, 2 + random.nextInt(7));
            int min = 1 + random.nextInt(4);
            int patience = 1 + random.nextInt(3);
            double e = random.nextDouble() * 2;
            double m = random.nextDouble();
            boolean all = random.nextBoolean();
            ExitRule rule = ExitRule.parse((all ? "all(" : "any(") + "entropy:" + e + ",max-prob:" + m + ")+min-steps="
                    + min + "+patience=" + patience);
            int expected = 1;
            int held = 0;
            for (; expected < steps.steps(); expected++) {
                boolean low = steps.entropies()[expected - 1] <= e;
                boolean high = steps.largest()[expected - 1] >= m;
                held = (all ? low && high : low || high) ? held + 1 : 0;
                if (expected >= min && held >= patience) {
                    break;
                }
            }
            assertEquals(expected, rule.exitStep(steps), rule.spec());
            for (int t = 1; t < expected; t++) {
                assertFalse(rule.leavesAfter(steps.upTo(t), t), rule.spec() + " at " + t);
            }
            assertTrue(expected == steps.steps() || rule.leavesAfter(steps.upTo(expected), expected));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "entropy:1.0+min-steps=2",
                "kl:1.0E-4+patience=3",
                "q:0.5+min-steps=2+patience=2",
                "all(q:0.8,kl:0.01)",
                "any(fixed:2,all(entropy:0.5,max-prob:0.9)+patience=2)+min-steps=3"
            })
    void isWrittenAsItIsRead(String rule) throws LoopscopeException {
        assertEquals(rule, ExitRule.parse(rule).spec());
        assertEquals(ExitRule.parse(rule), ExitRule.parse(" " + rule.toUpperCase(java.util.Locale.ROOT) + " "));
    }

    @Test
    void aModifierOfOneChangesNothing() throws LoopscopeException {
        assertEquals(ExitRule.q(0.5), ExitRule.parse("q:0.5+min-steps=1+patience=1"));
        assertEquals(ExitRule.parse("entropy:1000"), ExitRule.parse("entropy:1e+3"), "a + in a number");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "entropy:1+min-steps=0 | a whole number from 1 to 64",
                "entropy:1+patience=x | a whole number from 1 to 64",
                "entropy:1+patience=2+patience=2 | each once",
                "entropy:1+wait=2 | +min-steps=N or +patience=K",
                "all(entropy:1) | 2 to 8 rules in all(RULE,RULE)",
                "any(q:0,q:1,q:0,q:1,q:0,q:1,q:0,q:1,q:0) | 2 to 8 rules in any(RULE,RULE)",
                "any(entropy:1,kl:1 | 2 to 8 rules in any(RULE,RULE)",
                "all(all(all(all(all(q:1,q:1),q:1),q:1),q:1),q:1) | at most 4 all(…) and any(…) within one another",
                "any(entropy:1,foo:1) | foo",
                "any(entropy:1,q:2) | want [0, 1], got 2.0"
            })
    void whatCannotBeReadIsToldInOneSentence(String rule, String part) {
        String told = String.valueOf(assertThrows(LoopscopeException.class, () -> ExitRule.parse(rule))
                .getMessage());
        assertTrue(told.contains(part) && told.endsWith("."), told);
    }

    @Test
    void eightRulesAreTheMost() throws LoopscopeException {
        ExitRule eight = ExitRule.parse("any(q:0,q:1,q:0,q:1,q:0,q:1,q:0,q:1)");
        assertEquals("any(q:0.0,q:1.0,q:0.0,q:1.0,q:0.0,q:1.0,q:0.0,q:1.0)", eight.spec());
        assertThrows(
                IllegalArgumentException.class,
                () -> new ComposedRule.Combined(true, java.util.Collections.nCopies(9, ExitRule.q(0.5))));
    }

    @Test
    void theSliderMovesTheFirstRule() throws LoopscopeException {
        ExitRule rule = ExitRule.parse("any(all(entropy:0.5,kl:1)+patience=2,q:0.5)+min-steps=2");
        assertEquals("entropy:0.5", rule.primary().spec());
        assertEquals(
                "any(all(margin:0.25,kl:1.0)+patience=2,q:0.5)+min-steps=2",
                rule.withPrimary(ExitRule.parse("margin:0.25")).spec());
        assertEquals(0.5, RuleKind.threshold(rule));
    }

    @Test
    void aGateAnywhereIsNeeded() throws LoopscopeException {
        assertTrue(ExitRule.parse("all(entropy:1,any(kl:1,q:0.5)+patience=2)").needsGate());
        assertFalse(ExitRule.parse("all(entropy:1,kl:1)+patience=2").needsGate());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "q:0.5 | q | 0.5",
                "full | full | ''",
                "kl:0.01+patience=2 | kl+patience=2 | 0.01",
                "all(q:0.8,kl:0.01)+patience=2 | all(q:0.8,kl:0.01)+patience=2 | ''"
            })
    void aFamilyAndItsNumberMakeTheRule(String rule, String family, String number) throws LoopscopeException {
        assertEquals(family, RuleSyntax.family(ExitRule.parse(rule)));
        assertEquals(rule, RuleSyntax.spec(family, number));
    }
}
