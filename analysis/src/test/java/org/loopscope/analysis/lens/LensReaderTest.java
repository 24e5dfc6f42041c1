package org.loopscope.analysis.lens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.loopscope.analysis.TinyCaptures;
import org.loopscope.analysis.TinyCaptures.Matrix;
import org.loopscope.model.Capture;
import org.loopscope.model.base.RunControl;

class LensReaderTest {
    private static final int VOCAB = 13;
    private static final int STEPS = 3;
    private static final int POSITIONS = 7;
    private static final Capture CAPTURE = TinyCaptures.random(1, VOCAB, 5, 2, STEPS, POSITIONS);
    private static final List<DepthPoint> ROWS =
            IntStream.rangeClosed(1, STEPS).mapToObj(DepthPoint::stepOutput).toList();

    /** From one row at a time, over some rows of a position, to several positions and everything at once. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 5, 6, 9, 1000})
    void theBudgetChangesTheBlocksAndNoResult(int rowsInBudget) {
        Matrix unembedding = Matrix.random(2, VOCAB, 5);
        LensReader reader = new LensReader(CAPTURE, unembedding, ROWS, 4, rowsInBudget * (long) VOCAB * Float.BYTES);
        reader.read(RunControl.none());
        assertEquals(
                Math.min(STEPS * POSITIONS, rowsInBudget < STEPS ? Math.max(1, rowsInBudget) : rowsInBudget / 3 * 3),
                unembedding.largestProduct);
        sameAsSlow(reader.grid(id -> "", ""), unembedding);
    }

    @Test
    void allStepsOfAChunkGoThroughOneProduct() {
        Matrix unembedding = Matrix.random(2, VOCAB, 5);
        new LensReader(CAPTURE, unembedding, ROWS, 4, 6L * VOCAB * Float.BYTES).read(RunControl.none());
        assertEquals(4, unembedding.products); // 7 positions, two at a time
    }

    @Test
    void progressCountsPositions() {
        List<Long> done = new ArrayList<>();
        RunControl control = RunControl.of(() -> false, (stage, now, total) -> {
            assertEquals(POSITIONS, total);
            done.add(now);
        });
        new LensReader(CAPTURE, Matrix.random(2, VOCAB, 5), ROWS, 4, 6L * VOCAB * Float.BYTES).read(control);
        assertEquals(List.of(2L, 4L, 6L, 7L), done);
    }

    @Test
    void anUnembeddingOfAnotherModelIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new LensReader(CAPTURE, Matrix.random(2, VOCAB, 6), ROWS, 4, 1 << 20));
    }

    /** The same numbers the obvious way: one distribution at a time, in double. */
    private static void sameAsSlow(LensGrid lens, Matrix unembedding) {
        for (int p = 0; p < POSITIONS; p++) {
            double[] last = distribution(unembedding, STEPS, p);
            for (int row = 0; row < STEPS; row++) {
                double[] here = distribution(unembedding, row + 1, p);
                double entropy = 0;
                double kl = 0;
                int rank = 1;
                for (int v = 0; v < VOCAB; v++) {
                    entropy -= here[v] * Math.log(here[v]);
                    kl += last[v] * Math.log(last[v] / here[v]);
                    rank += here[v] > here[lens.finalId(p)] ? 1 : 0;
                }
                assertEquals(entropy, lens.entropy(row, p), 1e-6);
                assertEquals(kl, lens.klToLast(row, p), 1e-6);
                assertEquals(rank, lens.rankOfFinal(row, p));
                if (p + 1 < POSITIONS) {
                    assertEquals(here[CAPTURE.tokenId(p + 1)], lens.probabilityOfNext(row, p), 1e-6);
                }
                int[] tracked = lens.tracked(p);
                for (int i = 0; i < tracked.length; i++) {
                    assertEquals(Math.log(here[tracked[i]]), lens.trackedLogProbability(row, p, i), 1e-5);
                    assertEquals(true, i == 0 || last[tracked[i]] <= last[tracked[i - 1]]);
                }
                int[] top = new int[4];
                for (int r = 0; r < 4; r++) {
                    top[r] = lens.topId(row, p, r);
                    assertEquals(here[top[r]], lens.topProbability(row, p, r), 1e-6);
                }
                assertArrayEquals(sorted(here, 4), top);
            }
        }
    }

    private static double[] distribution(Matrix unembedding, int step, int position) {
        float[] logits = new float[VOCAB];
        unembedding.logits(CAPTURE.hiddenState(step, position), 1, logits);
        double sum = 0;
        double[] p = new double[VOCAB];
        for (int v = 0; v < VOCAB; v++) {
            p[v] = Math.exp(logits[v]);
            sum += p[v];
        }
        for (int v = 0; v < VOCAB; v++) {
            p[v] /= sum;
        }
        return p;
    }

    private static int[] sorted(double[] p, int k) {
        return IntStream.range(0, p.length)
                .boxed()
                .sorted((a, b) -> Double.compare(p[b], p[a]))
                .limit(k)
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
