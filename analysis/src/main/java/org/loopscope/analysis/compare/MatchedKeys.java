package org.loopscope.analysis.compare;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What two ordered lists of names have in common, and what only one of them has, as one list: the order is that of A, and
 * what only B has stands after its neighbour of B. Immutable.
 *
 * @param <K> of a name, with equals
 */
public final class MatchedKeys<K> {
    private final List<K> keys;
    private final int[] ofA; // [keys], index in A or MISSING
    private final int[] ofB; // [keys]

    private MatchedKeys(List<K> keys, int[] ofA, int[] ofB) {
        this.keys = keys;
        this.ofA = ofA;
        this.ofB = ofB;
    }

    /** @throws IllegalArgumentException if a name stands twice in one of the lists */
    public static <K> MatchedKeys<K> of(List<K> a, List<K> b) {
        Map<K, Integer> inA = index(a);
        Map<K, Integer> inB = index(b);
        List<K> all = new ArrayList<>(a);
        int next = 0;
        for (K key : b) {
            if (inA.containsKey(key)) {
                next = all.indexOf(key) + 1;
            } else {
                all.add(next++, key);
            }
        }
        return new MatchedKeys<>(List.copyOf(all), places(all, inA), places(all, inB));
    }

    private static <K> Map<K, Integer> index(List<K> keys) {
        Map<K, Integer> index = new HashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            if (index.put(keys.get(i), i) != null) {
                throw new IllegalArgumentException("keys: want each once, got \"" + keys.get(i) + "\" twice");
            }
        }
        return index;
    }

    private static <K> int[] places(List<K> all, Map<K, Integer> index) {
        return all.stream()
                .mapToInt(key -> index.getOrDefault(key, Alignment.MISSING))
                .toArray();
    }

    public List<K> keys() {
        return keys;
    }

    public int size() {
        return keys.size();
    }

    /** Where A has it, or {@link Alignment#MISSING}. */
    public int ofA(int index) {
        return ofA[index];
    }

    /** Where B has it, or {@link Alignment#MISSING}. */
    public int ofB(int index) {
        return ofB[index];
    }

    /** How many both have. */
    public int shared() {
        int count = 0;
        for (int i = 0; i < ofA.length; i++) {
            count += ofA[i] >= 0 && ofB[i] >= 0 ? 1 : 0;
        }
        return count;
    }
}
