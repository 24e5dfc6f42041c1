package org.loopscope.analysis.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

/** What is in a fold: classes in equal shares, and nothing of what it is tested on. */
class ProbeFoldsTest {
    private static ProbeItem item(String prompt, String split, String... units) {
        return new ProbeItem(
                prompt,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                split.isEmpty() ? Optional.empty() : Optional.of(split),
                List.of(units));
    }

    private static List<ProbeItem> prompts(int n) {
        return IntStream.range(0, n).mapToObj(i -> item("p" + i, "")).toList();
    }

    @Test
    void everyFoldHasItsShareOfEveryClass() throws LoopscopeException {
        int[] labels = IntStream.range(0, 64).map(i -> i / 16).toArray();
        for (long seed = 0; seed < 20; seed++) {
            for (ProbeFolds.Part part :
                    ProbeFolds.of(prompts(64), labels, 5, seed).parts()) {
                assertTrue(part.test().size() >= 12 && part.test().size() <= 14, "64 / 5: " + part.test());
                for (int label = 0; label < 4; label++) {
                    int wanted = label;
                    long count = part.test().stream()
                            .filter(i -> labels[i] == wanted)
                            .count();
                    assertTrue(count == 3 || count == 4, "16 / 5 of class " + label + ": " + count);
                }
            }
        }
    }

    @Test
    void alwaysSayingTheMostFrequentLabelIsNoBetterOrWorseThanItsShare() throws LoopscopeException {
        // 40 of 64 are the majority of every training part, so the baseline is exactly their share.
        int[] labels = IntStream.range(0, 64).map(i -> i < 40 ? 1 : 0).toArray();
        float[][] x = new float[64][2];
        ProbeResult result =
                new LinearProbe(0.1).evaluate(x, labels, ProbeFolds.of(prompts(64), labels, 5, 3), RunControl.none());
        assertEquals(40 / 64.0, result.majority());
    }

    @Test
    void theSeedDecidesTheFolds() throws LoopscopeException {
        int[] labels = new int[40];
        assertEquals(ProbeFolds.of(prompts(40), labels, 4, 1), ProbeFolds.of(prompts(40), labels, 4, 1));
        assertNotEquals(ProbeFolds.of(prompts(40), labels, 4, 1), ProbeFolds.of(prompts(40), labels, 4, 2));
    }

    @Test
    void whatIsJoinedByAChainOfUnitsIsInOneFold() throws LoopscopeException {
        // Pairs of questions (0,1), (1,2), ... are one chain of five; two equal prompts are one; the others stand
        // alone.
        List<ProbeItem> items = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            items.add(item("pair " + i, "", "question " + i, "question " + (i + 1)));
        }
        items.add(item("same", ""));
        items.add(item("same", ""));
        items.addAll(prompts(13));
        int[] labels = IntStream.range(0, 20).map(i -> i % 2).toArray();
        for (ProbeFolds.Part part : ProbeFolds.of(items, labels, 4, 0).parts()) {
            Set<Integer> test = new HashSet<>(part.test());
            long ofChain = IntStream.range(0, 5).filter(test::contains).count();
            assertTrue(ofChain == 0 || ofChain == 5, "of the chain: " + ofChain);
            assertEquals(test.contains(5), test.contains(6), "equal prompts");
            assertFalse(test.isEmpty());
            assertEquals(5, test.size(), "20 / 4");
        }
    }

    @Test
    void testPromptsThatTrainingKnowsAreCounted() {
        List<ProbeItem> items = List.of(
                item("a", "train", "u"),
                item("b", "test", "u"),
                item("c", "test"),
                item("a", "test"),
                item("d", "train"));
        assertEquals(2, ProbeFolds.sharedAcrossSplit(items));
        assertEquals(0, ProbeFolds.sharedAcrossSplit(prompts(3)));
    }
}
