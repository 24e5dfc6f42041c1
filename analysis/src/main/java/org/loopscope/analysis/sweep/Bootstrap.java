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

    /** Fewer tokens of one run than this give no interval: there would be fewer than eight blocks of them. */
    public static final int LEAST_TOKENS = 30;

    private final int[][] draws; // [RESAMPLES][n], how often each prompt is drawn; the same for every rule
    private final int least; // n below which there is no interval
    private final int block; // neighbours that are drawn together

    /** Resamples of {@code n} prompts; the same for the same n. */
    public Bootstrap(int n) {
        this(n, 1, 2);
    }

    private Bootstrap(int n, int block, int least) {
        this.block = block;
        this.least = least;
        SplittableRandom random = new SplittableRandom(SEED);
        this.draws = new int[RESAMPLES][n];
        for (int[] draw : draws) {
            for (int i = 0; i < n; i += block) {
                int start = random.nextInt(n - block + 1);
                for (int j = 0; j < Math.min(block, n - i); j++) {
                    draw[start + j]++;
                }
            }
        }
    }

    /**
     * Resamples of {@code n} successive tokens of one run, which depend on those before them: moving blocks of {@link
     * #blockLength} tokens are drawn and put behind each other until there are n. That keeps dependence within a block only,
     * and says how the mean would vary along more text of this kind, not with other texts. No interval below {@link
     * #LEAST_TOKENS}. Source: Künsch 1989, Ann. Statist. 17(3); Efron and Tibshirani 1993, §8.6.
     */
    public static Bootstrap movingBlocks(int n) {
        return new Bootstrap(n, blockLength(n), LEAST_TOKENS);
    }

    /** ⌈n^(1/3)⌉, the order of growth that is best for the variance of a mean (Künsch 1989): 4 of 30 to 64, 8 of 512. */
    public static int blockLength(int n) {
        return n < 1 ? 1 : (int) Math.ceil(Math.cbrt(n) - 1e-9);
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
     * other, Wilson's over prompts (over as many as there are blocks, where blocks are drawn).
     *
     * @param certain whether the share is 0 or 1 by definition
     */
    public Interval share(int[] hits, int[] of, boolean certain) {
        long all = IntStream.of(hits).asLongStream().sum();
        boolean alike = all == 0 || all == IntStream.of(of).asLongStream().sum();
        int n = hits.length / block;
        return alike && !certain && hits.length >= least ? Interval.wilson(all == 0 ? 0 : n, n) : ratio(hits, of);
    }

    private Interval interval(int n, ToDoubleFunction<int[]> statistic) {
        if (n < least) {
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
