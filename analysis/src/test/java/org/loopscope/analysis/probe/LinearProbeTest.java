package org.loopscope.analysis.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

/** Probes on made-up states of which it is known what can be read from them. */
class LinearProbeTest {
    private static final int N = 200;

    private static ProbeItem item(String prompt, String split) {
        return new ProbeItem(
                prompt, List.of(), Optional.empty(), split.isEmpty() ? Optional.empty() : Optional.of(split));
    }

    private static ProbeFolds folds(String... splits) throws LoopscopeException {
        List<ProbeItem> items = new ArrayList<>();
        for (int i = 0; i < N; i++) {
            items.add(item("p" + i, splits.length == 0 ? "" : splits[i % splits.length]));
        }
        return ProbeFolds.of(items, new int[N], 5, 1);
    }

    /** States whose first feature grows with the label; all others are noise, one is constant. */
    private static float[][] states(int[] labels, int d, long seed) {
        Random random = new Random(seed);
        float[][] x = new float[labels.length][d];
        for (int i = 0; i < x.length; i++) {
            for (int k = 0; k < d; k++) {
                x[i][k] = (float) (5 + 3 * random.nextGaussian());
            }
            x[i][0] = labels[i] * 10 + 0.1f * (float) random.nextGaussian();
            x[i][1] = 7;
        }
        return x;
    }

    private static int[] labels(int classes) {
        return new Random(77).ints(N, 0, classes).toArray();
    }

    @Test
    void whatIsWrittenInAStateIsReadAndShuffledLabelsAreNot() throws LoopscopeException {
        int[] labels = labels(2);
        float[][] x = states(labels, 10, 3);
        LinearProbe probe = new LinearProbe(0.1);
        ProbeResult found = probe.evaluate(x, labels, folds(), RunControl.none());
        assertEquals(1, found.auc());
        assertEquals(1, found.accuracy());
        assertEquals(N, found.n());
        assertEquals(2, found.classes());
        List<ProbeResult> shuffled = probe.shuffled(x, byChance(labels, 20), folds(), RunControl.none());
        ShuffledLabels chance = ShuffledLabels.of(shuffled);
        assertEquals(20, chance.shuffles());
        assertEquals(0.5, chance.mean(), 0.03);
        assertTrue(chance.low() < 0.5 && chance.high() > 0.5 && chance.high() < 0.65, "band of chance: " + chance);
        assertEquals(shuffled, probe.shuffled(x, byChance(labels, 20), folds(), RunControl.none()));
        assertEquals(20, shuffled.stream().map(ProbeResult::auc).distinct().count(), "no shuffle twice");
        assertEquals(
                shuffled.subList(0, 3),
                probe.shuffled(x, byChance(labels, 3), folds(), RunControl.none()),
                "more shuffles keep the first ones");
    }

    private static List<int[]> byChance(int[] labels, int shuffles) throws LoopscopeException {
        return UnitShuffle.of(labels, folds().units(), shuffles, 9, "labels");
    }

    @Test
    void moreFeaturesThanExamplesAreNoObstacle() throws LoopscopeException {
        int[] labels = labels(2);
        ProbeResult found = new LinearProbe(0.1)
                .evaluate(states(labels, 600, 4), labels, folds("train", "test"), RunControl.none());
        assertEquals(N / 2, found.n());
        assertTrue(found.auc() > 0.6 && found.auc() < 1, "600 features, 100 examples: " + found.auc());
    }

    @Test
    void moreThanTwoClassesAreReadOneAgainstTheRest() throws LoopscopeException {
        int[] labels = labels(4);
        float[][] x = new float[N][4];
        Random random = new Random(5);
        for (int i = 0; i < N; i++) {
            for (int k = 0; k < 4; k++) {
                x[i][k] = (float) (random.nextGaussian() * 0.1 + (labels[i] == k ? 1 : 0));
            }
        }
        ProbeResult found = new LinearProbe(0.1).evaluate(x, labels, folds(), RunControl.none());
        assertEquals(4, found.classes());
        assertEquals(1, found.auc());
        assertEquals(1, found.accuracy());
        assertEquals(0.25, found.majority(), 0.1);
    }

    @Test
    void aLabelThatNeverChangesLeavesNoArea() throws LoopscopeException {
        int[] labels = new int[N];
        ProbeResult found = new LinearProbe(0.1).evaluate(states(labels, 4, 1), labels, folds(), RunControl.none());
        assertTrue(Double.isNaN(found.auc()));
        assertEquals(1, found.accuracy());
        assertEquals(1, found.majority());
    }

    @Test
    void testExamplesDoNotChangeTheScaleOfTrainingOnes() throws LoopscopeException {
        int[] labels = labels(2);
        float[][] x = states(labels, 6, 8);
        ProbeFolds split = folds("train", "test");
        ProbeResult before = new LinearProbe(0.1).evaluate(x, labels, split, RunControl.none());
        // One test example moved far away along noise: only its own score may change, by one pair in its class.
        int moved = split.parts().get(0).test().get(3);
        x[moved][4] += 1e6f;
        ProbeResult after = new LinearProbe(0.1).evaluate(x, labels, split, RunControl.none());
        assertTrue(Math.abs(before.accuracy() - after.accuracy())
                <= 1.0 / split.parts().get(0).test().size() + 1e-12);
        assertEquals(before.auc(), after.auc(), 0.03);
    }

    @Test
    void foldsAreByPromptAndUseEveryItemOnce() throws LoopscopeException {
        List<ProbeItem> items = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            items.add(item("prompt " + i % 13, ""));
        }
        ProbeFolds folds = ProbeFolds.of(items, new int[40], 4, 2);
        assertEquals("4-fold", folds.name());
        int[] tested = new int[40];
        for (ProbeFolds.Part part : folds.parts()) {
            assertEquals(40, part.train().size() + part.test().size());
            for (int test : part.test()) {
                tested[test]++;
                for (int train : part.train()) {
                    assertTrue(!items.get(test).prompt().equals(items.get(train).prompt()));
                }
            }
        }
        assertTrue(IntStream.of(tested).allMatch(n -> n == 1));
    }

    @Test
    void aMarkedSplitIsUsedAndOneThatIsNoneIsRefused() throws LoopscopeException {
        assertEquals("split", folds("train", "train", "test").name());
        assertEquals(66, folds("train", "train", "test").parts().get(0).test().size());
        assertEquals(
                "Splits of the set: expected \"train\" and \"test\", found 200 and 0 of 200 items.",
                assertThrows(LoopscopeException.class, () -> folds("train")).getMessage());
        assertEquals(
                "Cross-validation: expected at least 2 folds and as many prompts that share no unit, found 5 folds and 1"
                        + " such prompts.",
                assertThrows(LoopscopeException.class, () -> ProbeFolds.of(List.of(item("a", "")), new int[1], 5, 1))
                        .getMessage());
    }
}
