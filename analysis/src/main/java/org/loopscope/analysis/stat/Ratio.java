package org.loopscope.analysis.stat;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Σ a / Σ b over independent items, by its residuals d_i = (a_i − r b_i) / mean b: they have mean 0, and the variance of r is
 * that of their mean (Cochran 1977, Sampling Techniques, §6.3). A mean is the case b = 1.
 */
final class Ratio {
    final int n;
    final double value;

    private final double[] a;
    private final double[] b;
    private final double[] residuals; // [n]

    Ratio(double[] numerators, double[] denominators) {
        if (denominators.length != numerators.length) {
            throw new IllegalArgumentException(
                    "denominators: want " + numerators.length + ", got " + denominators.length);
        }
        int[] counted = IntStream.range(0, numerators.length)
                .filter(i -> denominators[i] != 0)
                .toArray();
        this.n = counted.length;
        this.a = Arrays.stream(counted).mapToDouble(i -> numerators[i]).toArray();
        this.b = Arrays.stream(counted).mapToDouble(i -> denominators[i]).toArray();
        double below = Arrays.stream(b).sum();
        this.value = Arrays.stream(a).sum() / below;
        this.residuals = new double[n];
        Arrays.setAll(residuals, i -> (a[i] - value * b[i]) * n / below);
    }

    /** Whether every item counts once and is a hit or none. */
    boolean single() {
        return IntStream.range(0, n).allMatch(i -> b[i] == 1 && (a[i] == 0 || a[i] == 1));
    }

    /** Of the ratio. */
    double variance() {
        return moment(2) / (n - 1);
    }

    /**
     * Student's t over n items, turned by Hall's monotone cubic so that the skewness of the items does not move the ends:
     * r − s g⁻¹(±t), g(T) = T + aγT² + a²γ²T³/3 + γ/(6√n), a = 1/(3√n), with the skewness γ of the items. Source: Hall
     * 1992, J. R. Stat. Soc. B 54(1), p. 221–228. The items' own value where they are all alike.
     */
    Interval interval() {
        if (n < Intervals.LEAST) {
            return Intervals.NONE;
        }
        double error = Math.sqrt(variance());
        if (error == 0) {
            return new Interval(value, value);
        }
        double t = Student.t(n - 1);
        return new Interval(value - error * untwisted(t), value - error * untwisted(-t));
    }

    private double untwisted(double g) {
        double skewness = skewness();
        double root = Math.sqrt(n);
        double a = skewness / (3 * root);
        double moved = g - skewness / (6 * root);
        return Math.abs(a) < 1e-9 ? moved : (Math.cbrt(1 + 3 * a * moved) - 1) / a;
    }

    /** With the factor that makes it unbiased for normal items. */
    private double skewness() {
        return moment(3) / Math.pow(moment(2), 1.5) * Math.sqrt((double) n * (n - 1)) / (n - 2);
    }

    /** The second or third about the mean. */
    private double moment(int power) {
        double sum = 0;
        for (double d : residuals) {
            sum += power == 2 ? d * d : d * d * d;
        }
        return sum / n;
    }
}
