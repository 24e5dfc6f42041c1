package org.loopscope.analysis.lens.tuned;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.TinyCaptures;
import org.loopscope.model.Unembedding;

class ReadoutTest {
    private static final int D = 5;
    private static final int V = 7;
    private static final double EPS = 0.3; // large, so that a gradient that forgets it is wrong

    /** A random unembedding whose norm has weights and an epsilon. */
    private static final Unembedding NORMED = new Unembedding() {
        private final Unembedding plain = TinyCaptures.Matrix.random(3, V, D);

        @Override
        public int vocabSize() {
            return V;
        }

        @Override
        public int hiddenSize() {
            return D;
        }

        @Override
        public void logits(float[] states, int rows, float[] out) {
            plain.logits(states, rows, out);
        }

        @Override
        public void finalNorm(float[] states, int rows, float[] out) {
            for (int r = 0; r < rows; r++) {
                double squares = 0;
                for (int i = 0; i < D; i++) {
                    squares += (double) states[r * D + i] * states[r * D + i];
                }
                double scale = 1 / Math.sqrt(squares / D + EPS);
                for (int i = 0; i < D; i++) {
                    out[r * D + i] = (float) (states[r * D + i] * scale * (0.5 + 0.3 * i));
                }
            }
        }
    };

    @Test
    void theGradientIsThatOfFiniteDifferences() {
        Readout readout = new Readout(NORMED, EPS);
        Random random = new Random(8);
        int rows = 4;
        float[] states = TinyCaptures.floats(random, rows * D);
        float[] targets = readout.logProbabilities(TinyCaptures.floats(random, rows * D), rows);
        float[] gradient = new float[rows * D];
        readout.gradient(states, targets, rows, gradient);
        float h = 1e-2f;
        for (int i = 0; i < states.length; i++) {
            float kept = states[i];
            states[i] = kept + h;
            double above = readout.divergences(states, targets, rows)[i / D];
            states[i] = kept - h;
            double below = readout.divergences(states, targets, rows)[i / D];
            states[i] = kept;
            assertEquals((above - below) / (2 * h), gradient[i], 2e-3 * Math.max(1, Math.abs(gradient[i])), "at " + i);
        }
    }

    @Test
    void aStateThatReadsAsTheTargetHasNoDivergenceAndNoGradient() {
        Readout readout = new Readout(NORMED, EPS);
        float[] states = TinyCaptures.floats(new Random(2), D);
        float[] normed = new float[D];
        NORMED.finalNorm(states, 1, normed);
        float[] targets = readout.logProbabilities(normed, 1);
        float[] gradient = new float[D];
        assertEquals(0, readout.gradient(states, targets, 1, gradient)[0], 1e-7);
        for (float g : gradient) {
            assertEquals(0, g, 1e-6);
        }
    }

    @Test
    void divergenceByHand() {
        // Logits are the normed state; (1, 1) reads as 1/2, 1/2. Target 3/4, 1/4.
        Readout readout = new Readout(TinyCaptures.Matrix.identity(2), 0);
        float[] target = {(float) Math.log(0.75), (float) Math.log(0.25)};
        double expected = 0.75 * Math.log(0.75 / 0.5) + 0.25 * Math.log(0.25 / 0.5);
        assertEquals(expected, readout.divergences(new float[] {1, 1}, target, 1)[0], 1e-7);
    }
}
