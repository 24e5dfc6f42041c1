package org.loopscope.model.exit;

import java.util.Arrays;
import java.util.Locale;
import org.loopscope.model.LoopscopeException;

/** When a token leaves the loop. Pure: the same distribution always gives the same step. */
public sealed interface ExitRule {
    /** The step at which the rule leaves, 1-based, at most T. */
    int exitStep(ExitDistribution distribution);

    /**
     * Whether a token that has not left before leaves after step t, given its gate logits g_1..g_t, [t] with t &lt; T.
     * Asked step by step this gives the step of {@link #exitStep}, since CDF(t) for t &lt; T reads no later gate.
     */
    default boolean leavesAfter(double... gateLogits) {
        double[] withOneMoreStep = Arrays.copyOf(gateLogits, gateLogits.length + 1); // its gate is not read
        return exitStep(ExitDistribution.fromGateLogits(withOneMoreStep)) <= gateLogits.length;
    }

    /** How the rule is written on the command line and in files: {@code full}, {@code fixed:3}, {@code q:0.5}. */
    String spec();

    /** Every token uses all T steps. */
    record FullDepth() implements ExitRule {
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
    record FixedStep(int step) implements ExitRule {
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
    record QExit(double q) implements ExitRule {
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

    static ExitRule full() {
        return new FullDepth();
    }

    static ExitRule q(double q) {
        return new QExit(q);
    }

    static ExitRule fixed(int step) {
        return new FixedStep(step);
    }

    /**
     * Reads {@code full}, {@code fixed:STEP} or {@code q:THRESHOLD}.
     *
     * @throws LoopscopeException with one sentence if the text is none of these or its number is out of range
     */
    static ExitRule parse(String text) throws LoopscopeException {
        String rule = text.strip().toLowerCase(Locale.ROOT);
        try {
            if (rule.equals("full")) {
                return full();
            }
            if (rule.startsWith("fixed:")) {
                return fixed(Integer.parseInt(rule.substring("fixed:".length())));
            }
            if (rule.startsWith("q:")) {
                return q(Double.parseDouble(rule.substring("q:".length())));
            }
        } catch (IllegalArgumentException e) { // NumberFormatException is one
            throw new LoopscopeException("Exit rule \"" + text + "\": " + reason(e) + ".", e);
        }
        throw new LoopscopeException("Exit rule: expected full, fixed:STEP or q:THRESHOLD, found \"" + text + "\".");
    }

    private static String reason(IllegalArgumentException e) {
        return e instanceof NumberFormatException
                ? "expected a number after the colon"
                : String.valueOf(e.getMessage());
    }
}
