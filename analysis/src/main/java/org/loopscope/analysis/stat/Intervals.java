package org.loopscope.analysis.stat;

import java.util.Arrays;

/**
 * 95 % intervals over independent items: prompts, texts, pairs. One rule for every lab; what it covers is measured in
 * docs/decisions/0012. Tokens of one run depend on each other and have {@link RunIntervals}.
 *
 * <p>Rows of one item belong together: give the sums of an item, never its rows. Items that count nothing are left out. Nothing
 * is drawn, so there is no seed.
 *
 * <ul>
 *   <li>Means, rates (Σ a / Σ b) and paired differences: Student's t, corrected for the skewness of the items by Hall's
 *       transformation; none below {@link #LEAST} items
 *   <li>Shares: Wilson's, with the number of items that the spread between them leaves where an item counts several times
 * </ul>
 */
public final class Intervals {
    /** Fewer items than this give no interval of a mean, a rate or a difference: nothing that is not far too wide keeps its coverage there. */
    public static final int LEAST = 8;

    /** No interval: both ends NaN. */
    public static final Interval NONE = new Interval(Double.NaN, Double.NaN);

    private Intervals() {}

    /** Of the mean of {@code values}, one an item. Not below 0 where no value is. */
    public static Interval mean(double[] values) {
        return ratio(values, ones(values.length));
    }

    /** Of Σ numerators / Σ denominators, one pair an item. Not below 0 where no numerator is. */
    public static Interval ratio(double[] numerators, double[] denominators) {
        Interval interval = new Ratio(numerators, denominators).interval();
        boolean negative = Arrays.stream(numerators).anyMatch(x -> x < 0);
        return negative ? interval : interval.clipped(0, Double.POSITIVE_INFINITY);
    }

    /** Of Σ a / Σ of − Σ b / Σ of: how far one rate is above another on the same items, item by item (paired). */
    public static Interval difference(double[] a, double[] b, double[] of) {
        double[] difference = new double[a.length];
        Arrays.setAll(difference, i -> a[i] - b[i]);
        return new Ratio(difference, of).interval();
    }

    /**
     * {@link #difference} of two shares of the same items. Where no item differs at all it is as far from 0 to both sides as
     * Wilson's of no item in n that does: none was seen, which is not that there is none.
     */
    public static Interval shareDifference(double[] a, double[] b, double[] of) {
        Interval interval = difference(a, b, of);
        if (!interval.isDefined() || !Arrays.equals(a, b)) {
            return interval.clipped(-1, 1);
        }
        double most = Interval.wilson(0, a.length).high();
        return new Interval(-most, most);
    }

    /** Half the width of the plain Student interval of Σ numerators / Σ denominators, for bars drawn to both sides. */
    public static double halfWidth(double[] numerators, double[] denominators) {
        Ratio ratio = new Ratio(numerators, denominators);
        return ratio.n < LEAST ? Double.NaN : Student.t(ratio.n - 1) * Math.sqrt(ratio.variance());
    }

    /**
     * Of the share Σ hits / Σ of. Where every item counts once and is a hit or none, Wilson's interval, from one item up.
     *
     * <p>Where items count several times or in part, Wilson's with as many items as would give the share's variance between
     * items, and Student's t in place of 1.96 (Dean and Pagano 2015, J. Surv. Stat. Methodol. 3(4)); none below {@link #LEAST}
     * items. Its lower end is never above that of as many items that are all hits, nor its upper end below that of none: no
     * share has a better interval than a whole one.
     *
     * @param hits of each item, 0 to {@code of}
     */
    public static Interval share(double[] hits, double[] of) {
        Ratio ratio = new Ratio(hits, of);
        if (ratio.single()) {
            return Interval.wilson(Math.round(sum(hits)), ratio.n);
        }
        if (ratio.n < LEAST) {
            return NONE;
        }
        double p = Math.max(0, Math.min(1, ratio.value));
        double spread = ratio.variance();
        if (p <= 0 || p >= 1) { // every item is alike, and nothing says how far others would be: they count once each
            return Interval.wilson(p <= 0 ? 0 : ratio.n, ratio.n);
        }
        double student = Student.t(ratio.n - 1);
        double most = sum(of); // no more than all that was counted
        double items = spread == 0 ? most : Math.min(most, p * (1 - p) / spread);
        return within(Interval.wilson(p, Math.max(1, items), student), ratio.n);
    }

    /** The interval, with ends no nearer to 0 and 1 than those of {@code items} that are all alike. */
    static Interval within(Interval interval, double items) {
        return new Interval(
                Math.max(
                        0,
                        Math.min(
                                interval.low(),
                                Interval.wilson(1, items, Student.Z).low())),
                Math.min(
                        1,
                        Math.max(
                                interval.high(),
                                Interval.wilson(0, items, Student.Z).high())));
    }

    /** The same of counts. */
    public static Interval share(int[] hits, int[] of) {
        return share(doubles(hits), doubles(of));
    }

    /** {@link #ratio(double[], double[])} of counts. */
    public static Interval ratio(int[] numerators, int[] denominators) {
        return ratio(doubles(numerators), doubles(denominators));
    }

    /** {@code n} times 1: every item counts once. */
    public static double[] ones(int n) {
        double[] ones = new double[n];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static double[] doubles(int[] counts) {
        return Arrays.stream(counts).asDoubleStream().toArray();
    }

    private static double sum(double[] values) {
        return Arrays.stream(values).sum();
    }
}
