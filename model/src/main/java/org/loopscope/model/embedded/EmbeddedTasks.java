package org.loopscope.model.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * Prompts of the three tasks that the embedded model was trained on, with their answers. The same seed gives the same
 * prompts on every machine. Not safe to use from several threads.
 */
public final class EmbeddedTasks {
    /** Largest difficulty that is generated; the model was trained up to 6 (people, calc) and 8 (cups). */
    public static final int MAX_DIFFICULTY = 32;

    private static final String CUPS = "ABCD";

    private final RandomGenerator random;

    /** What is asked; difficulty counts the reasoning steps. */
    public enum Task {
        /** Whose friend's boss's ... is: difficulty relations of {@link PeopleWorld}. */
        PEOPLE,
        /** Last digit of a sum worked from left to right: difficulty operators. */
        CALC,
        /** Where a ball is after difficulty swaps of four cups. */
        CUPS;

        /** The first word of its prompts. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One prompt.
     *
     * @param answer the one token that should follow
     */
    public record Item(Task task, int difficulty, String prompt, String answer) {}

    public EmbeddedTasks(long seed) {
        this.random = new Random(seed);
    }

    /** Every answer that a prompt of {@code task} can have. */
    public static List<String> choices(Task task) {
        return switch (task) {
            case PEOPLE -> PeopleWorld.NAMES;
            case CALC -> List.of("0123456789".split(""));
            case CUPS -> List.of(CUPS.split(""));
        };
    }

    /** The next prompt of {@code task}; {@code difficulty} from 1 to {@link #MAX_DIFFICULTY}. */
    public Item next(Task task, int difficulty) {
        if (difficulty < 1 || difficulty > MAX_DIFFICULTY) {
            throw new IllegalArgumentException("difficulty: want 1 to " + MAX_DIFFICULTY + ", got " + difficulty);
        }
        return switch (task) {
            case PEOPLE -> people(difficulty);
            case CALC -> calc(difficulty);
            case CUPS -> cups(difficulty);
        };
    }

    private Item people(int relations) {
        String person = PeopleWorld.NAMES.get(random.nextInt(PeopleWorld.NAMES.size()));
        List<String> chain = new ArrayList<>();
        for (int i = 0; i < relations; i++) {
            chain.add(PeopleWorld.RELATIONS.get(random.nextInt(PeopleWorld.RELATIONS.size())));
        }
        List<String> met = PeopleWorld.follow(person, chain);
        return new Item(Task.PEOPLE, relations, PeopleWorld.prompt(person, chain), met.get(met.size() - 1));
    }

    /** Operators + and − have probability 0.35 each, × 0.3 with a factor of 2 to 9; there is no precedence. */
    private Item calc(int operators) {
        int value = random.nextInt(10);
        StringBuilder prompt = new StringBuilder("calc ").append(value);
        for (int i = 0; i < operators; i++) {
            double kind = random.nextDouble();
            if (kind < 0.7) {
                int operand = random.nextInt(10);
                boolean plus = kind < 0.35;
                prompt.append(plus ? '+' : '-').append(operand);
                value = Math.floorMod(plus ? value + operand : value - operand, 10);
            } else {
                int factor = random.nextInt(2, 10);
                prompt.append('*').append(factor);
                value = value * factor % 10;
            }
        }
        return new Item(Task.CALC, operators, prompt.append('=').toString(), String.valueOf(value));
    }

    /** Half of the swaps that would miss the ball are turned to it, or most swaps would say nothing. */
    private Item cups(int swaps) {
        int ball = random.nextInt(4);
        StringBuilder prompt = new StringBuilder("cups ball ").append(CUPS.charAt(ball));
        for (int i = 0; i < swaps; i++) {
            int first = random.nextInt(4);
            int second = (first + random.nextInt(1, 4)) % 4;
            if (random.nextBoolean() && first != ball && second != ball) {
                first = ball;
            }
            prompt.append(" swap ").append(CUPS.charAt(first)).append(' ').append(CUPS.charAt(second));
            ball = ball == first ? second : ball == second ? first : ball;
        }
        String answer = String.valueOf(CUPS.charAt(ball));
        return new Item(Task.CUPS, swaps, prompt.append(" where ?").toString(), answer);
    }
}
