package org.loopscope.model.ouro;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.loopscope.model.checkpoint.OuroTensors;
import org.loopscope.model.shape.LoopConfig;

/**
 * The weights of one model, each matrix [out, in] in the checkpoint's row order, held as {@link
 * org.loopscope.model.Precision} says; norms and gate are float32 in all of them. Checkpoint names are translated here,
 * once, to what the tensors do.
 */
final class Weights implements AutoCloseable {
    private final List<WeightMatrix> owned;
    private final ReadableWeights embedding; // [V, d]
    private final WeightMatrix unembedding; // [V, d], the embedding itself when tied
    private final Matrix finalNorm; // [1, d]
    private final List<LayerWeights> layers = new ArrayList<>();
    private final float[] gate; // [d], or [0] without a gate
    private final double gateBias;

    /**
     * One layer.
     *
     * @param attentionNorm [1, d], before attention
     * @param postAttentionNorm [1, d], on what attention adds to the residual stream
     * @param mlpNorm [1, d], before the MLP
     * @param postMlpNorm [1, d], on what the MLP adds
     */
    record LayerWeights(
            Matrix attentionNorm,
            WeightMatrix query,
            WeightMatrix key,
            WeightMatrix value,
            WeightMatrix output,
            Matrix postAttentionNorm,
            Matrix mlpNorm,
            WeightMatrix gate,
            WeightMatrix up,
            WeightMatrix down,
            Matrix postMlpNorm) {}

    /** @param loaded every tensor of {@link OuroTensors#needed} by its name; belongs to this from now on */
    Weights(LoopConfig config, Map<String, WeightMatrix> loaded) {
        owned = List.copyOf(loaded.values());
        embedding = (ReadableWeights) matrix(loaded, OuroTensors.EMBEDDING);
        unembedding = config.tiedEmbeddings() ? embedding : matrix(loaded, OuroTensors.UNEMBEDDING);
        finalNorm = vector(loaded, OuroTensors.FINAL_NORM);
        gate = config.hasGate() ? numbers(loaded, OuroTensors.GATE_WEIGHT) : new float[0];
        gateBias = config.hasGate() ? numbers(loaded, OuroTensors.GATE_BIAS)[0] : Double.NaN;
        for (int layer = 0; layer < config.layers(); layer++) {
            layers.add(layer(OuroTensors.layerPrefix(layer), loaded));
        }
    }

    private static LayerWeights layer(String prefix, Map<String, WeightMatrix> loaded) {
        return new LayerWeights(
                vector(loaded, prefix + "input_layernorm.weight"),
                matrix(loaded, prefix + "self_attn.q_proj.weight"),
                matrix(loaded, prefix + "self_attn.k_proj.weight"),
                matrix(loaded, prefix + "self_attn.v_proj.weight"),
                matrix(loaded, prefix + "self_attn.o_proj.weight"),
                vector(loaded, prefix + "input_layernorm_2.weight"),
                vector(loaded, prefix + "post_attention_layernorm.weight"),
                matrix(loaded, prefix + "mlp.gate_proj.weight"),
                matrix(loaded, prefix + "mlp.up_proj.weight"),
                matrix(loaded, prefix + "mlp.down_proj.weight"),
                vector(loaded, prefix + "post_attention_layernorm_2.weight"));
    }

    private static WeightMatrix matrix(Map<String, WeightMatrix> loaded, String name) {
        return Objects.requireNonNull(loaded.get(name), name);
    }

    private static Matrix vector(Map<String, WeightMatrix> loaded, String name) {
        return (Matrix) matrix(loaded, name);
    }

    private static float[] numbers(Map<String, WeightMatrix> loaded, String name) {
        Matrix vector = vector(loaded, name);
        float[] numbers = new float[vector.columns()];
        vector.getRow(0, numbers, 0);
        return numbers;
    }

    ReadableWeights embedding() {
        return embedding;
    }

    WeightMatrix unembedding() {
        return unembedding;
    }

    Matrix finalNorm() {
        return finalNorm;
    }

    LayerWeights layer(int layer) {
        return layers.get(layer);
    }

    /** Gate logit w · h + b of the state at {@code offset}, summed in double; NaN without a gate. */
    double gateLogit(float[] states, int offset) {
        double sum = gateBias;
        for (int i = 0; i < gate.length; i++) {
            sum += (double) gate[i] * states[offset + i];
        }
        return sum;
    }

    @Override
    public void close() {
        owned.forEach(WeightMatrix::close);
    }
}
