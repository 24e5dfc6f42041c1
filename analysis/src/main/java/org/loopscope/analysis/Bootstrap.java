package org.loopscope.analysis;

import java.util.Arrays;
import java.util.Random;

/** Means with intervals that assume no shape of the distribution. */
public final class Bootstrap {
    private static final int RESAMPLES = 2000;

    private Bootstrap() {}

    /**
     * A 95 % percentile interval of the mean: the mean of n values drawn with replacement, 2,000 times, from 2.5 % to
     * 97.5 %. Too narrow for less than about 20 values. The same seed gives the same interval. Both ends are NaN for fewer
     * than two values: one says nothing of how far others would be.
     *
     * <p>Source: Efron 1979, Ann. Statist. 7(1); Efron and Tibshirani 1993, An Introduction to the Bootstrap, §13.3.
     */
    public static Interval mean(double[] values, long seed) {
        if (values.length < 2) {
            return new Interval(Double.NaN, Double.NaN);
        }
        Random random = new Random(seed);
        double[] means = new double[RESAMPLES];
        for (int r = 0; r < RESAMPLES; r++) {
            double sum = 0;
            for (int i = 0; i < values.length; i++) {
                sum += values[random.nextInt(values.length)];
            }
            means[r] = sum / values.length;
        }
        Arrays.sort(means);
        return new Interval(means[RESAMPLES / 40 - 1], means[RESAMPLES - RESAMPLES / 40]);
    }

    /**
     * A 95 % percentile interval of Σ numerators / Σ denominators, the pairs being drawn together, as many as there are: for
     * rates over items that count several times each, such as the tokens of a prompt. The same seed gives the same interval.
     * Both ends are NaN for fewer than two pairs, or where a draw has nothing to divide by.
     *
     * <p>Source: as {@link #mean}.
     */
    public static Interval ratio(double[] numerators, double[] denominators, long seed) {
        int n = numerators.length;
        if (denominators.length != n) {
            throw new IllegalArgumentException("denominators: want " + n + ", got " + denominators.length);
        }
        if (n < 2) {
            return new Interval(Double.NaN, Double.NaN);
        }
        Random random = new Random(seed);
        double[] ratios = new double[RESAMPLES];
        for (int r = 0; r < RESAMPLES; r++) {
            double above = 0;
            double below = 0;
            for (int i = 0; i < n; i++) {
                int drawn = random.nextInt(n);
                above += numerators[drawn];
                below += denominators[drawn];
            }
            ratios[r] = above / below;
        }
        Arrays.sort(ratios); // NaN last
        return Double.isNaN(ratios[RESAMPLES - 1])
                ? new Interval(Double.NaN, Double.NaN)
                : new Interval(ratios[RESAMPLES / 40 - 1], ratios[RESAMPLES - RESAMPLES / 40]);
    }
}
