package org.loopscope.analysis.probe;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import org.loopscope.analysis.stat.Interval;

/**
 * The areas of classes, one against the rest, with the interval of their mean.
 *
 * <p>The classes' areas are of the same examples and hang together, so the variance of their mean is that of the sum of what
 * each example adds to it: DeLong, DeLong and Clarke-Pearson 1988, Biometrics 44(3), with examples of one item (the same prompt
 * or unit) together, as Obuchowski 1997, Biometrics 53(2). Since that is 0 where every class is told apart without a fault,
 * it only scales the variance of {@link RocAuc#interval}: the interval keeps a width at 1, that of one example an item. Of one
 * area whose examples are items by themselves it is that interval.
 */
final class OneVsRest {
    private final Map<Integer, RocAuc> areas = new TreeMap<>();
    private final Map<Integer, Map<Integer, double[]>> placements =
            new TreeMap<>(); // class, item: in order, compared, examples

    /**
     * Adds the examples of a part; they are compared with each other only.
     *
     * @param score [n]
     * @param positive [n], whether the example is of the class
     * @param items [n], what each example belongs to
     */
    void add(int label, double[] score, boolean[] positive, int[] items) {
        areas.merge(label, RocAuc.of(score, positive), RocAuc::plus);
        double[] positives = sorted(score, positive, true);
        double[] negatives = sorted(score, positive, false);
        Map<Integer, double[]> own = placements.computeIfAbsent(label, l -> new TreeMap<>());
        for (int i = 0; i < score.length; i++) {
            double[] sums = own.computeIfAbsent(items[i], item -> new double[3]);
            sums[0] += positive[i] ? below(negatives, score[i]) : positives.length - below(positives, score[i]);
            sums[1] += positive[i] ? negatives.length : positives.length;
            sums[2]++;
        }
    }

    /** The same where every example is an item by itself; {@code first} is the number of the first. */
    void add(int label, double[] score, boolean[] positive, int first) {
        int[] items = new int[score.length];
        Arrays.setAll(items, i -> first + i);
        add(label, score, positive, items);
    }

    /** Classes with examples, compared or not. */
    int size() {
        return areas.size();
    }

    /** Mean of the areas that have one; NaN where none has. */
    double value() {
        return defined().stream().mapToDouble(RocAuc::value).average().orElse(Double.NaN);
    }

    /** 95 %, of {@link #value}. */
    Interval interval() {
        List<RocAuc> defined = defined();
        double crowd = crowd();
        if (defined.isEmpty()) {
            return new Interval(Double.NaN, Double.NaN);
        }
        if (defined.size() == 1 && crowd == 1) {
            return defined.get(0).interval();
        }
        double least = 1.0 / defined.size(); // areas that do not hang together
        double plain = mean(defined, a -> a.variance(a.value()));
        double scale = plain > 0 ? Math.max(least, variance() / plain) : least;
        Interval interval = RocAuc.interval(value(), theta -> scale * mean(defined, a -> a.variance(theta)));
        if (crowd == 1) {
            return interval;
        }
        // as if all examples of an item were one: no nearer to 0 and 1 than so many items without a fault
        DoubleUnaryOperator alike = theta -> crowd * least * mean(defined, a -> a.variance(theta));
        return new Interval(
                Math.min(interval.low(), RocAuc.interval(1, alike).low()),
                Math.max(interval.high(), RocAuc.interval(0, alike).high()));
    }

    private static double mean(List<RocAuc> areas, ToDoubleFunction<RocAuc> of) {
        return areas.stream().mapToDouble(of).average().orElse(Double.NaN);
    }

    /** Examples of the item that an example belongs to, on average over examples: 1 where none belong together. */
    private double crowd() {
        return placements.values().stream()
                .mapToDouble(items -> {
                    double squares = items.values().stream()
                            .mapToDouble(s -> s[2] * s[2])
                            .sum();
                    return squares
                            / items.values().stream().mapToDouble(s -> s[2]).sum();
                })
                .max()
                .orElse(1);
    }

    private List<RocAuc> defined() {
        return areas.values().stream()
                .filter(area -> !Double.isNaN(area.value()))
                .toList();
    }

    /** Of the mean: Σ over items of the square of what an item adds to it. */
    private double variance() {
        Map<Integer, Double> added = new TreeMap<>();
        int classes = defined().size();
        areas.forEach((label, area) -> {
            if (area.pairs() > 0) {
                placements
                        .getOrDefault(label, Map.of())
                        .forEach((item, sums) -> added.merge(
                                item, (sums[0] - area.value() * sums[1]) / area.pairs() / classes, Double::sum));
            }
        });
        double n = added.size();
        return added.values().stream().mapToDouble(x -> x * x).sum() * n / (n - 1);
    }

    private static double[] sorted(double[] score, boolean[] positive, boolean which) {
        double[] some = new double[score.length];
        int n = 0;
        for (int i = 0; i < score.length; i++) {
            if (positive[i] == which) {
                some[n++] = score[i];
            }
        }
        double[] sorted = Arrays.copyOf(some, n);
        Arrays.sort(sorted);
        return sorted;
    }

    /** How many of {@code sorted} are below {@code x}, equal ones counting one half. */
    private static double below(double[] sorted, double x) {
        return (first(sorted, x, false) + first(sorted, x, true)) / 2.0;
    }

    /** How many are less than {@code x}, or up to it. */
    private static int first(double[] sorted, double x, boolean equal) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < x || equal && sorted[middle] == x) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
