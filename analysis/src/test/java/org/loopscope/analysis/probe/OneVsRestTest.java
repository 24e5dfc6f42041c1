package org.loopscope.analysis.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.stat.Interval;

class OneVsRestTest {
    /** Scores of each class: normal, higher by {@code gap} for its own examples. */
    private static OneVsRest drawn(int classes, int n, double gap, SplittableRandom random) {
        int[] labels = new int[n];
        double[][] scores = new double[classes][n];
        for (int i = 0; i < n; i++) {
            labels[i] = random.nextInt(classes);
            for (int c = 0; c < classes; c++) {
                double radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
                scores[c][i] = radius * Math.cos(2 * Math.PI * random.nextDouble()) + (labels[i] == c ? gap : 0);
            }
        }
        return of(classes, labels, scores);
    }

    private static OneVsRest of(int classes, int[] labels, double[][] scores) {
        OneVsRest all = new OneVsRest();
        for (int c = 0; c < classes; c++) {
            all.add(c, scores[c], is(labels, c), 0);
        }
        return all;
    }

    private static boolean[] is(int[] labels, int label) {
        boolean[] is = new boolean[labels.length];
        for (int i = 0; i < is.length; i++) {
            is[i] = labels[i] == label;
        }
        return is;
    }

    @Test
    void ofOneAreaItIsNewcombesInterval() {
        double[] scores = {0.1, 0.4, 0.35, 0.8, 0.7};
        boolean[] positive = {false, false, true, true, true};
        OneVsRest one = new OneVsRest();
        one.add(1, scores, positive, 0);
        assertEquals(RocAuc.of(scores, positive).interval(), one.interval());
        assertEquals(5 / 6.0, one.value(), 1e-15);
    }

    /** Four classes, n = 300: the means of the ends gave a half width of 0.0745 where 1.96 standard deviations are 0.038. */
    @Test
    void theIntervalOfFourClassesKeepsItsCoverageAndIsHalfAsWide() {
        SplittableRandom random = new SplittableRandom(5);
        double truth = 0.71421; // P(Z < 0.8 / √2)
        int held = 0;
        double width = 0;
        for (int draw = 0; draw < 400; draw++) {
            Interval interval = drawn(4, 300, 0.8, random).interval();
            held += interval.low() <= truth && truth <= interval.high() ? 1 : 0;
            width += (interval.high() - interval.low()) / 400;
        }
        assertTrue(held >= 366 && held <= 396, "of 400: " + held); // 0.95 ± 3 deviations: 367 to 393
        assertEquals(0.0337, width / 2, 0.001);
    }

    @Test
    void whereEveryClassIsToldApartTheIntervalKeepsAWidth() {
        OneVsRest sure = drawn(4, 60, 100, new SplittableRandom(1));
        assertEquals(1, sure.value());
        assertTrue(
                sure.interval().low() < 0.995 && sure.interval().low() > 0.9,
                sure.interval().toString());
        assertEquals(1, sure.interval().high(), 1e-9);
    }

    /** The same examples ten times say no more than once. */
    @Test
    void examplesOfOneItemGoTogether() {
        SplittableRandom random = new SplittableRandom(3);
        int[] labels = new int[600];
        double[][] scores = new double[3][600];
        int[] items = new int[600];
        for (int i = 0; i < 600; i++) {
            items[i] = i / 10;
            labels[i] = items[i] % 3;
            for (int c = 0; c < 3; c++) {
                scores[c][i] = i % 10 > 0 ? scores[c][i - 1] : random.nextDouble() + (labels[i] == c ? 0.3 : 0);
            }
        }
        OneVsRest together = new OneVsRest();
        OneVsRest apart = of(3, labels, scores);
        for (int c = 0; c < 3; c++) {
            together.add(c, scores[c], is(labels, c), items);
        }
        double ratio = (together.interval().high() - together.interval().low())
                / (apart.interval().high() - apart.interval().low());
        assertEquals(Math.sqrt(10), ratio, 0.15);
    }

    @Test
    void classesWithoutAPairAreLeftOut() {
        OneVsRest none = new OneVsRest();
        none.add(0, new double[] {1, 2}, new boolean[] {true, true}, 0);
        assertTrue(Double.isNaN(none.value()));
        assertFalse(none.interval().isDefined());
        none.add(1, new double[] {1, 2, 3}, new boolean[] {true, false, true}, 2);
        assertEquals(0.5, none.value());
        assertEquals(2, none.size());
    }
}
