package org.loopscope.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.Precision;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.chat.ChatFormat;
import org.loopscope.model.shape.LoopConfig;
import org.loopscope.model.tokenizer.Tokenizer;

/**
 * A kind of looped model that is published as checkpoints: which config.json are its own, what they say, which tensors belong
 * to them, and who computes with those. Adding one is a package with an implementation, and a line with its name in {@code
 * META-INF/services/org.loopscope.model.checkpoint.LoopFamily}; nothing else asks which families there are.
 *
 * <p>What the next ones say here, beside their keys and tensors:
 *
 * <ul>
 *   <li>Nanbeige: {@link org.loopscope.model.shape.LoopShape#withoutGate}; with {@code skip_loop_final_norm} its steps are not normed, and the
 *       run gives {@link org.loopscope.model.Capture.Builder#readouts} beside h_t.
 *   <li>Huginn and models retrofitted like it: a prelude and a coda, steps that are not normed, no gate. Its readouts are the
 *       coda's outputs for all tokens at that step: the coda attends, so no row can be read alone. The input of step 1 is
 *       noise of the seed of {@link org.loopscope.model.RunOptions#sampling}, which captures and sets keep. {@link #ignores}
 *       knows its {@code freqs_cis}, {@link #wouldMiss} its {@code transformer.} names.
 *   <li>What a KV cache takes, in loops, prelude and coda, is the model's: {@link LoopedModel#cacheBytes}.
 * </ul>
 */
public interface LoopFamily {
    /**
     * What a model is loaded from.
     *
     * @param checkpoint open while it is loaded, not longer
     * @param id what captures call the model
     */
    record Source(
            Checkpoint checkpoint, String id, Precision precision, Optional<Tokenizer> tokenizer, ChatFormat chat) {}

    /** What sentences call one, such as {@code an Ouro model}. */
    String title();

    /** The name in {@code architectures} of its config.json. */
    String architecture();

    /** The {@code model_type} of its config.json. */
    String modelType();

    /**
     * What config.json says.
     *
     * @throws LoopscopeException with file, key, expected and found, for what is not computed here
     */
    LoopConfig config(ConfigReader reader) throws LoopscopeException;

    /** Every tensor that such a model needs, with its shape, in name order. */
    Map<String, List<Long>> tensors(LoopConfig config);

    /** Name of the embedding, which also unembeds when the two are tied. */
    default String embedding() {
        return "model.embed_tokens.weight";
    }

    /** Name of the unembedding; absent, or a copy, when it is tied. */
    default String unembedding() {
        return "lm_head.weight";
    }

    /** Whether a tensor that is not needed is known to mean nothing: old buffers, a second copy of tied embeddings. */
    default boolean ignores(String tensor, LoopConfig config) {
        return tensor.endsWith("rotary_emb.inv_freq") || (tensor.equals(unembedding()) && config.tiedEmbeddings());
    }

    /** Whether a tensor that is not needed should be: leaving it out would give other numbers than its model. */
    default boolean wouldMiss(String tensor) {
        return tensor.startsWith("model.layers.")
                || (tensor.endsWith(".bias") && (tensor.startsWith("model.") || tensor.startsWith("lm_head.")));
    }

    /**
     * Reads the weights; takes seconds for a large model.
     *
     * @throws LoopscopeException if they cannot be read or run here, or do not fit in memory, with the numbers
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled; nothing stays allocated
     */
    LoopedModel load(Source source, RunControl control) throws LoopscopeException;

    /** Those that are on the class path. */
    static List<LoopFamily> all() {
        return ServiceLoader.load(LoopFamily.class, LoopFamily.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /**
     * The family of a config.json.
     *
     * @throws LoopscopeException with key, expected and found, if no family claims it
     */
    static LoopFamily claiming(JsonFields json) throws LoopscopeException {
        JsonNode names = json.get("architectures");
        boolean named = !names.isEmpty() || names.isValueNode();
        List<LoopFamily> left = all();
        if (named) {
            left = those(left, json, "architectures", f -> "[\"" + f.architecture() + "\"]", f -> names.valueStream()
                    .anyMatch(name -> name.asText().equals(f.architecture())));
        }
        if (json.has("model_type") || !named) {
            String type = json.get("model_type").asText();
            left = those(left, json, "model_type", f -> "\"" + f.modelType() + "\"", f -> type.equals(f.modelType()));
        }
        return left.get(0);
    }

    private static List<LoopFamily> those(
            List<LoopFamily> left,
            JsonFields json,
            String key,
            Function<LoopFamily, String> stated,
            Predicate<LoopFamily> fits)
            throws LoopscopeException {
        List<LoopFamily> found = left.stream().filter(fits).toList();
        if (found.isEmpty()) {
            throw json.refused(key, left.stream().map(stated).collect(Collectors.joining(" or ")));
        }
        return found;
    }
}
