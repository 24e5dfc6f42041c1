package org.loopscope.analysis.probe;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.loopscope.analysis.stat.Interval;

/**
 * Area under the ROC curve: the share of (positive, negative) pairs in which the positive example has the higher score,
 * ties counting one half (the Mann-Whitney statistic; Hanley and McNeil 1982, Radiology 143(1)).
 *
 * @param concordant pairs in the right order, plus half of the ties
 * @param positives m
 * @param negatives n
 * @param pairs pairs compared: m · n, or fewer where only examples of the same fold are compared
 */
public record RocAuc(double concordant, long positives, long negatives, double pairs) {
    private static final double Z = 1.959963984540054;

    /** Of nothing yet. */
    public static final RocAuc NONE = new RocAuc(0, 0, 0, 0);

    /**
     * Compares all positive with all negative examples; {@code score} and {@code positive} are [n].
     *
     * @throws IllegalArgumentException if a score is NaN, which has no place in the order
     */
    public static RocAuc of(double[] score, boolean[] positive) {
        if (Arrays.stream(score).anyMatch(Double::isNaN)) {
            throw new IllegalArgumentException("score: want numbers, got NaN");
        }
        Integer[] order = IntStream.range(0, score.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(i -> score[i]));
        double concordant = 0;
        long negativesBelow = 0;
        long m = 0;
        int i = 0;
        while (i < order.length) {
            int end = i;
            long tiedPositive = 0;
            long tiedNegative = 0;
            while (end < order.length && score[order[end]] == score[order[i]]) {
                if (positive[order[end]]) {
                    tiedPositive++;
                } else {
                    tiedNegative++;
                }
                end++;
            }
            concordant += tiedPositive * (negativesBelow + 0.5 * tiedNegative);
            negativesBelow += tiedNegative;
            m += tiedPositive;
            i = end;
        }
        return new RocAuc(concordant, m, negativesBelow, (double) m * negativesBelow);
    }

    /** Both together, comparing within each only: scores of two folds come from two probes and have no common scale. */
    public RocAuc plus(RocAuc other) {
        return new RocAuc(
                concordant + other.concordant,
                positives + other.positives,
                negatives + other.negatives,
                pairs + other.pairs);
    }

    /** The area, 0 to 1; NaN if there was no pair to compare. */
    public double value() {
        return pairs == 0 ? Double.NaN : concordant / pairs;
    }

    /**
     * A 95 % interval that keeps a width when the area is 1. Its ends θ solve |θ − A| = 1.96 √V(θ) with Hanley and
     * McNeil's variance for exponential scores, V(θ) = θ (1 − θ) [1 + N (1 − θ)/(2 − θ) + N θ/(1 + θ)] / (m n), N = (m +
     * n)/2 − 1. Source: Newcombe 2006, Stat. Med. 25(4), p. 559–573, method 5. Both ends are NaN if the area is.
     */
    public Interval interval() {
        double area = value();
        if (Double.isNaN(area)) {
            return new Interval(Double.NaN, Double.NaN);
        }
        return interval(area, this::variance);
    }

    /** The same of any area, with the variance that it would have at θ. */
    static Interval interval(double area, DoubleUnaryOperator variance) {
        return new Interval(end(area, 0, variance), end(area, 1, variance));
    }

    /** Where the distance from {@code area} towards {@code limit} is 1.96 standard deviations, by bisection. */
    private static double end(double area, double limit, DoubleUnaryOperator variance) {
        double near = area;
        double far = limit;
        for (int i = 0; i < 200; i++) {
            double middle = (near + far) / 2;
            if (Math.abs(middle - area) <= Z * Math.sqrt(variance.applyAsDouble(middle))) {
                near = middle;
            } else {
                far = middle;
            }
        }
        return near;
    }

    /** That of Hanley and McNeil, if the area were {@code theta}. */
    double variance(double theta) {
        double n = (positives + negatives) / 2.0 - 1;
        return theta
                * (1 - theta)
                * (1 + n * (1 - theta) / (2 - theta) + n * theta / (1 + theta))
                / ((double) positives * negatives);
    }
}
