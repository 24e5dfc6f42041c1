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
    void equalValuesLeaveNoDoubtAndNoValuesLeaveNoNumber() {
        assertEquals(new Interval(0.25, 0.25), Bootstrap.mean(new double[] {0.25, 0.25, 0.25}, 1));
        assertTrue(Double.isNaN(Bootstrap.mean(new double[0], 1).low()));
    }
}
