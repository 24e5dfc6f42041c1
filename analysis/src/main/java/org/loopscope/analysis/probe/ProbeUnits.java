package org.loopscope.analysis.probe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which prompts belong together: equal ones, those that share a unit, and those that are joined by a chain of such (the
 * connected components; two pairs of questions that have one question in common are one group).
 */
final class ProbeUnits {
    private final int[] parent;

    private ProbeUnits(int n) {
        parent = new int[n];
        for (int i = 0; i < n; i++) {
            parent[i] = i;
        }
    }

    /** Groups of indices, each in rising order, by their first index. */
    static List<List<Integer>> groups(List<ProbeItem> items) {
        ProbeUnits units = new ProbeUnits(items.size());
        Map<String, Integer> prompts = new HashMap<>();
        Map<String, Integer> shared = new HashMap<>();
        for (int i = 0; i < items.size(); i++) {
            units.join(prompts, items.get(i).prompt(), i);
            for (String unit : items.get(i).units()) {
                units.join(shared, unit, i);
            }
        }
        Map<Integer, List<Integer>> groups = new HashMap<>();
        List<List<Integer>> ordered = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            List<Integer> group = groups.computeIfAbsent(units.root(i), root -> {
                ordered.add(new ArrayList<>());
                return ordered.get(ordered.size() - 1);
            });
            group.add(i);
        }
        return ordered;
    }

    private void join(Map<String, Integer> first, String key, int index) {
        Integer before = first.putIfAbsent(key, index);
        if (before != null) {
            parent[root(index)] = root(before);
        }
    }

    private int root(int index) {
        int root = index;
        while (parent[root] != root) {
            parent[root] = parent[parent[root]]; // halves the way for the next who asks
            root = parent[root];
        }
        return root;
    }
}
