package org.loopscope.model.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeedsTest {
    /** Ten equal classes: 99.9 % of χ² with 9 degrees of freedom lie below 27.9. */
    private static final double LIMIT = 27.9;

    private static double chiSquare(int draw, LongUnaryOperator seed) {
        int[] counts = new int[10];
        for (int i = 0; i < 2_000; i++) {
            RandomGenerator random = Seeds.random(seed.applyAsLong(i), "test");
            double u = 0;
            for (int d = 0; d < draw; d++) {
                u = random.nextDouble();
            }
            counts[(int) (10 * u)]++;
        }
        return Arrays.stream(counts)
                .mapToDouble(c -> (c - 200.0) * (c - 200) / 200)
                .sum();
    }

    /** The first number of {@code new java.util.Random(0)} to {@code Random(1999)} gives 15,000 here. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void theNumbersOfNeighbouringSeedsAreEvenlySpread(int draw) {
        assertTrue(chiSquare(draw, i -> i) < LIMIT, "0, 1, 2, …");
        assertTrue(chiSquare(draw, i -> -i - 1) < LIMIT, "−1, −2, …");
        assertTrue(chiSquare(draw, i -> Long.MAX_VALUE - i) < LIMIT, "the largest");
        assertTrue(chiSquare(draw, i -> i << 32) < LIMIT, "high bits alone");
        assertTrue(chiSquare(draw, i -> i * 0x9E3779B97F4A7C15L) < LIMIT, "steps of the generator's own constant");
    }

    /** Pearson's r of 2,000 pairs is beyond 0.074 once in a thousand. */
    @Test
    void neighbouringSeedsHaveNothingInCommon() {
        double products = 0;
        for (int i = 0; i < 2_000; i++) {
            products += (Seeds.random(i, "test").nextDouble() - 0.5)
                    * (Seeds.random(i + 1, "test").nextDouble() - 0.5);
        }
        assertEquals(0, products / 2_000 * 12, 0.074);
    }

    @Test
    void twoUsesOfASeedHaveNothingInCommon() {
        double products = 0;
        for (int i = 0; i < 2_000; i++) {
            products += (Seeds.random(i, "sampling").nextDouble() - 0.5)
                    * (Seeds.random(i, "drafts").nextDouble() - 0.5);
        }
        assertEquals(0, products / 2_000 * 12, 0.074);
    }

    /**
     * What a seed gives must never change. Computed by a script that knows SplitMix64 from its paper alone.
     */
    @ParameterizedTest
    @CsvSource({
        "0, 2580254371652639105, 7428888342417129467, 0.006551251618279852",
        "1, 2480054623130951404, 4175438632723091185, 0.5627947787189123",
        "-1, 6038591187902664463, 2110271949875605132, 0.6039591802981304",
        "42, 634999373730537124, -6349248669890486513, 0.8376679869334587",
        "9223372036854775807, 7847862745881209805, -321099262867308470, 0.34265153150518324"
    })
    void whatASeedGivesIsFixed(long seed, long first, long second, double third) {
        RandomGenerator random = Seeds.random(seed, "sampling");
        assertEquals(first, random.nextLong());
        assertEquals(second, random.nextLong());
        assertEquals(third, random.nextDouble());
    }

    @Test
    void everyOrderIsEquallyLikely() {
        int[] counts = new int[6];
        for (int i = 0; i < 6_000; i++) {
            int[] order = Seeds.shuffled(3, Seeds.random(i, "order"));
            counts[order[0] * 2 + (order[1] > order[2] ? 1 : 0)]++;
        }
        double chi = Arrays.stream(counts)
                .mapToDouble(c -> (c - 1000.0) * (c - 1000) / 1000)
                .sum();
        assertTrue(chi < 20.5, "χ² with 5 degrees of freedom: " + chi); // 99.9 %
        int[] sorted = Seeds.shuffled(50, Seeds.random(1, "order"));
        Arrays.sort(sorted);
        assertArrayEquals(IntStream.range(0, 50).toArray(), sorted);
    }

    @Test
    void wholeNumbersStayBelowTheirBound() {
        RandomGenerator random = Seeds.random(2, "test");
        boolean[] seen = new boolean[7];
        for (int i = 0; i < 1_000; i++) {
            seen[random.nextInt(7)] = true; // beyond 6 is an error
        }
        assertArrayEquals(new boolean[] {true, true, true, true, true, true, true}, seen);
        assertThrows(IllegalArgumentException.class, () -> random.nextInt(0));
    }

    @Test
    void gaussianNumbersHaveMeanZeroAndDeviationOne() {
        RandomGenerator random = Seeds.random(4, "test");
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < 20_000; i++) {
            double x = random.nextGaussian();
            sum += x;
            squares += x * x;
        }
        assertEquals(0, sum / 20_000, 0.025);
        assertEquals(1, squares / 20_000, 0.04);
    }

    @Test
    void aSampleIsDrawnBySeedAndKeepsTheOrder() {
        List<Integer> drawn = drawn(10, 4);
        assertEquals(10, drawn.size());
        assertEquals(drawn.stream().sorted().distinct().toList(), drawn);
        assertEquals(drawn, drawn(10, 4));
        assertFalse(drawn.equals(drawn(10, 5)));
        assertEquals(100, drawn(200, 0).size());
        // Over many seeds each is drawn about equally often: 400 draws of 10 of 100, expected 40, deviation 6.
        long first = IntStream.range(0, 400)
                .filter(seed -> drawn(10, seed).contains(0))
                .count();
        long last = IntStream.range(0, 400)
                .filter(seed -> drawn(10, seed).contains(99))
                .count();
        assertTrue(first > 20 && first < 60 && last > 20 && last < 60, first + " and " + last);
    }

    private static List<Integer> drawn(int n, long seed) {
        List<Integer> all = IntStream.range(0, 100).boxed().toList();
        return Seeds.sample(all, n, Seeds.random(seed, "sample"));
    }
}
