package org.loopscope.model.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.loopscope.model.shape.LoopConfig;

/** Names and shapes of the tensors of an Ouro checkpoint, as the published model code calls them. */
public final class OuroTensors {
    public static final String EMBEDDING = "model.embed_tokens.weight"; // [V, d]
    public static final String FINAL_NORM = "model.norm.weight"; // [d]
    public static final String GATE_WEIGHT = "model.early_exit_gate.weight"; // [1, d]
    public static final String GATE_BIAS = "model.early_exit_gate.bias"; // [1]
    public static final String UNEMBEDDING = "lm_head.weight"; // [V, d]; absent or ignored when embeddings are tied

    private OuroTensors() {}

    /** What comes before the name of every tensor of {@code layer} (0-based). */
    public static String layerPrefix(int layer) {
        return "model.layers." + layer + ".";
    }

    /** Every tensor that a model of this configuration needs, with its shape, in name order. */
    public static Map<String, List<Long>> needed(LoopConfig c) {
        long d = c.hiddenSize();
        Map<String, List<Long>> shapes = new TreeMap<>();
        shapes.put(EMBEDDING, List.of((long) c.vocabSize(), d));
        shapes.put(FINAL_NORM, List.of(d));
        if (c.hasGate()) {
            shapes.put(GATE_WEIGHT, List.of(1L, d));
            shapes.put(GATE_BIAS, List.of(1L));
        }
        if (!c.tiedEmbeddings()) {
            shapes.put(UNEMBEDDING, List.of((long) c.vocabSize(), d));
        }
        for (int layer = 0; layer < c.layers(); layer++) {
            putLayer(c, layerPrefix(layer), shapes);
        }
        return shapes;
    }

    private static void putLayer(LoopConfig c, String prefix, Map<String, List<Long>> shapes) {
        long d = c.hiddenSize();
        long queries = (long) c.heads() * c.headDim();
        long keys = (long) c.kvHeads() * c.headDim();
        long width = c.intermediateSize();
        shapes.put(prefix + "self_attn.q_proj.weight", List.of(queries, d));
        shapes.put(prefix + "self_attn.k_proj.weight", List.of(keys, d));
        shapes.put(prefix + "self_attn.v_proj.weight", List.of(keys, d));
        shapes.put(prefix + "self_attn.o_proj.weight", List.of(d, queries));
        shapes.put(prefix + "mlp.gate_proj.weight", List.of(width, d));
        shapes.put(prefix + "mlp.up_proj.weight", List.of(width, d));
        shapes.put(prefix + "mlp.down_proj.weight", List.of(d, width));
        shapes.put(prefix + "input_layernorm.weight", List.of(d));
        shapes.put(prefix + "input_layernorm_2.weight", List.of(d));
        shapes.put(prefix + "post_attention_layernorm.weight", List.of(d));
        shapes.put(prefix + "post_attention_layernorm_2.weight", List.of(d));
    }
}
