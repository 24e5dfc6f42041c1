package org.loopscope.analysis.stat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Expected values by an independent computation in Python (numpy 2.4, scipy 1.17). */
class RunIntervalsTest {
    private static double[] numbers(int n, java.util.function.IntToDoubleFunction of) {
        double[] numbers = new double[n];
        Arrays.setAll(numbers, of);
        return numbers;
    }

    @Test
    void fewTokensHaveNoInterval() {
        double[] short59 = numbers(59, i -> i % 3);
        assertFalse(RunIntervals.mean(short59).isDefined());
        assertFalse(RunIntervals.difference(short59, short59).isDefined());
        assertFalse(RunIntervals.share(new boolean[59]).isDefined());
        assertTrue(RunIntervals.mean(numbers(60, i -> i % 3)).isDefined());
        assertTrue(RunIntervals.share(new boolean[60]).isDefined());
    }

    @Test
    void theMeanOfOneRun() {
        Interval interval = RunIntervals.mean(numbers(60, i -> i * 7 % 11)); // ρ is 0, no skewness is looked at
        assertEquals(4.717994, interval.low(), 1e-4);
        assertEquals(5.315340, interval.high(), 1e-4);
        Interval moved = RunIntervals.difference(numbers(60, i -> i * 7 % 11), numbers(60, i -> 10));
        assertEquals(interval.low() - 10, moved.low(), 1e-12);
        assertEquals(interval.high() - 10, moved.high(), 1e-12);
    }

    /** 64 tokens in eight runs of equal ones say less than eight: ρ = 0.8197, variance 0.10143, 2.46 tokens. */
    @Test
    void neighboursThatAreAlikeCountForLess() {
        Interval runs = RunIntervals.share(numbers(64, i -> i / 8 % 2));
        assertEquals(0.086690, runs.low(), 1e-4);
        assertEquals(0.913310, runs.high(), 1e-4);
        Interval alternating = RunIntervals.share(numbers(64, i -> i % 2));
        assertEquals(Interval.wilson(0.5, 64, Student.t(8)), alternating, "no more than all tokens");
    }

    @Test
    void aShareThatIsAllOfItHasWilsonsIntervalOverBlocks() {
        boolean[] all = new boolean[64];
        assertEquals(Interval.wilson(0, 16), RunIntervals.share(all)); // ⌈∛64⌉ = 4 tokens a block, not more by rounding
        Arrays.fill(all, true);
        assertEquals(Interval.wilson(16, 16), RunIntervals.share(all));
        boolean[] more = new boolean[65];
        Arrays.fill(more, true);
        assertEquals(Interval.wilson(13, 13), RunIntervals.share(more)); // 5 a block
        all[40] = false;
        assertTrue(RunIntervals.share(all).low() <= Interval.wilson(16, 16).low(), "one less is not better");
    }

    @Test
    void gatesOfATokenGoTogether() {
        int[] two = new int[60];
        Arrays.setAll(two, i -> i * 7 % 4);
        assertEquals(RunIntervals.share(numbers(60, i -> i * 7 % 4 / 3.0)), RunIntervals.share(two, 3));
    }
}
