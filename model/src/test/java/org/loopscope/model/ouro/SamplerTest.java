package org.loopscope.model.ouro;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.model.Sampling;

class SamplerTest {
    /** Probabilities 0.05, 0.4, 0.1, 0.3, 0.15. */
    private static final float[] LOGITS = logs(0.05, 0.4, 0.1, 0.3, 0.15);

    private static float[] logs(double... probabilities) {
        float[] result = new float[probabilities.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = (float) Math.log(probabilities[i]);
        }
        return result;
    }

    private static int[] draw(Sampling sampling, float[] logits, int count) {
        Sampler sampler = new Sampler(sampling);
        int[] result = new int[count];
        for (int i = 0; i < count; i++) {
            result[i] = sampler.choose(logits);
        }
        return result;
    }

    @Test
    void greedyTakesTheLargestLogitAndOfEqualOnesTheLowestId() {
        assertEquals(1, new Sampler(Sampling.GREEDY).choose(LOGITS));
        assertEquals(1, new Sampler(Sampling.GREEDY).choose(new float[] {-2, 7, 7, 7}));
        assertEquals(0, new Sampler(Sampling.GREEDY).choose(new float[] {-0f, 0f}));
    }

    @Test
    void theSameSeedGivesTheSameTokensAndAnotherSeedOthers() {
        int[] first = draw(new Sampling(1, 1, 7), LOGITS, 200);
        assertArrayEquals(first, draw(new Sampling(1, 1, 7), LOGITS, 200));
        assertNotEquals(Arrays.toString(first), Arrays.toString(draw(new Sampling(1, 1, 8), LOGITS, 200)));
    }

    @Test
    void tokensAreDrawnAsOftenAsTheirProbabilitySays() {
        int[] counts = new int[5];
        for (int id : draw(new Sampling(1, 1, 3), LOGITS, 20_000)) {
            counts[id]++;
        }
        double[] expected = {0.05, 0.4, 0.1, 0.3, 0.15};
        for (int id = 0; id < 5; id++) {
            assertEquals(expected[id], counts[id] / 20_000.0, 0.02, "id " + id); // 0.02 is more than 5 deviations
        }
    }

    /**
     * Seeds 0 to 1,999 and others give each first, and each second, token as often as its probability says. The first token
     * was one and the same for seeds 0 to 11: χ² 5,791 with 7 degrees of freedom.
     */
    @ParameterizedTest
    @CsvSource({"0, 1", "-2000, 1", "1000000007, 1", "-9223372036854775808, 1", "0, 4294967296", "5, 31"})
    void everySeedIsASampleOfItsOwn(long from, long step) {
        double[] expected = {0.05, 0.4, 0.1, 0.3, 0.15};
        int[][] counts = new int[3][5];
        for (int i = 0; i < 2_000; i++) {
            int[] drawn = draw(new Sampling(1, 1, from + i * step), LOGITS, 3);
            for (int place = 0; place < 3; place++) {
                counts[place][drawn[place]]++;
            }
        }
        for (int place = 0; place < 3; place++) {
            double chi = 0;
            for (int id = 0; id < 5; id++) {
                double off = counts[place][id] - 2_000 * expected[id];
                chi += off * off / (2_000 * expected[id]);
            }
            assertTrue(chi < 18.5, "token " + place + ": χ² " + chi + " with 4 degrees of freedom"); // 99.9 %
        }
    }

    @Test
    void theFirstTokensOfTwelveSmallSeedsDiffer() {
        TreeSet<Integer> first = new TreeSet<>();
        for (int seed = 0; seed < 12; seed++) {
            first.add(draw(new Sampling(3, 1, seed), LOGITS, 1)[0]);
        }
        assertTrue(first.size() >= 3, first.toString());
    }

    /** In order of probability: 1 (0.4), 3 (0.3), 4 (0.15), 2 (0.1), 0 (0.05). */
    @ParameterizedTest
    @CsvSource({"0.39, 1", "0.41, 13", "0.69, 13", "0.71, 134", "0.84, 134", "0.86, 1234", "0.96, 01234", "1.0, 01234"})
    void theNucleusIsTheSmallestSetThatReachesTopP(double topP, String ids) {
        TreeSet<Integer> seen = new TreeSet<>();
        for (int id : draw(new Sampling(1, topP, 11), LOGITS, 2_000)) {
            seen.add(id);
        }
        StringBuilder text = new StringBuilder();
        seen.forEach(text::append);
        assertEquals(ids, text.toString());
    }

    @Test
    void ofEqualLogitsTheNucleusTakesTheLowestIds() {
        int[] drawn = draw(new Sampling(1, 0.5, 5), new float[] {2, 2, 2, 2}, 500);
        assertArrayEquals(
                new int[] {0, 1}, Arrays.stream(drawn).distinct().sorted().toArray());
    }

    @Test
    void temperatureDividesTheLogits() {
        int[] counts = new int[2];
        for (int id : draw(new Sampling(2, 1, 9), logs(0.9, 0.1), 20_000)) {
            counts[id]++;
        }
        assertEquals(0.75, counts[0] / 20_000.0, 0.02); // sqrt(0.9) / (sqrt(0.9) + sqrt(0.1)) = 0.75
    }

    @Test
    void aVerySmallTemperatureIsGreedy() {
        assertArrayEquals(new int[] {1, 1, 1}, draw(new Sampling(1e-300, 1, 9), LOGITS, 3));
    }

    @Test
    void theOrderOfManyRandomLogitsIsThatOfAPlainSort() {
        Random random = new Random(17);
        float[] logits = new float[1_000];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = random.nextInt(200) - 100 + (random.nextBoolean() ? 0.5f : 0);
        }
        int best = Sampler.argmax(logits);
        for (int i = 0; i < logits.length; i++) {
            assertEquals(true, logits[best] > logits[i] || (logits[best] == logits[i] && best <= i), "id " + i);
        }
        assertEquals(best, new Sampler(new Sampling(1, 1e-9, 1)).choose(logits));
    }

    @Test
    void logitsThatAreNoNumbersAreRefused() {
        Sampler sampler = new Sampler(Sampling.GREEDY);
        assertThrows(IllegalArgumentException.class, () -> sampler.choose(new float[] {1, Float.NaN}));
        assertThrows(IllegalArgumentException.class, () -> sampler.choose(new float[] {1, Float.POSITIVE_INFINITY}));
    }
}
