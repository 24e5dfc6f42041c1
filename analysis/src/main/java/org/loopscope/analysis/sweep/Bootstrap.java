package org.loopscope.analysis.sweep;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.loopscope.analysis.Interval;

/**
 * Percentile bootstrap over prompts: how far a rate would move with other prompts of the same kind. Tokens of one prompt
 * go together, since they are not independent. Source: Efron and Tibshirani 1993, An Introduction to the Bootstrap, ch. 13.
 */
public final class Bootstrap {
    private static final int RESAMPLES = 1000;
    private static final long SEED = 20_251;

    private final int[][] draws; // [RESAMPLES][n], how often each prompt is drawn; the same for every rule

    /** Resamples of {@code n} prompts; the same for the same n. */
    public Bootstrap(int n) {
        SplittableRandom random = new SplittableRandom(SEED);
        this.draws = new int[RESAMPLES][n];
        for (int[] draw : draws) {
            for (int i = 0; i < n; i++) {
                draw[random.nextInt(n)]++;
            }
        }
    }

    /** 95 % interval of Σ numerators / Σ denominators; NaN for fewer than two prompts. */
    public Interval ratio(int[] numerators, int[] denominators) {
        return ratio(doubles(numerators), doubles(denominators));
    }

    /** The same of numbers that are no counts. A resample in which nothing is counted is left out. */
    public Interval ratio(double[] numerators, double[] denominators) {
        return interval(numerators.length, draw -> sum(draw, numerators) / sum(draw, denominators));
    }

    /** 95 % interval of Σ a / Σ of − Σ b / Σ of: how far one rate is above another on the same prompts. */
    public Interval difference(double[] a, double[] b, double[] of) {
        return interval(a.length, draw -> (sum(draw, a) - sum(draw, b)) / sum(draw, of));
    }

    /**
     * 95 % interval of the share Σ hits / Σ of. Where every prompt has the same 0 or 1, of which resampling makes no
     * other, Wilson's over prompts.
     *
     * @param certain whether the share is 0 or 1 by definition
     */
    public Interval share(int[] hits, int[] of, boolean certain) {
        long all = IntStream.of(hits).asLongStream().sum();
        boolean alike = all == 0 || all == IntStream.of(of).asLongStream().sum();
        return alike && !certain && hits.length > 1
                ? Interval.wilson(all == 0 ? 0 : hits.length, hits.length)
                : ratio(hits, of);
    }

    private Interval interval(int n, ToDoubleFunction<int[]> statistic) {
        if (n < 2) {
            return new Interval(Double.NaN, Double.NaN);
        }
        double[] values = Arrays.stream(draws)
                .mapToDouble(statistic)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        int tail = values.length / 40;
        return values.length == 0
                ? new Interval(Double.NaN, Double.NaN)
                : new Interval(values[tail], values[values.length - 1 - tail]);
    }

    private static double sum(int[] draw, double[] values) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += draw[i] * values[i];
        }
        return sum;
    }

    private static double[] doubles(int[] counts) {
        return IntStream.of(counts).asDoubleStream().toArray();
    }
}
