package org.loopscope.model.exit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A rule that is made of others. What they ask at a step is a condition: whether they would let a token go that is still there. */
public sealed interface ComposedRule extends ExitRule permits ComposedRule.Held, ComposedRule.Combined {
    /**
     * A rule with modifiers: leaves at the first step t ≥ {@code minSteps} at which the condition of {@code rule} has held at t and at
     * the {@code patience} − 1 steps before it. At T every token leaves.
     *
     * @param minSteps loops that every token takes at least, 1 to {@link #MOST}
     * @param patience steps in a row, 1 to {@link #MOST}; steps before {@code minSteps} count
     */
    record Held(ExitRule rule, int minSteps, int patience) implements ComposedRule {
        public Held {
            if (minSteps < 1 || minSteps > MOST || patience < 1 || patience > MOST || rule instanceof Held) {
                throw new IllegalArgumentException("modifiers: want 1 to " + MOST + " steps on a rule without any, got "
                        + minSteps + ", " + patience + ", " + rule);
            }
        }

        @Override
        public boolean leavesAfter(StepSignals signals, int step) {
            if (step < minSteps || step < patience) {
                return false;
            }
            for (int t = step; t > step - patience; t--) {
                if (!rule.leavesAfter(signals, t)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public boolean needsGate() {
            return rule.needsGate();
        }

        @Override
        public ExitRule primary() {
            return rule.primary();
        }

        @Override
        public ExitRule withPrimary(ExitRule other) {
            return new Held(rule.withPrimary(other), minSteps, patience);
        }

        /** What stands behind the rule: {@code +min-steps=2+patience=3}. */
        String modifiers() {
            return (minSteps > 1 ? "+" + RuleSyntax.MIN_STEPS + minSteps : "")
                    + (patience > 1 ? "+" + RuleSyntax.PATIENCE + patience : "");
        }

        @Override
        public String spec() {
            return rule.spec() + modifiers();
        }
    }

    /**
     * Several rules: leaves at the first step at which the conditions of all of them hold together, or that of any of them.
     *
     * @param all whether all must hold; else one is enough
     * @param rules two or more, at most {@link #MOST_RULES}
     */
    record Combined(boolean all, List<ExitRule> rules) implements ComposedRule {
        public Combined {
            rules = List.copyOf(rules);
            if (rules.size() < 2 || rules.size() > MOST_RULES) {
                throw new IllegalArgumentException("rules: want 2 to " + MOST_RULES + ", got " + rules.size());
            }
        }

        @Override
        public boolean leavesAfter(StepSignals signals, int step) {
            return all
                    ? rules.stream().allMatch(rule -> rule.leavesAfter(signals, step))
                    : rules.stream().anyMatch(rule -> rule.leavesAfter(signals, step));
        }

        @Override
        public boolean needsGate() {
            return rules.stream().anyMatch(ExitRule::needsGate);
        }

        @Override
        public ExitRule primary() {
            return rules.get(0).primary();
        }

        @Override
        public ExitRule withPrimary(ExitRule other) {
            List<ExitRule> changed = new ArrayList<>(rules);
            changed.set(0, rules.get(0).withPrimary(other));
            return new Combined(all, changed);
        }

        @Override
        public String spec() {
            return (all ? "all(" : "any(") + rules.stream().map(ExitRule::spec).collect(Collectors.joining(",")) + ")";
        }
    }

    /** Steps that a modifier may ask for. */
    int MOST = 64;

    /** Rules that may be combined. */
    int MOST_RULES = 8;

    /** {@code rule} with modifiers; itself where both are 1. */
    static ExitRule held(ExitRule rule, int minSteps, int patience) {
        ExitRule bare = rule instanceof Held held ? held.rule() : rule;
        return minSteps == 1 && patience == 1 ? bare : new Held(bare, minSteps, patience);
    }

    /** Loops that every token takes at least. */
    static int minSteps(ExitRule rule) {
        return rule instanceof Held held ? held.minSteps() : 1;
    }

    /** Steps in a row for which its condition must hold. */
    static int patience(ExitRule rule) {
        return rule instanceof Held held ? held.patience() : 1;
    }
}
