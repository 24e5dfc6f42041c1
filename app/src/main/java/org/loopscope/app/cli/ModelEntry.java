package org.loopscope.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.loopscope.model.ModelSummary;

/** One model as a line of the list. */
record ModelEntry(ModelSummary model) {
    /** What {@code --model} takes. */
    private String name() {
        return model.folder().map(Path::toString).orElse(model.id());
    }

    List<String> cells() {
        return List.of(
                name(),
                Shown.count(model.parameters()),
                String.format(Locale.ROOT, "%,.1f MB", model.weightBytes() / 1e6),
                model.dtype().name(),
                String.valueOf(model.config().trainedSteps()),
                String.valueOf(model.config().layers()),
                String.valueOf(model.config().hiddenSize()),
                Shown.count(model.config().vocabSize()),
                Shown.count(model.config().contextLength()),
                model.hasTokenizer() ? "yes" : "no");
    }

    ObjectNode json() {
        return Json.object()
                .put("model", name())
                .put("id", model.id())
                .put("parameters", model.parameters())
                .put("size_bytes", model.weightBytes())
                .put("checkpoint_dtype", model.dtype().name())
                .put("trained_steps", model.config().trainedSteps())
                .put("layers", model.config().layers())
                .put("hidden_size", model.config().hiddenSize())
                .put("vocab_size", model.config().vocabSize())
                .put("context_length", model.config().contextLength())
                .put("tokenizer", model.hasTokenizer())
                .set("warnings", Json.texts(model.warnings()));
    }
}
