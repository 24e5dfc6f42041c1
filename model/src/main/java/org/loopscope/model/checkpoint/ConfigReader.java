package org.loopscope.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.shape.LoopConfig;
import org.loopscope.model.shape.LoopShape;

/**
 * Reads the config.json of a looped model, and holds what families share of that. Keys that shape the weights must be there:
 * published configuration classes have defaults of another model for them. What is not computed is refused by name.
 */
public final class ConfigReader {
    private static final long MAX_FILE_BYTES = 4 << 20;
    private static final int MAX_SIZE = 1 << 20;
    private static final int MAX_HEADS = 4096;

    private final JsonFields json;
    private final List<String> warnings = new ArrayList<>();

    private ConfigReader(JsonFields json) {
        this.json = json;
    }

    /**
     * A configuration.
     *
     * @param family which models it is one of
     * @param statedType the type of the weights that the file states, if it states one
     * @param warnings one sentence for each value that was taken although the file does not give it, or contradicts itself
     */
    public record Result(LoopFamily family, LoopConfig config, Optional<DType> statedType, List<String> warnings) {
        public Result {
            warnings = List.copyOf(warnings);
        }

        /** Every tensor that the model needs, with its shape, in name order. */
        public Map<String, List<Long>> tensors() {
            return family.tensors(config);
        }
    }

    /**
     * The configuration in {@code configJson}.
     *
     * @throws LoopscopeException with file, key, expected and found, if no family claims it or it asks for something
     *     that is not supported
     */
    public static LoopConfig read(Path configJson) throws LoopscopeException {
        return readWithWarnings(configJson).config();
    }

    /** As {@link #read}, together with what the user should know about it. */
    public static Result readWithWarnings(Path configJson) throws LoopscopeException {
        return result(JsonFields.read(configJson, "a configuration", MAX_FILE_BYTES));
    }

    /** As {@link #read(Path)}, of the text of a config.json. */
    public static LoopConfig read(byte[] configJson) throws LoopscopeException {
        return result(JsonFields.parse(configJson, "config.json")).config();
    }

    private static Result result(JsonFields json) throws LoopscopeException {
        ConfigReader reader = new ConfigReader(json);
        json.warning().ifPresent(reader.warnings::add);
        LoopFamily family = LoopFamily.claiming(json);
        LoopConfig config = family.config(reader);
        Optional<DType> stated = reader.statedType();
        return new Result(family, config, stated, reader.warnings);
    }

    /** {@code num_hidden_layers}. */
    public int layers() throws LoopscopeException {
        return json.integer("num_hidden_layers", 1, LoopConfig.MAX_LAYERS);
    }

    /** The sizes of a stack of pre-norm layers with rotary attention and SwiGLU, which are the keys of Llama, in {@code shape}. */
    public LoopConfig stack(LoopShape shape) throws LoopscopeException {
        int vocabSize = json.integer("vocab_size", 1, 1 << 24);
        int hiddenSize = json.integer("hidden_size", 1, MAX_SIZE);
        int heads = json.integer("num_attention_heads", 1, MAX_HEADS);
        return new LoopConfig(
                vocabSize,
                hiddenSize,
                json.integer("intermediate_size", 1, MAX_SIZE),
                shape,
                heads,
                kvHeads(heads),
                headDim(hiddenSize, heads),
                contextLength(),
                positiveOr("rms_norm_eps", 1e-6),
                RotaryConfig.base(json, 10000.0, warnings),
                json.bool("tie_word_embeddings", false),
                eosIds(vocabSize));
    }

    /** Refuses what a plain stack of so many layers does not compute: biases, windows, other activations, quantised weights. */
    public void requirePlain(int layers) throws LoopscopeException {
        if (json.has("hidden_act") && !json.get("hidden_act").asText().equals("silu")) {
            throw json.refused("hidden_act", "\"silu\"");
        }
        for (String key : List.of("use_sliding_window", "attention_bias", "qkv_bias", "mlp_bias")) {
            if (json.bool(key, false)) {
                throw json.refused(key, "false, the only supported choice");
            }
        }
        if (json.has("quantization_config")) {
            throw json.refused("quantization_config", "none, since quantised weights are not supported");
        }
        checkLayerTypes(layers);
    }

