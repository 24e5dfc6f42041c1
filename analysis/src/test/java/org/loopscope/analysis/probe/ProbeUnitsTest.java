package org.loopscope.analysis.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

/** Prompts that share a unit count as what they are: one thing seen several times. */
class ProbeUnitsTest {
    private static final int UNITS = 60;

    /** {@code times} prompts of each unit, with the state of the unit; two classes that lie {@code gap} apart. */
    private static ProbeResult repeated(int times, double gap, boolean named) throws LoopscopeException {
        SplittableRandom random = new SplittableRandom(3);
        List<ProbeItem> items = new ArrayList<>();
        float[][] x = new float[UNITS * times][1];
        int[] labels = new int[UNITS * times];
        for (int u = 0; u < UNITS; u++) {
            double noise = random.nextDouble();
            for (int k = 0; k < times; k++) {
                int i = u * times + k;
                labels[i] = u % 2;
                x[i][0] = (float) (noise + gap * labels[i] + 1e-6 * random.nextDouble());
                items.add(item("prompt " + i, named ? "unit " + u : "unit " + i));
            }
        }
        ProbeFolds folds = ProbeFolds.of(items, labels, 5, 1);
        return new LinearProbe(0.1).evaluate(x, labels, folds, RunControl.none());
    }

    private static ProbeItem item(String prompt, String unit) {
        return new ProbeItem(
                prompt, List.of(), Optional.empty(), Optional.of("class"), Optional.empty(), List.of(unit));
    }

    private static double width(ProbeResult result) {
        return result.aucInterval().high() - result.aucInterval().low();
    }

    @Test
    void theSameTenTimesIsNoMoreThanOnce() throws LoopscopeException {
        double once = width(repeated(1, 0.4, true));
        assertEquals(1, width(repeated(10, 0.4, true)) / once, 0.3);
        assertTrue(width(repeated(10, 0.4, false)) < 0.5 * once, "ten times as many prompts by themselves say more");
        ProbeResult apart = repeated(10, 0.4, false);
        ProbeResult together = repeated(10, 0.4, true);
        double ratio = (together.accuracyInterval().high()
                        - together.accuracyInterval().low())
                / (apart.accuracyInterval().high() - apart.accuracyInterval().low());
        assertEquals(Math.sqrt(10), ratio, 0.8);
    }

    @Test
    void withoutAFaultTheIntervalsAreThoseOfSoManyUnits() throws LoopscopeException {
        ProbeResult together = repeated(10, 5, true);
        assertEquals(1, together.auc());
        assertEquals(
                repeated(1, 5, true).aucInterval().low(), together.aucInterval().low(), 0.02);
        assertEquals(
                repeated(1, 5, true).accuracyInterval().low(),
                together.accuracyInterval().low(),
                1e-9);
    }

    @Test
    void labelsOfAUnitAreShuffledTogether() {
        int[] labels = IntStream.range(0, 40).map(i -> i / 4 % 2).toArray(); // ten units of four, each of one class
        List<Integer> units = IntStream.range(0, 40).map(i -> i / 4).boxed().toList();
        List<int[]> shuffles = UnitShuffle.of(labels, units, 30, 5, "labels");
        assertEquals(30, shuffles.size());
        for (int[] shuffled : shuffles) {
            assertEquals(20, Arrays.stream(shuffled).sum());
            for (int i = 0; i < 40; i++) {
                assertEquals(shuffled[i / 4 * 4], shuffled[i], "units of one size keep their labels together");
            }
        }
        assertTrue(shuffles.stream().map(Arrays::toString).distinct().count() > 25);
    }

    @Test
    void oneUnitOfAllIsShuffledWithinItself() {
        int[] labels = IntStream.range(0, 40).map(i -> i % 2).toArray();
        int[] shuffled = UnitShuffle.of(labels, Collections.nCopies(40, 0), 1, 5, "labels")
                .get(0);
        assertEquals(20, Arrays.stream(shuffled).sum());
        assertFalse(Arrays.equals(labels, shuffled));
    }

    /** Chance over units goes further than over as many single prompts: 1 / √10 against 1 / √100. */
    @Test
    void shufflesOfUnitsStrayAsFarAsUnitsDo() {
        int[] labels = IntStream.range(0, 100).map(i -> i / 10 % 2).toArray();
        List<Integer> units = IntStream.range(0, 100).map(i -> i / 10).boxed().toList();
        List<Integer> alone = IntStream.range(0, 100).boxed().toList();
        assertEquals(Math.sqrt(10), spread(labels, units) / spread(labels, alone), 0.6);
    }

    /** Standard deviation of the share of class 1 in the first half. */
    private static double spread(int[] labels, List<Integer> units) {
        double[] ones = UnitShuffle.of(labels, units, 2000, 1, "labels").stream()
                .mapToDouble(l -> Arrays.stream(l, 0, 50).sum() / 50.0)
                .toArray();
        return Math.sqrt(
                Arrays.stream(ones).map(x -> (x - 0.5) * (x - 0.5)).average().orElseThrow());
    }
}
