package org.loopscope.analysis.stat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values by an independent computation in Python (scipy 1.17: skew(bias=False), t.ppf, roots by brentq). */
class IntervalsTest {
    private static void assertEnds(double low, double high, Interval interval) {
        assertEquals(low, interval.low(), 2e-4 * (high - low)); // the expansion of t
        assertEquals(high, interval.high(), 2e-4 * (high - low));
    }

    @ParameterizedTest
    @CsvSource({"7, 2.364624", "8, 2.306004", "9, 2.262157", "15, 2.131450", "31, 2.039513", "99, 1.984217"})
    void studentsPointsAreThoseOfTheTables(int df, double t) {
        assertEquals(t, Student.t(df), 1e-4);
    }

    @Test
    void evenItemsHaveStudentsInterval() {
        // mean 4.5, s² = 6, n = 8, no skewness: 4.5 ± 2.3646 √(6/8)
        assertEnds(2.452175, 6.547825, Intervals.mean(new double[] {1, 2, 3, 4, 5, 6, 7, 8}));
    }

    @Test
    void oneLargeItemMovesTheUpperEndFurtherThanTheLower() {
        double[] values = {0, 0, 0, 0, 1, 1, 2, 12};
        Interval interval = Intervals.mean(values); // mean 2
        assertEnds(-0.104462, 11.778594, Intervals.difference(values, new double[8], Intervals.ones(8)));
        assertEquals(11.778594, interval.high(), 1e-3);
        assertEquals(0, interval.low(), "no value is below 0, so their mean is not");
    }

    @Test
    void aRateIsOfSumsWithAllTokensOfAnItemTogether() {
        double[] sums = {1, 2, 0, 4, 5, 1, 7, 3};
        double[] tokens = {2, 2, 1, 4, 6, 3, 8, 4};
        assertEnds(0.557327, 0.927346, Intervals.ratio(sums, tokens));
        double[] longer = {1, 2, 0, 4, 5, 1, 7, 3, 0, 0};
        double[] with = {2, 2, 1, 4, 6, 3, 8, 4, 0, 0};
        assertEquals(
                Intervals.ratio(sums, tokens), Intervals.ratio(longer, with), "items that count nothing are no items");
    }

    @Test
    void aDifferenceIsTakenItemByItem() {
        double[] a = {3, 1, 4, 1, 5, 9, 2, 6};
        double[] b = {2, 7, 1, 8, 2, 8, 1, 8};
        assertEnds(-3.724280, 1.145072, Intervals.difference(a, b, new double[] {1, 2, 1, 2, 1, 2, 1, 2}));
        double[] more = new double[8];
        for (int i = 0; i < 8; i++) {
            more[i] = a[i] + 2;
        }
        assertEquals(new Interval(2, 2), Intervals.difference(more, a, Intervals.ones(8)), "always 2 more");
    }

    @Test
    void sharesThatAgreeEverywhereMayStillDifferElsewhere() {
        double[] same = {1, 0, 1, 1, 0, 1, 1, 1};
        double most = Interval.wilson(0, 8).high();
        assertEquals(new Interval(-most, most), Intervals.shareDifference(same, same, Intervals.ones(8)));
        double[] other = {1, 0, 1, 1, 0, 1, 1, 0};
        assertEquals(
                Intervals.difference(same, other, Intervals.ones(8)),
                Intervals.shareDifference(same, other, Intervals.ones(8)));
        assertFalse(Intervals.shareDifference(new double[7], new double[7], Intervals.ones(7))
                .isDefined());
    }

