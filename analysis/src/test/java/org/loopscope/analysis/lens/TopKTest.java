package org.loopscope.analysis.lens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopKTest {
    @Test
    void equalValuesComeByAscendingIndex() {
        float[] values = {9, 1, 3, 3, 2, 3, 9};
        int[] out = {-1, -1, -1, -1, -1};
        TopK.select(values, 1, 5, 4, out, 1); // looks at 1 3 3 2 3 only
        assertArrayEquals(new int[] {-1, 1, 2, 4, 3}, out);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void agreesWithSortingEverything(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 100; run++) {
            int n = 1 + random.nextInt(60);
            int k = 1 + random.nextInt(n);
            float[] values = new float[n];
            for (int i = 0; i < n; i++) {
                values[i] = random.nextInt(8); // many ties
            }
            int[] expected = IntStream.range(0, n)
                    .boxed()
                    .sorted(Comparator.<Integer>comparingDouble(i -> -values[i]).thenComparing(i -> i))
                    .limit(k)
                    .mapToInt(Integer::intValue)
                    .toArray();
            int[] out = new int[k];
            TopK.select(values, 0, n, k, out, 0);
            assertArrayEquals(expected, out, "seed " + seed + ", run " + run);
        }
    }
}
