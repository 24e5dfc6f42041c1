package org.loopscope.model;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.loopscope.model.checkpoint.Checkpoint;
import org.loopscope.model.embedded.EmbeddedModel;
import org.loopscope.model.ouro.OuroModel;
import org.loopscope.model.tokenizer.HuggingFaceTokenizer;
import org.loopscope.model.tokenizer.UnavailableTokenizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens models by name or folder. */
public final class Models {
    /** The name of the model that comes with the program. */
    public static final String EMBEDDED = "embedded";

    private static final Logger LOG = LoggerFactory.getLogger(Models.class);

    private Models() {}

    /**
     * Loads {@code embedded}, or the model in a folder. Takes seconds for a large model. Warnings about its files go to
     * the log. A folder without tokenizer.json gives a model without tokenizer; where tokenizer.json is damaged or its
     * library does not run here, encoding text is refused with the reason and token ids still work.
     *
     * @throws LoopscopeException with one sentence if there is no such folder, something in it is missing, damaged or
     *     not supported, or the weights do not fit in memory
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    public static LoopedModel open(String nameOrFolder, RunControl control) throws LoopscopeException {
        boolean embedded = nameOrFolder.equals(EMBEDDED);
        Path folder = embedded ? EmbeddedModel.folder() : folder(nameOrFolder);
        control.checkCancelled();
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            checkpoint.warnings().forEach(warning -> LOG.warn("{}: {}", checkpoint.name(), warning));
            String id = embedded ? EMBEDDED : checkpoint.name();
            return OuroModel.load(checkpoint, tokenizer(checkpoint), id, control);
        }
    }

    private static Path folder(String text) throws LoopscopeException {
        if (text.isBlank()) {
            throw new LoopscopeException("Model: expected \"" + EMBEDDED + "\" or a folder, found an empty name.");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new LoopscopeException(
                    "Model: expected \"" + EMBEDDED + "\" or a folder, found \"" + text + "\".", e);
        }
    }

    private static Optional<Tokenizer> tokenizer(Checkpoint checkpoint) {
        return checkpoint.tokenizerFile().map(file -> {
            try {
                return HuggingFaceTokenizer.load(file);
            } catch (LoopscopeException e) {
                LOG.warn("{}: {}", checkpoint.name(), e.getMessage(), e);
                return new UnavailableTokenizer(e);
            }
        });
    }

    /** What {@code nameOrFolder} is, without reading its weights; errors as {@link #open}. */
    public static ModelSummary summary(String nameOrFolder) throws LoopscopeException {
        if (!nameOrFolder.equals(EMBEDDED)) {
            return ModelSummary.of(folder(nameOrFolder));
        }
        try (Checkpoint checkpoint = Checkpoint.open(EmbeddedModel.folder())) {
            return ModelSummary.of(checkpoint, EMBEDDED, Optional.empty());
        }
    }

    /** The models that need no folder to be chosen: the embedded one. */
    public static List<ModelSummary> known() throws LoopscopeException {
        return List.of(summary(EMBEDDED));
    }
}