    private void checkLayerTypes(int layers) throws LoopscopeException {
        if (!json.has("layer_types")) {
            return;
        }
        JsonNode types = json.get("layer_types");
        boolean full = types.isArray() && types.size() == layers;
        for (JsonNode type : types) {
            full &= type.asText().equals("full_attention");
        }
        if (!full) {
            throw json.refused("layer_types", "\"full_attention\" " + layers + " times");
        }
    }

    /** {@code dtype}, which transformers 5 writes, goes before {@code torch_dtype}. */
    private Optional<DType> statedType() {
        Optional<DType> first = floatType("dtype");
        Optional<DType> second = floatType("torch_dtype");
        if (first.isPresent() && second.isPresent() && !first.equals(second)) {
            warnings.add(json.file() + ": dtype is " + JsonFields.shown(json.get("dtype")) + " and torch_dtype "
                    + JsonFields.shown(json.get("torch_dtype")) + "; the weights are taken as they are stored.");
            return Optional.empty();
        }
        return first.or(() -> second);
    }

    private Optional<DType> floatType(String key) {
        return switch (json.get(key).asText().replaceFirst("^torch\\.", "")) {
            case "float32" -> Optional.of(DType.F32);
            case "float16" -> Optional.of(DType.F16);
            case "bfloat16" -> Optional.of(DType.BF16);
            default -> Optional.empty();
        };
    }

    private int kvHeads(int heads) throws LoopscopeException {
        if (!json.has("num_key_value_heads")) {
            return heads;
        }
        int kvHeads = json.integer("num_key_value_heads", 1, heads);
        if (heads % kvHeads != 0) {
            throw json.refused("num_key_value_heads", "a divisor of num_attention_heads (" + heads + ")");
        }
        return kvHeads;
    }

    private int headDim(int hiddenSize, int heads) throws LoopscopeException {
        if (!json.has("head_dim")) {
            if (hiddenSize % heads != 0 || hiddenSize / heads % 2 != 0) {
                throw json.refused(
                        "head_dim",
                        "a value, since hidden_size / num_attention_heads (" + hiddenSize + " / " + heads
                                + ") is no even number");
            }
            return hiddenSize / heads;
        }
        int headDim = json.integer("head_dim", 2, MAX_HEADS);
        if (headDim % 2 != 0) {
            throw json.refused("head_dim", "an even number, since the rotary embedding turns pairs");
        }
        return headDim;
    }

    /** T under a family's own key; {@code absent}, with a warning, where it is missing. */
    public int steps(String key, int absent) throws LoopscopeException {
        return json.has(key) ? json.integer(key, 1, LoopConfig.MAX_STEPS) : assumed(key, absent);
    }

    private int contextLength() throws LoopscopeException {
        if (!json.has("max_position_embeddings")) {
            return assumed("max_position_embeddings", 32768);
        }
        return json.integer("max_position_embeddings", 1, 1 << 24);
    }

    private double positiveOr(String key, double absent) throws LoopscopeException {
        if (!json.has(key)) {
            return assumed(key, absent);
        }
        return json.positive(key);
    }

    private <N extends Number> N assumed(String key, N value) {
        warnings.add(
                json.file() + ": " + key + " is missing; " + value + " is taken, as the published model code does.");
        return value;
    }

    private Set<Integer> eosIds(int vocabSize) throws LoopscopeException {
        Set<Integer> ids = new TreeSet<>();
        JsonNode node = json.get("eos_token_id");
        if (node.isArray()) {
            for (JsonNode id : node) {
                addEosId(id, vocabSize, ids);
            }
        } else if (!node.isMissingNode()) {
            addEosId(node, vocabSize, ids);
        }
        return ids;
    }

    private void addEosId(JsonNode id, int vocabSize, Set<Integer> ids) throws LoopscopeException {
        if (!id.isIntegralNumber()) {
            throw json.refused("eos_token_id", "a token id, a list of them, or null");
        }
        if (id.canConvertToInt() && id.asInt() >= 0 && id.asInt() < vocabSize) {
            ids.add(id.asInt());
        } else {
            warnings.add(json.file() + ": eos_token_id: expected a token id from 0 to " + (vocabSize - 1) + ", found "
                    + JsonFields.shown(id) + "; it is ignored.");
        }
    }
}
