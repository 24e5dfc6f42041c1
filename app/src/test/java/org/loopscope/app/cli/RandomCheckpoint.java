package org.loopscope.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.checkpoint.ConfigReader;
import org.loopscope.model.checkpoint.OuroTensors;
import org.loopscope.model.checkpoint.SafetensorsWriter;
import org.loopscope.model.shape.LoopConfig;

/** A tiny checkpoint folder with random weights and no tokenizer. */
public final class RandomCheckpoint {
    public static final int VOCABULARY = 11;
    public static final int CONTEXT = 16;

    private RandomCheckpoint() {}

    public static Path write(Path folder) throws IOException, LoopscopeException {
        return write(folder, Map.of());
    }

    /** With NaN as the first number of {@code tensor}: a model that is refused when it is opened. */
    public static Path writeDamaged(Path folder, String tensor) throws IOException, LoopscopeException {
        return write(folder, Map.of(tensor, out -> out[0] = Float.NaN));
    }

    /**
     * All weights are finite, yet the state of the last token of the vocabulary overflows in the first layer: what
     * attention adds there is scaled up to the size of its embedding, the largest float.
     */
    public static Path writeWithStateThatOverflows(Path folder) throws IOException, LoopscopeException {
        return write(
                folder,
                Map.of(
                        OuroTensors.EMBEDDING,
                        out -> out[8 * (VOCABULARY - 1)] = Float.MAX_VALUE,
                        "model.layers.0.input_layernorm_2.weight",
                        out -> out[0] = -1e38f));
    }

    /** All weights are finite, yet the logit of token 0 overflows for states whose last number is above 1. */
    public static Path writeWithLogitThatOverflows(Path folder) throws IOException, LoopscopeException {
        return write(folder, Map.of(OuroTensors.UNEMBEDDING, out -> out[7] = Float.MAX_VALUE));
    }

    /** A change of the numbers of one tensor, row-major. */
    @FunctionalInterface
    private interface Change {
        void apply(float[] out);
    }

    private static Path write(Path folder, Map<String, Change> changes) throws IOException, LoopscopeException {
        Files.createDirectories(folder);
        Path configFile = folder.resolve("config.json");
        Files.writeString(configFile, """
                {"architectures": ["OuroForCausalLM"], "model_type": "ouro", "vocab_size": 11, "hidden_size": 8,
                 "intermediate_size": 12, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 2,
                 "head_dim": 4, "rms_norm_eps": 1e-6, "rope_theta": 10000.0, "total_ut_steps": 3,
                 "tie_word_embeddings": false, "hidden_act": "silu", "max_position_embeddings": 16, "eos_token_id": 0}
                """);
        LoopConfig config = ConfigReader.read(configFile);
        Random random = new Random(7);
        SafetensorsWriter writer = new SafetensorsWriter();
        OuroTensors.needed(config)
                .forEach((name, shape) -> writer.floats(
                        name,
                        (firstRow, rows, out) -> {
                            int rowLength = (int) (long) shape.get(shape.size() - 1);
                            for (int i = 0; i < rows * rowLength; i++) {
                                out[i] = name.contains("norm") ? 1f : (float) (0.4 * random.nextGaussian());
                            }
                            if (firstRow == 0 && changes.containsKey(name)) {
                                changes.get(name).apply(out);
                            }
                        },
                        shape.stream().mapToLong(Long::longValue).toArray()));
        writer.write(folder.resolve("model.safetensors"), RunControl.none());
        return folder;
    }
}
