package org.loopscope.analysis.stat;

import java.util.Arrays;

/**
 * 95 % intervals over the tokens of one run, in their order: how a mean would vary along more text of this kind, not with
 * other texts. Tokens depend on those before them, so the variance is that of the slow part of the series.
 *
 * <p>It is the mean of the squares of the {@value #COSINES} slowest cosines of the series, after what a token keeps of the one
 * before it has been taken out (ρ, with Kendall's correction of its bias) and put back, with Student's t of {@value #COSINES}
 * degrees of freedom. None below {@link #LEAST} tokens. Sources: Lazarus, Lewis, Stock and Watson 2018, J. Bus. Econ. Stat. 36(4)
 * (equal-weighted cosines); Andrews and Monahan 1992, Econometrica 60(4) (taking ρ out); Kendall 1954, Biometrika
 * 41(3/4). What it covers is measured in docs/decisions/0012.
 */
public final class RunIntervals {
    /** Fewer tokens of one run than this give no interval: nothing measured kept its coverage where they depend strongly. */
    public static final int LEAST = 60;

    private static final int COSINES = 8;
    private static final double LARGEST_RHO = 0.97;

    private RunIntervals() {}

    /** Of the mean of {@code values}, one a token, in the order of the text. Not below 0 where no value is. */
    public static Interval mean(double[] values) {
        Interval interval = symmetric(values);
        boolean negative = Arrays.stream(values).anyMatch(x -> x < 0);
        return negative ? interval : interval.clipped(0, Double.POSITIVE_INFINITY);
    }

    /** Of mean a − mean b, token by token (paired). */
    public static Interval difference(double[] a, double[] b) {
        double[] difference = new double[a.length];
        Arrays.setAll(difference, i -> a[i] - b[i]);
        return symmetric(difference);
    }

    /**
     * Of the share that the mean of {@code hits} is, each 0 to 1: Wilson's with as many tokens as would give its variance if
     * they were independent. Where all are alike that is not known, and the number is that of blocks of ⌈n^(1/3)⌉
     * tokens; the ends are never nearer to 0 and 1 than then.
     */
    public static Interval share(double[] hits) {
        int n = hits.length;
        if (n < LEAST) {
            return Intervals.NONE;
        }
        double p = Math.max(0, Math.min(1, Arrays.stream(hits).sum() / n));
        int blocks = n / (int) Math.ceil(Math.cbrt(n) - 1e-9);
        if (p <= 0 || p >= 1) {
            return Interval.wilson(p <= 0 ? 0 : blocks, blocks);
        }
        double tokens = Math.min(n, p * (1 - p) / variance(hits));
        return Intervals.within(Interval.wilson(p, Math.max(1, tokens), Student.t(COSINES)), blocks);
    }

    /** The same of counts of one token each: {@code hits[i]} of {@code of} gates or steps that every token has. */
    public static Interval share(int[] hits, int of) {
        return share(Arrays.stream(hits).mapToDouble(h -> (double) h / of).toArray());
    }

    /** The same of yes and no. */
    public static Interval share(boolean[] hits) {
        double[] values = new double[hits.length];
        Arrays.setAll(values, i -> hits[i] ? 1 : 0);
        return share(values);
    }

    private static Interval symmetric(double[] values) {
        int n = values.length;
        if (n < LEAST) {
            return Intervals.NONE;
        }
        double mean = Arrays.stream(values).sum() / n;
        double half = Student.t(COSINES) * Math.sqrt(variance(values));
        return new Interval(mean - half, mean + half);
    }

    /** Of the mean of n values that depend on each other. */
    private static double variance(double[] values) {
        int n = values.length;
        double mean = Arrays.stream(values).sum() / n;
        double[] d = Arrays.stream(values).map(x -> x - mean).toArray();
        double rho = rho(d);
        double[] rest = new double[n - 1];
        Arrays.setAll(rest, i -> d[i + 1] - rho * d[i]);
        double slow = 0;
        for (int j = 1; j <= COSINES; j++) {
            double cosine = cosine(rest, j);
            slow += cosine * cosine / COSINES;
        }
        return slow / ((1 - rho) * (1 - rho)) / n;
    }

    /** How much a value keeps of the one before it, 0 to {@value #LARGEST_RHO}; {@code d} has mean 0. */
    private static double rho(double[] d) {
        int n = d.length;
        double products = 0;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            products += i == 0 ? 0 : d[i] * d[i - 1];
            squares += d[i] * d[i];
        }
        double found = squares == 0 ? 0 : products / squares;
        return Math.max(0, Math.min(LARGEST_RHO, (n * found + 1) / (n - 3)));
    }

    private static double cosine(double[] x, int j) {
        int n = x.length;
        double sum = 0;
        double before = Math.cos(Math.PI * j * 0.5 / n); // cos(−φ/2) = cos(φ/2): the one before the first
        double now = before;
        double twice = 2 * Math.cos(Math.PI * j / n);
        for (int i = 0; i < n; i++) {
            sum += x[i] * now;
            double next = twice * now - before; // cos(a + φ) = 2 cos φ cos a − cos(a − φ)
            before = now;
            now = next;
        }
        return sum * Math.sqrt(2.0 / n);
    }
}
