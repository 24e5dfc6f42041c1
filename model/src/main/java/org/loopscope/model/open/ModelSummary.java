package org.loopscope.model.open;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.chat.ChatFormat;
import org.loopscope.model.checkpoint.Checkpoint;
import org.loopscope.model.checkpoint.DType;
import org.loopscope.model.shape.LoopConfig;

/**
 * What a model is, told from its configuration and the headers of its files; no weights are read.
 *
 * @param id {@code embedded}, the name in the Hugging Face cache, or the name of the folder
 * @param folder the folder it is in; empty for the embedded model
 * @param parameters number of weights, tied ones counted once
 * @param dtype type of the stored weights
 * @param weightBytes size of the stored weights
 * @param hasTokenizer whether there is a tokenizer.json; without one it is run with token ids
 * @param warnings what the user should know about it, one sentence each
 */
public record ModelSummary(
        String id,
        Optional<Path> folder,
        LoopConfig config,
        long parameters,
        DType dtype,
        long weightBytes,
        boolean hasTokenizer,
        List<String> warnings) {

    public ModelSummary {
        warnings = List.copyOf(warnings);
    }

    /**
     * The model in {@code folder}.
     *
     * @throws LoopscopeException with the reason if it could not be opened either
     */
    public static ModelSummary of(Path folder) throws LoopscopeException {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            return of(checkpoint, checkpoint.name(), Optional.of(folder));
        }
    }

    static ModelSummary of(Checkpoint c, String id, Optional<Path> folder) {
        List<String> warnings = new ArrayList<>(c.warnings());
        warnings.addAll(ChatFormat.of(c.folder(), c.config(), Optional.empty()).warnings());
        return new ModelSummary(
                id,
                folder,
                c.config(),
                c.parameterCount(),
                c.dtype(),
                c.weightBytes(),
                c.tokenizerFile().isPresent(),
                warnings);
    }
}
