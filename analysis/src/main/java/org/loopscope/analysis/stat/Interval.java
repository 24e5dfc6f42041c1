package org.loopscope.analysis.stat;

import java.util.Locale;

/**
 * A 95 % confidence interval.
 *
 * @param low lower end
 * @param high upper end; both are NaN where there is none
 */
public record Interval(double low, double high) {
    /** None: too few items. */
    public static final Interval NONE = new Interval(Double.NaN, Double.NaN);

    /** The 97.5 % point of the standard normal distribution. */
    private static final double Z = 1.959963984540054;

    /** Whether there is one. */
    public boolean isDefined() {
        return !Double.isNaN(low);
    }

    /** Of a share, in a sentence: {@code 95 % interval 0.19 to 0.73}, or that too few were counted. */
    public String words() {
        return words("%.2f", "", 1);
    }

    /** The same in percent: {@code 95 % interval 19 to 73 %}. */
    public String percent() {
        return words("%.0f", " %", 100);
    }

    private String words(String format, String unit, double factor) {
        return isDefined()
                ? "95 % interval " + String.format(Locale.ROOT, format, factor * low) + " to "
                        + String.format(Locale.ROOT, format, factor * high) + unit
                : "too few for a 95 % interval";
    }

    /** The same with ends no further out than {@code least} and {@code most}: of what can have no other value. */
    public Interval clipped(double least, double most) {
        return new Interval(Math.max(least, low), Math.min(most, high)); // NaN stays
    }

    /**
     * Wilson score interval for {@code hits} of {@code n}: the proportions that a two-sided 5 % test would not reject.
     * Unlike the usual ±1.96 standard errors it stays within [0, 1] and has a width at 0 and at n hits.
     *
     * <p>Source: Wilson 1927, J. Am. Stat. Assoc. 22(158), p. 209–212. With p̂ = hits/n and z = 1.96 its ends are (p̂ +
     * z²/2n ± z √(p̂(1−p̂)/n + z²/4n²)) / (1 + z²/n).
     *
     * @throws IllegalArgumentException unless 0 ≤ hits ≤ n
     */
    public static Interval wilson(long hits, long n) {
        if (hits < 0 || hits > n) {
            throw new IllegalArgumentException("hits: want 0 to " + n + ", got " + hits);
        }
        if (n == 0) {
            return NONE;
        }
        return wilson((double) hits / n, (double) n, Z);
    }

    /**
     * The same of a share of {@code items}, which need not be whole, and {@code z} standard errors.
     *
     * @throws IllegalArgumentException unless 0 ≤ share ≤ 1 and items are more than 0
     */
    public static Interval wilson(double share, double items, double z) {
        if (!(share >= 0 && share <= 1) || !(items > 0)) {
            throw new IllegalArgumentException("share: want 0 to 1 of more than 0, got " + share + " of " + items);
        }
        double z2n = z * z / items;
        double centre = (share + z2n / 2) / (1 + z2n);
        double half = z * Math.sqrt(share * (1 - share) / items + z2n / (4 * items)) / (1 + z2n);
        // At the ends the formula gives exactly 0 and 1; rounding must not turn them into -1e-17.
        return new Interval(share == 0 ? 0 : centre - half, share == 1 ? 1 : centre + half);
    }
}
