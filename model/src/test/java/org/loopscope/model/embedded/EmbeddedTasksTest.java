package org.loopscope.model.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.embedded.EmbeddedTasks.Item;
import org.loopscope.model.embedded.EmbeddedTasks.Task;
import org.loopscope.model.support.Golden;
import org.loopscope.model.tokenizer.HuggingFaceTokenizer;

class EmbeddedTasksTest {
    private static List<Item> items(long seed, Task task, int difficulty, int count) {
        EmbeddedTasks tasks = new EmbeddedTasks(seed);
        return Stream.generate(() -> tasks.next(task, difficulty)).limit(count).toList();
    }

    @Test
    void theSameSeedGivesTheSamePrompts() {
        for (Task task : Task.values()) {
            assertEquals(items(5, task, 4, 20), items(5, task, 4, 20));
            assertNotEquals(items(5, task, 4, 20), items(6, task, 4, 20));
        }
    }

    @Test
    void sumsAreWorkedFromLeftToRight() {
        for (Item item : items(1, Task.CALC, 6, 200)) {
            String sum = item.prompt().substring("calc ".length());
            int value = sum.charAt(0) - '0';
            for (int i = 1; sum.charAt(i) != '='; i += 2) {
                int operand = sum.charAt(i + 1) - '0';
                value = switch (sum.charAt(i)) {
                    case '+' -> value + operand;
                    case '-' -> value - operand;
                    default -> value * operand;
                };
            }
            assertEquals(String.valueOf(Math.floorMod(value, 10)), item.answer(), item.prompt());
            assertEquals("calc ".length() + 2 * 6 + 2, item.prompt().length());
        }
    }

    @Test
    void theBallGoesWhereTheSwapsTakeIt() {
        for (Item item : items(2, Task.CUPS, 8, 200)) {
            String[] words = item.prompt().split(" ");
            String ball = words[2];
            int swaps = 0;
            for (int i = 3; words[i].equals("swap"); i += 3) {
                ball = ball.equals(words[i + 1]) ? words[i + 2] : ball.equals(words[i + 2]) ? words[i + 1] : ball;
                assertNotEquals(words[i + 1], words[i + 2], item.prompt());
                swaps++;
            }
            assertEquals(ball, item.answer(), item.prompt());
            assertEquals(8, swaps);
        }
    }

    @Test
    void threeOfFourSwapsMoveTheBall() {
        // A random swap meets the ball with probability 1/2; half of the others are turned to it: 3/4 in all.
        long moved = 0;
        List<Item> items = items(3, Task.CUPS, 1, 4000);
        for (Item item : items) {
            moved += item.prompt().split(" ")[2].equals(item.answer()) ? 0 : 1;
        }
        assertEquals(0.75, moved / 4000.0, 0.03);
    }

    @ParameterizedTest
    @EnumSource
    void everyPromptIsInTheVocabularyAndItsAnswerIsOneToken(Task task) throws LoopscopeException {
        HuggingFaceTokenizer tokenizer =
                HuggingFaceTokenizer.load(Golden.path("org/loopscope/model/embedded/tokenizer.json"));
        for (int difficulty : new int[] {1, 3, EmbeddedTasks.MAX_DIFFICULTY}) {
            for (Item item : items(difficulty, task, difficulty, 20)) {
                assertTrue(tokenizer.encode(item.prompt()).length < 256, "fits in the context");
                assertEquals(1, tokenizer.encode(item.answer()).length);
                assertTrue(EmbeddedTasks.choices(task).contains(item.answer()), item.answer());
                assertTrue(item.prompt().startsWith(task.word() + " "), item.prompt());
            }
        }
    }

    @Test
    void aDifficultyOutOfRangeIsACallersMistake() {
        EmbeddedTasks tasks = new EmbeddedTasks(1);
        assertThrows(IllegalArgumentException.class, () -> tasks.next(Task.CALC, 0));
        assertThrows(IllegalArgumentException.class, () -> tasks.next(Task.CALC, 33));
    }
}
