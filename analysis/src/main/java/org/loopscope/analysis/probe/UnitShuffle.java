package org.loopscope.analysis.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.loopscope.model.base.Seeds;

/**
 * Labels shuffled over examples, of which some belong together: those of a unit change places among themselves, then the units do,
 * with their labels together. Labels of one unit are often alike (paraphrases of one question); dealt out one by one they would
 * be as many independent examples, and chance would seem to go less far than it does. Where no example belongs to another it
 * is the plain shuffle.
 */
final class UnitShuffle {
    private UnitShuffle() {}

    /**
     * The labels shuffled {@code times} times; more of them begin with the same ones.
     *
     * @param units of every example, as {@link ProbeFolds#units}
     * @param purpose of the seed
     */
    static List<int[]> of(int[] labels, List<Integer> units, int times, long seed, String purpose) {
        int[][] members = members(units);
        List<int[]> all = new ArrayList<>();
        for (int s = 1; s <= times; s++) {
            all.add(shuffle(labels, members, Seeds.random(seed, purpose + ", shuffle " + s)));
        }
        return all;
    }

    private static int[] shuffle(int[] labels, int[][] members, RandomGenerator random) {
        int[] from = new int[labels.length];
        int next = 0;
        for (int unit : Seeds.shuffled(members.length, random)) {
            int[] own = members[unit].clone();
            Seeds.shuffle(own, random);
            for (int i : own) {
                from[next++] = i;
            }
        }
        int[] shuffled = new int[labels.length];
        next = 0;
        for (int[] own : members) {
            for (int i : own) {
                shuffled[i] = labels[from[next++]];
            }
        }
        return shuffled;
    }

    /** Examples of every unit. */
    private static int[][] members(List<Integer> units) {
        int count = units.stream().mapToInt(u -> u + 1).max().orElse(0);
        int[][] members = new int[count][0];
        for (int i = 0; i < units.size(); i++) {
            int[] own = members[units.get(i)];
            members[units.get(i)] = Arrays.copyOf(own, own.length + 1);
            members[units.get(i)][own.length] = i;
        }
        return members;
    }
}
