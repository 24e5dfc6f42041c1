package org.loopscope.analysis.prompts;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Answers the prompts of the embedded model's tasks by their text, written apart from what generates them. */
final class TaskOracle {
    private static final List<String> NAMES = List.of(
            "Ann", "Bob", "Eve", "Joe", "Kim", "Leo", "Max", "Mia", "Sam", "Tom", "Zoe", "Ben", "Amy", "Dan", "Ivy",
            "Ray", "Sue", "Ned", "Pia", "Gus");
    private static final List<String> RELATIONS = List.of("friend", "boss", "teacher", "neighbour");
    private static final List<List<String>> FACTS = facts();

    private TaskOracle() {}

    static String answer(String prompt) {
        List<String> words = words(prompt);
        return switch (words.get(0)) {
            case "people" -> people(words);
            case "calc" -> calc(prompt);
            case "cups" -> cups(words);
            default -> throw new IllegalArgumentException(prompt);
        };
    }

    /** Task and difficulty, {@code people k=3}. */
    static String group(String prompt) {
        List<String> words = words(prompt);
        long hops = words.stream()
                .filter(w -> RELATIONS.contains(w) || w.equals("swap"))
                .count();
        long operators = prompt.chars().filter(c -> "+-*".indexOf(c) >= 0).count();
        return words.get(0) + " k=" + Math.max(hops, operators);
    }

    private static List<String> words(String prompt) {
        return Arrays.asList(prompt.replace("'s", " ").split("\\s+"));
    }

    private static String people(List<String> words) {
        String name = words.get(1);
        for (String word : words.subList(2, words.size() - 1)) {
            name = FACTS.get(RELATIONS.indexOf(word)).get(NAMES.indexOf(name));
        }
        return name;
    }

    /** Without taking digits on the way: a remainder of 10 survives sums and products, so once at the end will do. */
    private static String calc(String prompt) {
        String text = prompt.replace("calc", "").replace("=", "").replace(" ", "");
        BigInteger value = new BigInteger(text.substring(0, 1));
        for (int i = 1; i < text.length(); i += 2) {
            BigInteger operand = new BigInteger(text.substring(i + 1, i + 2));
            value = switch (text.charAt(i)) {
                case '+' -> value.add(operand);
                case '-' -> value.subtract(operand);
                case '*' -> value.multiply(operand);
                default -> throw new IllegalArgumentException(prompt);
            };
        }
        return value.mod(BigInteger.TEN).toString();
    }

    /** Moves what is under the cups, not the ball. */
    private static String cups(List<String> words) {
        List<Boolean> under = new ArrayList<>(Collections.nCopies(4, false));
        under.set("ABCD".indexOf(words.get(2)), true);
        for (int i = 3; words.get(i).equals("swap"); i += 3) {
            Collections.swap(under, "ABCD".indexOf(words.get(i + 1)), "ABCD".indexOf(words.get(i + 2)));
        }
        return "ABCD".substring(under.indexOf(true), under.indexOf(true) + 1);
    }

    /** Four permutations one after another: x' = (1103515245 x + 12345) mod 2^31 from 12345, Fisher-Yates from the top. */
    private static List<List<String>> facts() {
        List<List<String>> facts = new ArrayList<>();
        int state = 12345;
        for (int r = 0; r < RELATIONS.size(); r++) {
            List<String> to = new ArrayList<>(NAMES);
            for (int i = to.size() - 1; i > 0; i--) {
                state = (state * 1103515245 + 12345) & Integer.MAX_VALUE; // int arithmetic keeps the low 31 bits exact
                Collections.swap(to, i, (state >> 8) % (i + 1));
            }
            facts.add(to);
        }
        return facts;
    }
}
