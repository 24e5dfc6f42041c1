package org.loopscope.analysis.exit;

import org.loopscope.analysis.stat.Interval;

/**
 * What an exit rule saves on the tokens of one capture, and how often the prediction at the exit is that of full depth.
 *
 * @param meanSteps mean exit step
 * @param steps T, what every token would take without the rule
 * @param savedFraction 1 − meanSteps / T: loop passes saved if leaving a token cost nothing (nominal; a KV cache that
 *     later tokens read may have to be filled all the same)
 * @param agreeing tokens whose most probable prediction at the exit step is that of step T
 * @param tokens n, the tokens counted
 * @param agreement 95 % interval of agreeing / tokens, {@link org.loopscope.analysis.stat.RunIntervals}: none of a short
 *     text
 */
public record ExitSummary(
        double meanSteps, int steps, double savedFraction, int agreeing, int tokens, Interval agreement) {
    /** agreeing / tokens. */
    public double agreementFraction() {
        return (double) agreeing / tokens;
    }
}
