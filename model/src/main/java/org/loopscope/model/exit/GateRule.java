package org.loopscope.model.exit;

import java.util.Arrays;

/** A rule that reads nothing but the exit gate. Pure: the same distribution always gives the same step. */
public sealed interface GateRule extends ExitRule permits ExitRule.FullDepth, ExitRule.FixedStep, ExitRule.QExit {
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

    @Override
    default boolean leavesAfter(StepSignals signals, int step) {
        double[] gates = new double[step];
        Arrays.setAll(gates, t -> signals.gateLogit(t + 1));
        return Double.isNaN(gates[0]) // no gate
                ? exitStep(ExitDistribution.none(step + 1)) <= step
                : leavesAfter(gates);
    }
}
