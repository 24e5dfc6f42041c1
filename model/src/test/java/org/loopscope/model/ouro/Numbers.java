package org.loopscope.model.ouro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.loopscope.model.Capture;
import org.loopscope.model.Unembedding;

/** Comparing arrays of numbers, and reading captures as the golden sets write them. */
final class Numbers {
    private Numbers() {}

    static void assertClose(float[] expected, float[] actual, double tolerance, String what) {
        assertEquals(expected.length, actual.length, what + ": length");
        double worst = 0;
        int where = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs((double) expected[i] - actual[i]);
            if (!(difference <= worst)) { // NaN is worse than anything
                worst = difference;
                where = i;
            }
        }
        assertTrue(
                worst <= tolerance,
                what + ": largest difference " + worst + " at " + where + ", expected " + expected[where] + ", got "
                        + actual[where] + ", tolerance " + tolerance);
    }

    /** [S, V] */
    static float[] logits(Capture capture, int step, Unembedding unembedding) {
        int d = capture.config().hiddenSize();
        float[] states = new float[capture.length() * d];
        capture.hiddenStates(step, 0, capture.length(), states, 0);
        float[] logits = new float[capture.length() * unembedding.vocabSize()];
        unembedding.logits(states, capture.length(), logits);
        return logits;
    }

    /** Top token of each row of [rows, V]. */
    static int[] argmax(float[] logits, int vocabulary) {
        int[] result = new int[logits.length / vocabulary];
        for (int r = 0; r < result.length; r++) {
            float[] row = java.util.Arrays.copyOfRange(logits, r * vocabulary, (r + 1) * vocabulary);
            result[r] = Sampler.argmax(row);
        }
        return result;
    }

    /** All states of all steps, [T, S, d]. */
    static float[] hiddenStates(Capture capture) {
        int size = capture.length() * capture.config().hiddenSize();
        float[] all = new float[capture.steps() * size];
        for (int t = 1; t <= capture.steps(); t++) {
            capture.hiddenStates(t, 0, capture.length(), all, (t - 1) * size);
        }
        return all;
    }

    /** [T, L + 1, S, d] */
    static float[] layerStates(Capture capture) {
        int size = capture.length() * capture.config().hiddenSize();
        int layers = capture.config().layers();
        float[] all = new float[capture.steps() * (layers + 1) * size];
        int offset = 0;
        for (int t = 1; t <= capture.steps(); t++) {
            for (int layer = -1; layer < layers; layer++) {
                capture.layerStates(t, layer, 0, capture.length(), all, offset);
                offset += size;
            }
        }
        return all;
    }

    /** [T, S] */
    static float[] gateLogits(Capture capture) {
        float[] all = new float[capture.steps() * capture.length()];
        int i = 0;
        for (int t = 1; t <= capture.steps(); t++) {
            for (int position = 0; position < capture.length(); position++) {
                all[i++] = capture.gateLogit(t, position);
            }
        }
        return all;
    }
}
