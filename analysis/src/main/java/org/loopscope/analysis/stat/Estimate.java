package org.loopscope.analysis.stat;

/**
 * A mean with its 95 % interval.
 *
 * @param value NaN where nothing was measured
 * @param interval both ends NaN where there are too few things for one
 * @param n prompts (or tokens of one run) that have a value
 */
public record Estimate(double value, Interval interval, int n) {
    public static final Estimate NONE = new Estimate(Double.NaN, new Interval(Double.NaN, Double.NaN), 0);
}
