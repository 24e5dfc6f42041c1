package org.loopscope.analysis;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.loopscope.model.Capture;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Unembedding;
import org.loopscope.model.shape.LoopConfig;

/** Captures and an unembedding small enough to work through by hand, or random ones for comparison with slow code. */
public final class TinyCaptures {
    private static final ModelInfo MODEL = new ModelInfo("tiny", "00", 1, "F32", "float32", "by hand");

    private TinyCaptures() {}

    public static LoopConfig config(int vocab, int d, int layers) {
        return new LoopConfig(vocab, d, d, layers, 1, 1, d, 4, 1024, 1e-6, 10_000, false, Set.of());
    }

    /** Tokens 0, 1, ... named a, b, ...; {@code hidden} [T][S * d], {@code gates} [T][S]. */
    public static Capture capture(int vocab, int d, float[][] gates, float[][] hidden) {
        int s = gates[0].length;
        return builder(vocab, d, 1, IntStream.range(0, s).map(i -> i % vocab).toArray(), gates.length)
                .states(gates, hidden)
                .build();
    }

    public static Capture.Builder builder(int vocab, int d, int layers, int[] ids, int steps) {
        List<String> texts = IntStream.of(ids).mapToObj(TinyCaptures::text).toList();
        return new Capture.Builder(MODEL, config(vocab, d, layers), RunOptions.steps(steps))
                .tokens(ids, texts, ids.length);
    }

    /** a, b, c, ... */
    public static String text(int id) {
        return String.valueOf((char) ('a' + id % 26));
    }

    /** One token a step, whose states are the rows. */
    public static Capture oneToken(float[]... states) {
        return capture(states[0].length, states[0].length, new float[states.length][1], states);
    }

    /** Random states of a random capture with layer states; step outputs are the normed stream after the last layer. */
    public static Capture random(long seed, int vocab, int d, int layers, int steps, int s) {
        Random random = new Random(seed);
        Matrix norm = new Matrix(new float[vocab][d]);
        float[][][] layerStates = new float[steps][layers + 1][];
        float[][] hidden = new float[steps][s * d];
        float[][] gates = new float[steps][s];
        for (int t = 0; t < steps; t++) {
            for (int l = 0; l <= layers; l++) {
                layerStates[t][l] = floats(random, s * d);
            }
            norm.finalNorm(layerStates[t][layers], s, hidden[t]);
            gates[t] = floats(random, s);
        }
        int[] ids = random.ints(s, 0, vocab).toArray();
        return builder(vocab, d, layers, ids, steps)
                .states(gates, hidden)
                .layerStates(layerStates)
                .build();
    }

    public static float[] floats(Random random, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** W_U written out, [V][d]; the final norm has weight 1 and no epsilon. Counts its calls. */
    public static final class Matrix implements Unembedding {
        private final float[][] weights;
        public int products;
        public int largestProduct;
        public int norms;

        public Matrix(float[]... weights) {
            this.weights = weights;
        }

        /** Logits are the state itself. */
        public static Matrix identity(int d) {
            float[][] weights = new float[d][d];
            for (int i = 0; i < d; i++) {
                weights[i][i] = 1;
            }
            return new Matrix(weights);
        }

        public static Matrix random(long seed, int vocab, int d) {
            Random random = new Random(seed);
            return new Matrix(
                    IntStream.range(0, vocab).mapToObj(v -> floats(random, d)).toArray(float[][]::new));
        }

        @Override
        public int vocabSize() {
            return weights.length;
        }

        @Override
        public int hiddenSize() {
            return weights[0].length;
        }

        @Override
        public void logits(float[] states, int rows, float[] out) {
            products++;
            largestProduct = Math.max(largestProduct, rows);
            int d = hiddenSize();
            for (int r = 0; r < rows; r++) {
                for (int v = 0; v < weights.length; v++) {
                    float sum = 0;
                    for (int i = 0; i < d; i++) {
                        sum += states[r * d + i] * weights[v][i];
                    }
                    out[r * weights.length + v] = sum;
                }
            }
        }

        @Override
        public void finalNorm(float[] states, int rows, float[] out) {
            norms++;
            int d = hiddenSize();
            for (int r = 0; r < rows; r++) {
                double squares = 0;
                for (int i = 0; i < d; i++) {
                    squares += (double) states[r * d + i] * states[r * d + i];
                }
                double scale = 1 / Math.sqrt(squares / d);
                for (int i = 0; i < d; i++) {
                    out[r * d + i] = (float) (states[r * d + i] * scale);
                }
            }
        }
    }
}
