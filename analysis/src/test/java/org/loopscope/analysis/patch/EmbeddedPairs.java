package org.loopscope.analysis.patch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.loopscope.model.embedded.EmbeddedTasks;
import org.loopscope.model.embedded.EmbeddedTasks.Item;
import org.loopscope.model.embedded.EmbeddedTasks.Task;
import org.loopscope.model.embedded.PeopleWorld;

/**
 * Pairs for the embedded model's tasks: a random prompt, and the same with one thing changed so that the answer is
 * another. Both have the same number of tokens. The same seed gives the same pairs on every machine.
 */
public final class EmbeddedPairs {
    private static final Pattern DIGIT = Pattern.compile("[0-9]");

    private final EmbeddedTasks tasks;
    private final Random random;

    public EmbeddedPairs(long seed) {
        this.tasks = new EmbeddedTasks(seed);
        this.random = new Random(~seed);
    }

    /**
     * The next pair. In people the first person or one relation is changed, in calc one digit, in cups the cup that the
     * ball begins under.
     *
     * @param difficulty as for {@link EmbeddedTasks#next}
     */
    public PatchPair next(Task task, int difficulty) {
        while (true) {
            Item item = tasks.next(task, difficulty);
            String corrupted =
                    switch (task) {
                        case PEOPLE -> people(item.prompt());
                        case CALC -> calc(item.prompt());
                        case CUPS -> cups(item.prompt());
                    };
            String answer = answer(task, corrupted);
            if (!answer.equals(item.answer())) {
                return new PatchPair(
                        item.prompt(),
                        corrupted,
                        item.answer(),
                        Optional.of(answer),
                        Optional.of(task.word() + " k=" + difficulty));
            }
        }
    }

    /**
     * A set as JSONL: {@code perCell} pairs for each task and k = 2, 4, 6. What {@code sample-prompts/embedded/patch-pairs.jsonl}
     * holds, with seed 7 and 20 pairs.
     */
    public static String jsonl(long seed, int perCell) {
        EmbeddedPairs pairs = new EmbeddedPairs(seed);
        StringBuilder text = new StringBuilder();
        for (Task task : Task.values()) {
            for (int difficulty : new int[] {2, 4, 6}) {
                for (int i = 0; i < perCell; i++) {
                    text.append(line(pairs.next(task, difficulty)));
                }
            }
        }
        return text.toString();
    }

    /** None of these texts needs escaping. */
    private static String line(PatchPair pair) {
        return String.format(
                        Locale.ROOT,
                        "{\"prompt\": \"%s\", \"answer\": \"%s\", \"corrupted\": \"%s\", \"corrupted_answer\": \"%s\","
                                + " \"group\": \"%s\"}%n",
                        pair.clean(),
                        pair.answer(),
                        pair.corrupted(),
                        pair.corruptedAnswer().orElse(""),
                        pair.group().orElse(""))
                .replace("\r", "");
    }

    private String people(String prompt) {
        List<String> chain = chain(prompt);
        int at = random.nextInt(chain.size());
        List<String> words = at == 0 ? PeopleWorld.NAMES : PeopleWorld.RELATIONS;
        chain.set(at, words.get(random.nextInt(words.size())));
        return PeopleWorld.prompt(chain.get(0), chain.subList(1, chain.size()));
    }

    /** The first person and the relations. */
    private static List<String> chain(String prompt) {
        String inner = prompt.substring("people ".length(), prompt.length() - " is".length());
        return new ArrayList<>(Arrays.asList(inner.split("'s ")));
    }

    private String calc(String prompt) {
        List<Integer> digits = new ArrayList<>();
        Matcher matcher = DIGIT.matcher(prompt);
        while (matcher.find()) {
            digits.add(matcher.start());
        }
        int at = digits.get(random.nextInt(digits.size()));
        boolean factor = prompt.charAt(at - 1) == '*';
        int digit = factor ? 2 + random.nextInt(8) : random.nextInt(10);
        return prompt.substring(0, at) + digit + prompt.substring(at + 1);
    }

    private String cups(String prompt) {
        int at = "cups ball ".length();
        return prompt.substring(0, at) + "ABCD".charAt(random.nextInt(4)) + prompt.substring(at + 1);
    }

    private static String answer(Task task, String prompt) {
        return switch (task) {
            case PEOPLE -> {
                List<String> chain = chain(prompt);
                List<String> met = PeopleWorld.follow(chain.get(0), chain.subList(1, chain.size()));
                yield met.get(met.size() - 1);
            }
            case CALC -> calcAnswer(prompt.substring("calc ".length()));
            case CUPS -> cupsAnswer(prompt.split(" "));
        };
    }

    private static String calcAnswer(String sum) {
        int value = sum.charAt(0) - '0';
        for (int i = 1; i + 1 < sum.length(); i += 2) {
            int operand = sum.charAt(i + 1) - '0';
            value = switch (sum.charAt(i)) {
                case '+' -> Math.floorMod(value + operand, 10);
                case '-' -> Math.floorMod(value - operand, 10);
                default -> value * operand % 10;
            };
        }
        return Integer.toString(value);
    }

    private static String cupsAnswer(String[] words) {
        List<String> cups = new ArrayList<>(List.of("A", "B", "C", "D"));
        int ball = cups.indexOf(words[2]);
        List<Boolean> under = new ArrayList<>(Collections.nCopies(4, false));
        under.set(ball, true);
        for (int i = 3; words[i].equals("swap"); i += 3) {
            Collections.swap(under, cups.indexOf(words[i + 1]), cups.indexOf(words[i + 2]));
        }
        return cups.get(under.indexOf(true));
    }
}
