package org.loopscope.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.loopscope.model.LoopConfig;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.checkpoint.Checkpoint;

/**
 * One model of the list.
 *
 * @param name what {@code --model} takes
 * @param sizeBytes of the stored weights
 * @param tokenizer whether it reads text, or token ids only
 */
record ModelEntry(
        String name, LoopConfig config, long parameters, long sizeBytes, String dtype, boolean tokenizer) {

    static ModelEntry read(String name, Path folder) throws LoopscopeException {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            return new ModelEntry(
                    name,
                    checkpoint.config(),
                    checkpoint.parameterCount(),
                    checkpoint.weightBytes(),
                    checkpoint.dtype().name(),
                    checkpoint.tokenizerFile().isPresent());
        }
    }

    List<String> cells() {
        return List.of(
                name,
                Shown.count(parameters),
                megabytes(),
                dtype,
                String.valueOf(config.trainedSteps()),
                String.valueOf(config.layers()),
                String.valueOf(config.hiddenSize()),
                Shown.count(config.vocabSize()),
                Shown.count(config.contextLength()),
                tokenizer ? "yes" : "no");
    }

    private String megabytes() {
        return String.format(Locale.ROOT, "%,.1f MB", sizeBytes / 1e6);
    }

    ObjectNode json() {
        return Json.object()
                .put("model", name)
                .put("parameters", parameters)
                .put("size_bytes", sizeBytes)
                .put("checkpoint_dtype", dtype)
                .put("trained_steps", config.trainedSteps())
                .put("layers", config.layers())
                .put("hidden_size", config.hiddenSize())
                .put("vocab_size", config.vocabSize())
                .put("context_length", config.contextLength())
                .put("tokenizer", tokenizer);
    }
}
