package org.loopscope.model.ouro;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.checkpoint.DType;
import org.loopscope.model.checkpoint.OuroTensors;
import org.loopscope.model.checkpoint.SafetensorsWriter;
import org.loopscope.model.shape.LoopConfig;

/**
 * A checkpoint of any shape with random weights of a seed, scaled like trained ones: projections N(0, 1/in), pre norms
 * around 1, post norms around 0.3, so that attention, steps and gate all matter and states stay of moderate size.
 */
final class RandomCheckpoint {
    final LoopConfig config;
    final Map<String, float[]> tensors = new TreeMap<>();

    RandomCheckpoint(LoopConfig config, long seed) {
        this.config = config;
        Random random = new Random(seed);
        OuroTensors.needed(config).forEach((name, shape) -> tensors.put(name, values(name, shape, random)));
    }

    /** A shape whose sizes have no common factor unless they must. */
    static LoopConfig config(int vocabulary, int d, int m, int layers, int heads, int kvHeads, int headDim) {
        return new LoopConfig(
                vocabulary, d, m, layers, heads, kvHeads, headDim, 4, 4096, 1e-6, 10_000, false, Set.of());
    }

    private static float[] values(String name, List<Long> shape, Random random) {
        int size = 1;
        for (long dimension : shape) {
            size *= (int) dimension;
        }
        double mean = shape.size() > 1 || name.endsWith("bias") ? 0 : name.endsWith("_2.weight") ? 0.3 : 1;
        double deviation = shape.size() == 1 ? 0.1 : 1 / Math.sqrt(shape.get(1));
        if (name.equals(OuroTensors.EMBEDDING)) {
            deviation = 1;
        }
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (mean + deviation * random.nextGaussian());
        }
        return values;
    }

    /** Writes config.json and model.safetensors to {@code folder}. */
    Path write(Path folder) throws LoopscopeException {
        return write(folder, DType.F32);
    }

    /** The same with weights of {@code dtype}, F32 or BF16, to which they are rounded. */
    Path write(Path folder, DType dtype) throws LoopscopeException {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("config.json"), json());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SafetensorsWriter writer = new SafetensorsWriter();
        OuroTensors.needed(config).forEach((name, shape) -> {
            float[] values = tensors.get(name);
            int columns = shape.get(shape.size() - 1).intValue();
            SafetensorsWriter.FloatRows source = (first, rows, out) ->
                    System.arraycopy(values, Math.toIntExact(first * columns), out, 0, rows * columns);
            long[] sizes = shape.stream().mapToLong(Long::longValue).toArray();
            if (dtype == DType.BF16) {
                writer.bfloat16(name, source, sizes);
            } else {
                writer.floats(name, source, sizes);
            }
        });
        writer.write(folder.resolve("model.safetensors"), RunControl.none());
        return folder;
    }

    /** Writes it to {@code folder} and loads it. */
    OuroModel load(Path folder, Kernels kernels) throws LoopscopeException {
        return GoldenSet.load(write(folder), kernels);
    }

    private String json() {
        ObjectNode node = new ObjectMapper().createObjectNode();
        node.put("model_type", "ouro").put("hidden_act", "silu").put("torch_dtype", "float32");
        node.put("vocab_size", config.vocabSize()).put("hidden_size", config.hiddenSize());
        node.put("intermediate_size", config.intermediateSize()).put("num_hidden_layers", config.layers());
        node.put("num_attention_heads", config.heads()).put("num_key_value_heads", config.kvHeads());
        node.put("head_dim", config.headDim()).put("total_ut_steps", config.trainedSteps());
        node.put("max_position_embeddings", config.contextLength()).put("rms_norm_eps", config.normEps());
        node.put("rope_theta", config.ropeTheta()).put("tie_word_embeddings", config.tiedEmbeddings());
        node.putArray("architectures").add("OuroForCausalLM");
        return node.toString();
    }

    @Override
    public String toString() {
        return config.toString();
    }
}