    @Test
    void belowEightItemsThereIsNoneOfAMeanARateOrADifference() {
        double[] seven = {1, 2, 3, 4, 5, 6, 7};
        assertFalse(Intervals.mean(seven).isDefined());
        assertFalse(Intervals.ratio(seven, seven).isDefined());
        assertFalse(
                Intervals.difference(seven, new double[7], Intervals.ones(7)).isDefined());
        assertTrue(Double.isNaN(Intervals.halfWidth(seven, Intervals.ones(7))));
        double[] twice = {2, 2, 2, 2, 2, 2, 2};
        assertFalse(Intervals.share(new double[] {1, 0, 2, 1, 1, 1, 1}, twice).isDefined());
        double[] eight = {1, 2, 3, 4, 5, 6, 7, 8};
        assertTrue(Intervals.mean(eight).isDefined());
        assertFalse(
                Intervals.ratio(eight, new double[] {0, 1, 1, 1, 1, 1, 1, 1}).isDefined(),
                "one of eight counts nothing");
        assertFalse(Intervals.mean(new double[0]).isDefined());
        assertFalse(Intervals.share(new double[0], new double[0]).isDefined());
        assertThrows(IllegalArgumentException.class, () -> Intervals.ratio(eight, seven));
    }

    @Test
    void itemsThatAreAllAlikeLeaveNoDoubt() {
        assertEquals(new Interval(0.25, 0.25), Intervals.mean(new double[] {.25, .25, .25, .25, .25, .25, .25, .25}));
        assertEquals(
                2.3646 * Math.sqrt(6 / 8.0),
                Intervals.halfWidth(new double[] {1, 2, 3, 4, 5, 6, 7, 8}, Intervals.ones(8)),
                1e-3);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "3, 4", "31, 32", "32, 32", "5, 300"})
    void aShareOfItemsThatCountOnceIsWilsons(int hits, int n) {
        double[] each = new double[n];
        java.util.Arrays.fill(each, 0, hits, 1);
        assertEquals(Interval.wilson(hits, n), Intervals.share(each, Intervals.ones(n)));
    }

    @Test
    void aShareOfItemsThatCountSeveralTimesIsWilsonsOfAsManyAsTheirSpreadLeaves() {
        // 23 of 30 tokens of 8 prompts; they differ no more than tokens would: 30 count, with t for z
        int[] hits = {1, 2, 0, 4, 5, 1, 7, 3};
        int[] of = {2, 2, 1, 4, 6, 3, 8, 4};
        assertEnds(0.551976, 0.897570, Intervals.share(hits, of));
        // Prompts that are all right or all wrong count once each: 4 of 8, and t with 7 degrees of freedom
        Interval alike = Intervals.share(new int[] {5, 0, 5, 0, 5, 0, 5, 0}, new int[] {5, 5, 5, 5, 5, 5, 5, 5});
        assertEquals(Interval.wilson(0.5, 7, Student.t(7)), new Interval(alike.low(), alike.high()));
    }

    @Test
    void noHitsOrNoMissesCountTheirItemsOnce() {
        int[] of = {1, 1, 1, 1, 1, 1, 1, 2};
        assertEquals(Interval.wilson(0, 8), Intervals.share(new int[8], of));
        assertEquals(Interval.wilson(8, 8), Intervals.share(of, of));
    }

    /** 32 of 32 had a lower end below that of 31 of 32. */
    @Test
    void aWholeShareHasTheBestIntervalAndOfItemsThatCountOnceABetterOneAlways() {
        for (int tokens : new int[] {1, 4, 30}) {
            Interval before = new Interval(0, 0);
            int[] of = new int[32];
            java.util.Arrays.fill(of, tokens);
            for (int right = 0; right <= 32 * tokens; right++) {
                int[] hits = new int[32]; // the first prompts are all right, the next in part, the rest not at all
                for (int i = 0; i < right; i++) {
                    hits[i / tokens]++;
                }
                Interval now = Intervals.share(hits, of);
                assertTrue(tokens > 1 || now.low() >= before.low(), right + ": " + now);
                assertTrue(tokens > 1 || now.high() >= before.high(), right + ": " + now);
                assertTrue(now.low() <= Interval.wilson(32, 32).low(), tokens + ": " + right + " " + now);
                assertTrue(now.high() >= Interval.wilson(0, 32).high(), tokens + ": " + right + " " + now);
                before = now;
            }
            assertEquals(Interval.wilson(32, 32), before);
        }
    }
}
