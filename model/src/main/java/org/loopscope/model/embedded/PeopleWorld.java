package org.loopscope.model.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The twenty people whom the embedded model knows, and who is whose friend, boss, teacher and neighbour. Each relation
 * is a permutation of the people; all four come from one run of the generator that made the training data.
 */
public final class PeopleWorld {
    public static final List<String> NAMES = List.of(
            "Ann", "Bob", "Eve", "Joe", "Kim", "Leo", "Max", "Mia", "Sam", "Tom", "Zoe", "Ben", "Amy", "Dan", "Ivy",
            "Ray", "Sue", "Ned", "Pia", "Gus");
    public static final List<String> RELATIONS = List.of("friend", "boss", "teacher", "neighbour");

    private static final List<int[]> PERMUTATIONS = permutations();

    private PeopleWorld() {}

    /**
     * The people met on the way: entry i is who follows {@code relations} 0 to i from {@code person}.
     *
     * @throws IllegalArgumentException if a name or relation is not of this world
     */
    public static List<String> follow(String person, List<String> relations) {
        int current = index(NAMES, person);
        List<String> met = new ArrayList<>();
        for (String relation : relations) {
            current = PERMUTATIONS.get(index(RELATIONS, relation))[current];
            met.add(NAMES.get(current));
        }
        return met;
    }

    /** The question as it is typed: {@code people Ann's friend's boss is}. */
    public static String prompt(String person, List<String> relations) {
        StringBuilder text = new StringBuilder("people ").append(person);
        relations.forEach(relation -> text.append("'s ").append(relation));
        return text.append(" is").toString();
    }

    private static int index(List<String> words, String word) {
        int index = words.indexOf(word);
        if (index < 0) {
            throw new IllegalArgumentException("word: want one of " + words + ", got " + word);
        }
        return index;
    }

    /**
     * A Fisher-Yates shuffle from the top for each relation, driven by one linear congruential generator modulo 2^31
     * (multiplier 1103515245, increment 12345, seed 12345), whose low eight bits are dropped.
     */
    private static List<int[]> permutations() {
        List<int[]> shuffled = new ArrayList<>();
        long state = 12345;
        for (int relation = 0; relation < RELATIONS.size(); relation++) {
            int[] people = IntStream.range(0, NAMES.size()).toArray();
            for (int last = people.length - 1; last > 0; last--) {
                state = (state * 1103515245L + 12345) % (1L << 31);
                int other = (int) ((state >> 8) % (last + 1));
                int swapped = people[last];
                people[last] = people[other];
                people[other] = swapped;
            }
            shuffled.add(people);
        }
        return shuffled;
    }
}
