package org.loopscope.analysis.stat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntervalTest {
    private static final double Z2 = 1.959963984540054 * 1.959963984540054; // 3.841459

    @Test
    void wilsonByHandForHalf() {
        // p = 1/2, n = 4: centre 1/2, half width z sqrt(1/16 + z^2/64) / (1 + z^2/4)
        double half = Math.sqrt(Z2) * Math.sqrt(1 / 16.0 + Z2 / 64) / (1 + Z2 / 4);
        Interval interval = Interval.wilson(2, 4);
        assertEquals(0.5 - half, interval.low(), 1e-15);
        assertEquals(0.5 + half, interval.high(), 1e-15);
    }

    @Test
    void noHitsStillHaveAWidth() {
        // p = 0: low 0, high (z^2/n) / (1 + z^2/n) = z^2 / (n + z^2)
        Interval none = Interval.wilson(0, 10);
        assertEquals(0, none.low());
        assertEquals(Z2 / (10 + Z2), none.high(), 1e-15);
        Interval all = Interval.wilson(10, 10);
        assertEquals(1, all.high());
        assertEquals(10 / (10 + Z2), all.low(), 1e-15);
    }

    @ParameterizedTest
    @CsvSource({"361, 1000", "0, 1", "1, 1", "255, 256", "81, 263"})
    void endsAreTheProportionsAtWhichTheScoreTestIsJustRejected(long hits, long n) {
        // (p - p0)^2 = z^2 p0 (1 - p0) / n defines both ends.
        Interval interval = Interval.wilson(hits, n);
        double p = (double) hits / n;
        for (double p0 : new double[] {interval.low(), interval.high()}) {
            assertEquals((p - p0) * (p - p0), Z2 * p0 * (1 - p0) / n, 1e-14);
        }
        assertTrue(interval.low() >= 0 && interval.low() <= p && p <= interval.high() && interval.high() <= 1);
    }

    @Test
    void nothingCountedIsNotANumber() {
        assertTrue(Double.isNaN(Interval.wilson(0, 0).low()));
        assertTrue(Double.isNaN(Interval.wilson(0, 0).high()));
    }

    @Test
    void impossibleCountsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Interval.wilson(2, 1));
        assertThrows(IllegalArgumentException.class, () -> Interval.wilson(-1, 1));
    }
}
