package org.loopscope.bench;

import java.util.Arrays;

/**
 * Several runs of one measurement.
 *
 * @param median of all runs; the mean of the middle two of an even number
 * @param min the smallest
 * @param max the largest
 * @param runs how many, without those that warmed up
 */
public record Sample(double median, double min, double max, int runs) {
    static Sample of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("values: want at least one, got none");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        double median = n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
        return new Sample(median, sorted[0], sorted[n - 1], n);
    }

    /** The same runs in milliseconds, where they are in seconds. */
    static Sample millis(double... seconds) {
        return of(Arrays.stream(seconds).map(s -> 1000 * s).toArray());
    }

    static double median(double... values) {
        return of(values).median();
    }
}
