package org.loopscope.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.loopscope.model.open.KnownModel;
import org.loopscope.model.open.ModelSummary;

/** One model as a line of the list. */
record ModelEntry(KnownModel known) {
    private static final int COLUMNS_OF_SUMMARY = 9;

    static TextTable table() {
        return new TextTable()
                .left("model")
                .right("parameters")
                .right("size")
                .left("weights")
                .right("T")
                .right("layers")
                .right("d")
                .right("vocabulary")
                .right("context")
                .left("tokenizer")
                .left("where");
    }

    List<String> cells() {
        List<String> cells = new ArrayList<>();
        cells.add(Shown.text(known.name()));
        cells.addAll(
                known.summary().map(ModelEntry::summaryCells).orElse(Collections.nCopies(COLUMNS_OF_SUMMARY, "-")));
        cells.add(known.source().label() + (known.problem().isPresent() ? ", cannot be used" : ""));
        return cells;
    }

    private static List<String> summaryCells(ModelSummary model) {
        return List.of(
                Shown.count(model.parameters()),
                Shown.bytes(model.weightBytes()),
                model.dtype().name(),
                String.valueOf(model.config().trainedSteps()),
                String.valueOf(model.config().layers()),
                String.valueOf(model.config().hiddenSize()),
                Shown.count(model.config().vocabSize()),
                Shown.count(model.config().contextLength()),
                model.hasTokenizer() ? "yes" : "no");
    }

    ObjectNode json() {
        ObjectNode json = Json.object()
                .put("model", known.name())
                .put("source", known.source().label())
                .put("folder", known.folder().map(Path::toString).orElse(null))
                .put("problem", known.problem().orElse(null));
        known.summary().ifPresent(model -> add(model, json));
        return json;
    }

    private static void add(ModelSummary model, ObjectNode json) {
        json.put("id", model.id())
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
