package org.loopscope.analysis;

/**
 * A 95 % confidence interval for a proportion.
 *
 * @param low lower end, in [0, 1]
 * @param high upper end, in [0, 1]; both are NaN when there was nothing to count
 */
public record Interval(double low, double high) {
    /** The 97.5 % point of the standard normal distribution. */
    private static final double Z = 1.959963984540054;

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
            return new Interval(Double.NaN, Double.NaN);
        }
        double share = (double) hits / n;
        double z2n = Z * Z / n;
        double centre = (share + z2n / 2) / (1 + z2n);
        double half = Z * Math.sqrt(share * (1 - share) / n + z2n / (4 * n)) / (1 + z2n);
        // At the ends the formula gives exactly 0 and 1; rounding must not turn them into -1e-17.
        return new Interval(hits == 0 ? 0 : centre - half, hits == n ? 1 : centre + half);
    }
}
