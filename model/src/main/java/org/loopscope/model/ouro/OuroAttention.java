package org.loopscope.model.ouro;

import java.util.stream.IntStream;
import org.loopscope.model.Attention;
import org.loopscope.model.AttentionMaps;
import org.loopscope.model.Capture;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.ouro.Weights.LayerWeights;
import org.loopscope.model.shape.LoopConfig;

/**
 * Attention maps of an Ouro model from captured layer states: A = softmax(causal(rope(W_Q n) · rope(W_K n)ᵀ / √headDim)), n
 * = N1(x), x the stream that entered the layer. Products in float32 as in the pass, scores and softmax in double.
 */
final class OuroAttention implements AttentionMaps {
    private final Weights weights;
    private final LoopConfig config;
    private final Kernels kernels;
    private final Lifetime lifetime;
    private final String weightHash;

    OuroAttention(Weights weights, LoopConfig config, Kernels kernels, Lifetime lifetime, String weightHash) {
        this.weights = weights;
        this.config = config;
        this.kernels = kernels;
        this.lifetime = lifetime;
        this.weightHash = weightHash;
    }

    @Override
    public long attentionBytes(int tokens) {
        return (long) Float.BYTES * config.heads() * tokens * tokens;
    }

    @Override
    public Attention attention(Capture capture, int step, int layer, RunControl control) {
        if (!capture.model().weightHash().equals(weightHash)) {
            throw new IllegalArgumentException("attention: want a capture of this model, got one of "
                    + capture.model().id());
        }
        if (step < 1 || step > capture.steps() || layer < 0 || layer >= config.layers()) {
            throw new IllegalArgumentException("attention: want step 1 to " + capture.steps() + " and layer 0 to "
                    + (config.layers() - 1) + ", got " + step + " and " + layer);
        }
        int s = capture.length();
        float[] stream = new float[Math.multiplyExact(s, config.hiddenSize())];
        capture.layerStates(step, layer - 1, 0, s, stream, 0);
        lifetime.enter();
        try {
            LayerWeights w = weights.layer(layer);
            float[] queries = new float[s * config.heads() * config.headDim()];
            float[] keys = new float[s * config.kvHeads() * config.headDim()];
            project(stream, s, w, queries, keys);
            control.checkCancelled();
            rotate(queries, s, config.heads());
            rotate(keys, s, config.kvHeads());
            float[][] maps = new float[config.heads()][];
            for (int head = 0; head < maps.length; head++) {
                control.checkCancelled();
                maps[head] = map(queries, keys, s, head);
                control.progress("attention", head + 1, maps.length);
            }
            return new Attention(step, layer, s, maps);
        } finally {
            lifetime.leave();
        }
    }

    private void project(float[] stream, int s, LayerWeights w, float[] queries, float[] keys) {
        try (Matrix x = Matrix.allocate(s, config.hiddenSize());
                Matrix q = Matrix.allocate(s, queries.length / s);
                Matrix k = Matrix.allocate(s, keys.length / s)) {
            x.put(0, s, stream, 0);
            kernels.rmsNorm(x, w.attentionNorm(), config.normEps(), x);
            kernels.linear(x, w.query(), q);
            kernels.linear(x, w.key(), k);
            q.get(0, s, queries, 0);
            k.get(0, s, keys, 0);
        }
    }

    /** Rotary embedding of [s, heads * headDim] in place, angles as in {@link RopeTable}. */
    private void rotate(float[] x, int s, int heads) {
        int half = config.headDim() / 2;
        float[] frequencies = RopeTable.inverseFrequencies(config.headDim(), config.ropeTheta());
        for (int p = 0; p < s; p++) {
            for (int i = 0; i < half; i++) {
                float angle = p * frequencies[i];
                float cos = (float) Math.cos(angle);
                float sin = (float) Math.sin(angle);
                for (int head = 0; head < heads; head++) {
                    int at = (p * heads + head) * config.headDim() + i;
                    float a = x[at];
                    float b = x[at + half];
                    x[at] = a * cos - b * sin;
                    x[at + half] = b * cos + a * sin;
                }
            }
        }
    }

    /** Map [S * S] of one head. */
    private float[] map(float[] queries, float[] keys, int s, int head) {
        int size = config.headDim();
        int group = config.heads() / config.kvHeads();
        float[] map = new float[Math.multiplyExact(s, s)];
        IntStream.range(0, s).parallel().forEach(query -> {
            double[] score = new double[query + 1];
            int q = (query * config.heads() + head) * size;
            double largest = Double.NEGATIVE_INFINITY;
            for (int key = 0; key <= query; key++) {
                int k = (key * config.kvHeads() + head / group) * size;
                double dot = 0;
                for (int i = 0; i < size; i++) {
                    dot += (double) queries[q + i] * keys[k + i];
                }
                score[key] = dot / Math.sqrt(size);
                largest = Math.max(largest, score[key]);
            }
            double sum = 0;
            for (int key = 0; key <= query; key++) {
                score[key] = Math.exp(score[key] - largest);
                sum += score[key];
            }
            for (int key = 0; key <= query; key++) {
                map[query * s + key] = (float) (score[key] / sum);
            }
        });
        return map;
    }
}
