package org.loopscope.analysis.sweep;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.loopscope.analysis.Interval;

/**
 * Percentile bootstrap over prompts: how far a rate would move with other prompts of the same kind. Tokens of one prompt
 * go together, since they are not independent. Source: Efron and Tibshirani 1993, An Introduction to the Bootstrap, ch. 13.
 */
final class Bootstrap {
    private static final int RESAMPLES = 1000;
    private static final long SEED = 20_251;

    private final int[][] draws; // [RESAMPLES][n], how often each prompt is drawn; the same for every rule

    Bootstrap(int n) {
        SplittableRandom random = new SplittableRandom(SEED);
        this.draws = new int[RESAMPLES][n];
        for (int[] draw : draws) {
            for (int i = 0; i < n; i++) {
                draw[random.nextInt(n)]++;
            }
        }
    }

    /** 95 % interval of Σ numerators / Σ denominators; NaN for fewer than two prompts. */
    Interval ratio(int[] numerators, int[] denominators) {
        if (numerators.length < 2) {
            return new Interval(Double.NaN, Double.NaN);
        }
        double[] ratios = new double[draws.length];
        for (int b = 0; b < draws.length; b++) {
            long above = 0;
            long below = 0;
            for (int i = 0; i < numerators.length; i++) {
                above += (long) draws[b][i] * numerators[i];
                below += (long) draws[b][i] * denominators[i];
            }
            ratios[b] = (double) above / below;
        }
        Arrays.sort(ratios);
        return new Interval(ratios[RESAMPLES / 40], ratios[RESAMPLES - 1 - RESAMPLES / 40]);
    }
}
