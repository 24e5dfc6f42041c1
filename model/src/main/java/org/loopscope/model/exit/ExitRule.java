package org.loopscope.model.exit;

import org.loopscope.model.base.LoopscopeException;

/**
 * When one token leaves the loop. Pure: the same signals always give the same step, on a finished capture as in a loop
 * that is running.
 */
public sealed interface ExitRule permits GateRule, ExitRule.Threshold, ExitRule.SameTop1, ComposedRule {
    /** The threshold of {@link #usual}. */
    double USUAL_Q = 0.5;

    /**
     * Whether a token that is still there leaves after {@code step}, which is less than T. Reads signals of steps up to {@code
     * step} only.
     */
    boolean leavesAfter(StepSignals signals, int step);

    /** The step at which the rule leaves, 1-based, at most T: the first it leaves after, or T. */
    default int exitStep(StepSignals signals) {
        int step = 1;
        while (step < signals.steps() && !leavesAfter(signals, step)) {
            step++;
        }
        return step;
    }

    /** Whether it reads an exit gate; where there is none, such a rule never leaves before T. */
    default boolean needsGate() {
        return this instanceof QExit;
    }

    /** The rule whose number a slider moves: itself, or the first of those it is made of. */
    default ExitRule primary() {
        return this;
    }

    /** The same with another rule in the place of {@link #primary}. */
    default ExitRule withPrimary(ExitRule other) {
        return other;
    }

    /** How the rule is written on the command line and in files: {@code full}, {@code fixed:3}, {@code entropy:1.0}. */
    String spec();

    /** Every token uses all T steps. */
    record FullDepth() implements GateRule {
        @Override
        public int exitStep(ExitDistribution distribution) {
            return distribution.steps();
        }

        @Override
        public String spec() {
            return "full";
        }
    }

    /** Every token leaves at the same step, or at T if the run has fewer. */
    record FixedStep(int step) implements GateRule {
        public FixedStep {
            if (step < 1) {
                throw new IllegalArgumentException("exit step: want 1 or more, got " + step);
            }
        }

        @Override
        public int exitStep(ExitDistribution distribution) {
            return Math.min(step, distribution.steps());
        }

        @Override
        public String spec() {
            return "fixed:" + step;
        }
    }

    /** First step whose CDF reaches {@code q}; Zhu et al. 2025 (arXiv:2510.25741) §3.2. */
    record QExit(double q) implements GateRule {
        public QExit {
            if (!(q >= 0 && q <= 1)) {
                throw new IllegalArgumentException("q: want [0, 1], got " + q);
            }
        }

        @Override
        public int exitStep(ExitDistribution distribution) {
            return distribution.exitStep(q);
        }

        @Override
        public String spec() {
            return "q:" + q;
        }
    }

    /**
     * First step at which a signal is on the leaving side of the threshold, equality included. At T every token leaves.
     *
     * @param signal what is compared, and the direction
     * @param threshold 0 or more; at most 1 for a signal that is itself
     */
    record Threshold(Signal signal, double threshold) implements ExitRule {
        public Threshold {
            if (!(threshold >= 0 && threshold <= signal.largest())) {
                throw new IllegalArgumentException(signal.cliName() + ": want "
                        + (signal.largest() == 1 ? "[0, 1]" : "a finite number of 0 or more") + ", got " + threshold);
            }
        }

        @Override
        public boolean leavesAfter(StepSignals signals, int step) {
            return signal.leaves(signal.value(signals, step), threshold);
        }

        @Override
        public String spec() {
            return signal.cliName() + ":" + threshold;
        }
    }

    /**
     * First step whose most probable token is that of the {@code unchanged} steps before it too: 1 leaves at the second
     * of two equal predictions.
     *
     * @param unchanged k, 1 or more
     */
    record SameTop1(int unchanged) implements ExitRule {
        public SameTop1 {
            if (unchanged < 1) {
                throw new IllegalArgumentException("same-top1: want 1 step or more, got " + unchanged);
            }
        }

        @Override
        public boolean leavesAfter(StepSignals signals, int step) {
            if (step <= unchanged) {
                return false;
            }
            int top = signals.top1(step);
            for (int t = step - unchanged; t < step; t++) {
                if (signals.top1(t) != top) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String spec() {
            return "same-top1:" + unchanged;
        }
    }

    /** The rule that is shown until another is chosen: q = 0.5, or full depth where there is no gate. */
    static ExitRule usual(boolean gate) {
        return gate ? q(USUAL_Q) : full();
    }

    static GateRule full() {
        return new FullDepth();
    }

    static GateRule q(double q) {
        return new QExit(q);
    }

    static GateRule fixed(int step) {
        return new FixedStep(step);
    }

    static ExitRule threshold(Signal signal, double threshold) {
        return new Threshold(signal, threshold);
    }

    static ExitRule sameTop1(int unchanged) {
        return new SameTop1(unchanged);
    }

    /**
     * Reads a rule as {@link #spec} writes it, see {@link RuleSyntax}.
     *
     * @throws LoopscopeException with one sentence if the text is none of these or its number is out of range
     */
    static ExitRule parse(String text) throws LoopscopeException {
        return RuleSyntax.parse(text);
    }
}
