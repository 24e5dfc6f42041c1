package org.loopscope.analysis.sweep;

import org.loopscope.analysis.stat.Interval;

/**
 * One rule with one threshold on the prompts of a curve.
 *
 * @param rule kind of the rule, {@code q}, ..., an oracle or a mixture
 * @param threshold NaN for an oracle or a mixture
 * @param spec both as they are written
 * @param prompts n, prompts counted
 * @param tokens predictions counted
 * @param meanLoops mean exit step over those tokens
 * @param loops 95 % interval of it over prompts, {@link org.loopscope.analysis.stat.Intervals}
 * @param quality the share that the curve shows
 * @param interval 95 % interval of it over prompts, {@link org.loopscope.analysis.stat.Intervals}
 */
public record SweepPoint(
        String rule,
        double threshold,
        String spec,
        int prompts,
        long tokens,
        double meanLoops,
        Interval loops,
        double quality,
        Interval interval) {}
