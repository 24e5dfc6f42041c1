package org.loopscope.analysis.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.Seeds;

/**
 * Which examples train a probe and which test it; no prompt, and no unit of prompts, is in both. Immutable.
 *
 * @param name {@code split} or {@code 5-fold}
 * @param parts one pair of training and test examples for a split, one per fold for cross-validation
 * @param units of every example the number of the prompts that it belongs to, see {@link ProbeItem#units}
 */
public record ProbeFolds(String name, List<Part> parts, List<Integer> units) {
    /** Indices of examples. */
    public record Part(List<Integer> train, List<Integer> test) {}

    public ProbeFolds {
        parts = List.copyOf(parts);
        units = List.copyOf(units);
    }

    /**
     * The split that the set marks, if all items are marked {@code train} or {@code test}; else cross-validation, in which
     * every fold has about the same share of every class.
     *
     * @param labels classes, [items]
     * @param folds of the cross-validation
     * @throws LoopscopeException if one of the two parts is empty, or there are fewer prompts that do not belong together
     *     than folds
     */
    public static ProbeFolds of(List<ProbeItem> items, int[] labels, int folds, long seed) throws LoopscopeException {
        boolean marked = items.stream().allMatch(item -> item.split().isPresent());
        return marked ? split(items) : crossValidation(items, labels, folds, seed);
    }

    private static ProbeFolds split(List<ProbeItem> items) throws LoopscopeException {
        List<Integer> train = marked(items, "train");
        List<Integer> test = marked(items, "test");
        if (train.isEmpty() || test.isEmpty() || train.size() + test.size() < items.size()) {
            throw new LoopscopeException("Splits of the set: expected \"train\" and \"test\", found " + train.size()
                    + " and " + test.size() + " of " + items.size() + " items.");
        }
        return new ProbeFolds("split", List.of(new Part(train, test)), units(ProbeUnits.groups(items), items.size()));
    }

    /** Prompts that the set marks for testing and that share prompt or unit with one for training; 0 where not all are marked. */
    public static int sharedAcrossSplit(List<ProbeItem> items) {
        if (items.stream().anyMatch(item -> item.split().isEmpty())) {
            return 0;
        }
        int shared = 0;
        for (List<Integer> group : ProbeUnits.groups(items)) {
            int trained = (int) group.stream()
                    .filter(i -> items.get(i).split().equals(Optional.of("train")))
                    .count();
            shared += trained > 0 ? group.size() - trained : 0;
        }
        return shared;
    }

    private static List<Integer> marked(List<ProbeItem> items, String split) {
        return IntStream.range(0, items.size())
                .filter(i -> items.get(i).split().equals(Optional.of(split)))
                .boxed()
                .toList();
    }

    private static ProbeFolds crossValidation(List<ProbeItem> items, int[] labels, int folds, long seed)
            throws LoopscopeException {
        List<List<Integer>> groups = ProbeUnits.groups(items);
        if (folds < 2 || groups.size() < folds) {
            throw new LoopscopeException("Cross-validation: expected at least 2 folds and as many prompts that share no"
                    + " unit, found " + folds + " folds and " + groups.size() + " such prompts.");
        }
        int[] fold = new Dealer(labels, folds).deal(groups, seed);
        List<Part> parts = new ArrayList<>();
        for (int f = 0; f < folds; f++) {
            List<Integer> train = new ArrayList<>();
            List<Integer> test = new ArrayList<>();
            for (int i = 0; i < fold.length; i++) {
                (fold[i] == f ? test : train).add(i);
            }
            parts.add(new Part(List.copyOf(train), List.copyOf(test)));
        }
        return new ProbeFolds(folds + "-fold", parts, units(groups, items.size()));
    }

    private static List<Integer> units(List<List<Integer>> groups, int n) {
        Integer[] units = new Integer[n];
        for (int g = 0; g < groups.size(); g++) {
            for (int i : groups.get(g)) {
                units[i] = g;
            }
        }
        return List.of(units);
    }

    /**
     * Deals groups to folds, the largest first and equally large ones in drawn order: each to the fold that has least of
     * its classes, among equals to the smallest.
     */
    private static final class Dealer {
        private final int[] labels;
        private final int folds;
        private final int[] classSize;
        private final int[][] dealt; // [folds][classes]
        private final int[] size;

        Dealer(int[] labels, int folds) {
            this.labels = labels;
            this.folds = folds;
            int classes = Arrays.stream(labels).max().orElse(0) + 1;
            classSize = new int[classes];
            for (int label : labels) {
                classSize[label]++;
            }
            dealt = new int[folds][classes];
            size = new int[folds];
        }

        int[] deal(List<List<Integer>> groups, long seed) {
            List<List<Integer>> order = new ArrayList<>();
            for (int g : Seeds.shuffled(groups.size(), Seeds.random(seed, "folds"))) {
                order.add(groups.get(g));
            }
            order.sort(Comparator.comparingInt(group -> -group.size()));
            int[] fold = new int[labels.length];
            for (List<Integer> group : order) {
                int best = 0;
                for (int f = 1; f < folds; f++) {
                    best = better(f, best, group) ? f : best;
                }
                for (int i : group) {
                    fold[i] = best;
                    dealt[best][labels[i]]++;
                    size[best]++;
                }
            }
            return fold;
        }

        private boolean better(int f, int best, List<Integer> group) {
            int order = Double.compare(held(f, group), held(best, group));
            return order < 0 || (order == 0 && size[f] < size[best]);
        }

        /** Shares of the group's classes that a fold holds already, summed over the group. */
        private double held(int f, List<Integer> group) {
            return group.stream()
                    .mapToDouble(i -> (double) dealt[f][labels[i]] / classSize[labels[i]])
                    .sum();
        }
    }
}
