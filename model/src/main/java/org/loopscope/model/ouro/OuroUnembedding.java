package org.loopscope.model.ouro;

import org.loopscope.model.Unembedding;
import org.loopscope.model.shape.LoopConfig;

/** The unembedding of a loaded model: usable until the model is closed, by several threads. */
final class OuroUnembedding implements Unembedding {
    private static final int CHUNK = 1 << 24; // logits of one product, 64 MiB

    private final Weights weights;
    private final LoopConfig config;
    private final Kernels kernels;
    private final Lifetime lifetime;
    private final float[] finalNorm; // [d]

    OuroUnembedding(Weights weights, LoopConfig config, Kernels kernels, Lifetime lifetime) {
        this.weights = weights;
        this.config = config;
        this.kernels = kernels;
        this.lifetime = lifetime;
        this.finalNorm = new float[config.hiddenSize()];
        weights.finalNorm().get(0, 1, finalNorm, 0);
    }

    @Override
    public int vocabSize() {
        return config.vocabSize();
    }

    @Override
    public int hiddenSize() {
        return config.hiddenSize();
    }

    @Override
    public void logits(float[] states, int rows, float[] out) {
        int d = hiddenSize();
        int vocabulary = vocabSize();
        checkLength("states", states, rows, d);
        checkLength("out", out, rows, vocabulary);
        if (rows == 0) {
            return;
        }
        int chunk = Math.min(rows, Math.max(1, CHUNK / vocabulary));
        lifetime.enter();
        try (Matrix x = kernels.allocate(chunk, d);
                Matrix logits = kernels.allocate(chunk, vocabulary)) {
            for (int row = 0; row < rows; row += chunk) {
                int count = Math.min(chunk, rows - row);
                x.put(0, count, states, row * d);
                kernels.linear(x.rows(0, count), weights.unembedding(), logits.rows(0, count));
                logits.get(0, count, out, row * vocabulary);
            }
        } finally {
            lifetime.leave();
        }
    }

    @Override
    public void finalNorm(float[] states, int rows, float[] out) {
        int d = hiddenSize();
        checkLength("states", states, rows, d);
        checkLength("out", out, rows, d);
        Parallel.forRows(rows, d, (from, to) -> {
            for (int r = from; r < to; r++) {
                int start = r * d;
                float factor = HostKernels.inverseRms(states, start, d, config.normEps());
                for (int i = 0; i < d; i++) {
                    out[start + i] = states[start + i] * factor * finalNorm[i];
                }
            }
        });
    }

    private static void checkLength(String name, float[] array, int rows, int columns) {
        if (rows < 0 || array.length < (long) rows * columns) {
            throw new IllegalArgumentException(
                    name + ": want at least [" + rows + ", " + columns + "] numbers, got " + array.length);
        }
    }
}
