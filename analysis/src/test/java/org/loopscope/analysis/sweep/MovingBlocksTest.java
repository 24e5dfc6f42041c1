package org.loopscope.analysis.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.Interval;

class MovingBlocksTest {
    private static double[] ones(int n) {
        double[] ones = new double[n];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static double width(Interval of) {
        return of.high() - of.low();
    }

    @Test
    void blocksAreTheCubeRootOfTheTokens() {
        assertEquals(4, Bootstrap.blockLength(30));
        assertEquals(4, Bootstrap.blockLength(64), "4 · 4 · 4, not more by rounding");
        assertEquals(5, Bootstrap.blockLength(65));
        assertEquals(8, Bootstrap.blockLength(512));
        assertEquals(1, Bootstrap.blockLength(1));
    }

    @Test
    void fewTokensHaveNoInterval() {
        assertTrue(Double.isNaN(
                Bootstrap.movingBlocks(29).ratio(ones(29), ones(29)).low()));
        int[] all = new int[29];
        Arrays.fill(all, 1);
        assertTrue(
                Double.isNaN(Bootstrap.movingBlocks(29).share(all, all, false).low()));
    }

    /** 31 is no multiple of the block of 4: the last block is cut, so that every draw has 31 tokens. */
    @Test
    void everyDrawHasAsManyTokensAsTheRun() {
        Interval ones = Bootstrap.movingBlocks(31).ratio(ones(31), ones(31));
        assertEquals(new Interval(1, 1), ones);
        double[] twice = new double[31];
        Arrays.fill(twice, 2);
        // Σ of / 31 is 1 only if 31 tokens are drawn each time
        assertEquals(
                1,
                Bootstrap.movingBlocks(31).difference(twice, ones(31), ones(31)).low());
    }

    /** 64 tokens in eight runs of equal ones: they say as much as eight, and the interval must not be that of 64. */
    @Test
    void neighboursThatAreAlikeCountForLess() {
        double[] runs = new double[64];
        double[] alternating = new double[64];
        for (int i = 0; i < 64; i++) {
            runs[i] = i / 8 % 2;
            alternating[i] = i % 2;
        }
        double single = width(new Bootstrap(64).ratio(runs, ones(64)));
        double blocks = width(Bootstrap.movingBlocks(64).ratio(runs, ones(64)));
        assertTrue(blocks > 1.5 * single, blocks + " against " + single);
        // Every block of 4 has two ones where they alternate: nothing moves.
        assertEquals(new Interval(0.5, 0.5), Bootstrap.movingBlocks(64).ratio(alternating, ones(64)));
    }

    @Test
    void aShareThatIsAllOfItHasWilsonsIntervalOverBlocks() {
        int[] all = new int[64];
        Arrays.fill(all, 1);
        assertEquals(Interval.wilson(16, 16), Bootstrap.movingBlocks(64).share(all, all, false));
    }
}
