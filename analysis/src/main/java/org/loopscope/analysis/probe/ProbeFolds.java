package org.loopscope.analysis.probe;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.loopscope.model.LoopscopeException;

/**
 * Which examples train a probe and which test it; no prompt is in both. Immutable.
 *
 * @param name {@code split} or {@code 5-fold}
 * @param parts one pair of training and test examples for a split, one per fold for cross-validation
 */
public record ProbeFolds(String name, List<Part> parts) {
    /** Indices of examples. */
    public record Part(List<Integer> train, List<Integer> test) {}

    public ProbeFolds {
        parts = List.copyOf(parts);
    }

    /**
     * The split that the set marks, if all items are marked {@code train} or {@code test}; else cross-validation.
     *
     * @param folds of the cross-validation
     * @throws LoopscopeException if one of the two parts is empty, or there are fewer prompts than folds
     */
    public static ProbeFolds of(List<ProbeItem> items, int folds, long seed) throws LoopscopeException {
        boolean marked = items.stream().allMatch(item -> item.split().isPresent());
        return marked ? split(items) : crossValidation(items, folds, seed);
    }

    private static ProbeFolds split(List<ProbeItem> items) throws LoopscopeException {
        List<Integer> train = marked(items, "train");
        List<Integer> test = marked(items, "test");
        if (train.isEmpty() || test.isEmpty() || train.size() + test.size() < items.size()) {
            throw new LoopscopeException("Splits of the set: expected \"train\" and \"test\", found " + train.size()
                    + " and " + test.size() + " of " + items.size() + " items.");
        }
        return new ProbeFolds("split", List.of(new Part(train, test)));
    }

    private static List<Integer> marked(List<ProbeItem> items, String split) {
        return IntStream.range(0, items.size())
                .filter(i -> items.get(i).split().equals(Optional.of(split)))
                .boxed()
                .toList();
    }

    /** Distinct prompts are shuffled and dealt to the folds, so that equal prompts are in the same one. */
    private static ProbeFolds crossValidation(List<ProbeItem> items, int folds, long seed) throws LoopscopeException {
        List<String> prompts = new ArrayList<>(
                new LinkedHashSet<>(items.stream().map(ProbeItem::prompt).toList()));
        if (folds < 2 || prompts.size() < folds) {
            throw new LoopscopeException("Cross-validation: expected at least 2 folds and as many prompts, found "
                    + folds + " folds and " + prompts.size() + " prompts.");
        }
        Collections.shuffle(prompts, new Random(seed));
        Map<String, Integer> fold = new HashMap<>();
        for (int i = 0; i < prompts.size(); i++) {
            fold.put(prompts.get(i), i % folds);
        }
        List<Part> parts = new ArrayList<>();
        for (int f = 0; f < folds; f++) {
            List<Integer> train = new ArrayList<>();
            List<Integer> test = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                (fold.getOrDefault(items.get(i).prompt(), -1) == f ? test : train).add(i);
            }
            parts.add(new Part(List.copyOf(train), List.copyOf(test)));
        }
        return new ProbeFolds(folds + "-fold", parts);
    }
}
