package org.loopscope.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    @Test
    void forManyValuesTheIntervalIsThatOfTheNormalDistribution() {
        Random random = new Random(11);
        double[] values = random.doubles(900).toArray();
        double mean = 0;
        double squares = 0;
        for (double v : values) {
            mean += v / values.length;
            squares += v * v / values.length;
        }
        double half = 1.96 * Math.sqrt((squares - mean * mean) / values.length);
        Interval interval = Bootstrap.mean(values, 1);
        assertEquals(mean - half, interval.low(), 0.1 * half);
        assertEquals(mean + half, interval.high(), 0.1 * half);
        assertEquals(interval, Bootstrap.mean(values, 1));
    }

    @Test
    void equalValuesLeaveNoDoubtAndASingleValueOrNoneGivesNoInterval() {
        assertEquals(new Interval(0.25, 0.25), Bootstrap.mean(new double[] {0.25, 0.25, 0.25}, 1));
        assertTrue(Double.isNaN(Bootstrap.mean(new double[0], 1).low()));
        assertTrue(Double.isNaN(Bootstrap.mean(new double[] {0.25}, 1).low()));
        assertTrue(Double.isNaN(Bootstrap.mean(new double[] {0.25}, 1).high()));
    }

    @Test
    void theIntervalOfARatioResamplesItemsWithAllTheirTokens() {
        // Two items, 0 of 1 and 3 of 3. Draws of two: both the first 0/2, both the second 6/6, one of each 3/4; each
        // end has
        // a quarter of the draws, so 2.5 % and 97.5 % lie on the extremes.
        assertEquals(new Interval(0, 1), Bootstrap.ratio(new double[] {0, 3}, new double[] {1, 3}, 1));
        // Items of one rate have no spread, whatever their sizes.
        assertEquals(new Interval(0.5, 0.5), Bootstrap.ratio(new double[] {1, 2, 4}, new double[] {2, 4, 8}, 1));
        assertTrue(Double.isNaN(
                Bootstrap.ratio(new double[] {1}, new double[] {2}, 1).low()));
        assertTrue(Double.isNaN(
                Bootstrap.ratio(new double[] {0, 1}, new double[] {0, 1}, 1).high()));
    }
}
