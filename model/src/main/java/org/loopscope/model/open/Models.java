package org.loopscope.model.open;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.Precision;
import org.loopscope.model.base.CheckResult;
import org.loopscope.model.base.FolderFile;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.chat.ChatFormat;
import org.loopscope.model.check.SelfChecks;
import org.loopscope.model.checkpoint.Checkpoint;
import org.loopscope.model.checkpoint.LoopFamily;
import org.loopscope.model.embedded.EmbeddedModel;
import org.loopscope.model.hub.CachedModel;
import org.loopscope.model.hub.HubEnvironment;
import org.loopscope.model.hub.RepoId;
import org.loopscope.model.tokenizer.HuggingFaceTokenizer;
import org.loopscope.model.tokenizer.Tokenizer;
import org.loopscope.model.tokenizer.UnavailableTokenizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens models by name or folder, and finds those that are there. */
public final class Models {
    /** The name of the model that comes with the program. */
    public static final String EMBEDDED = "embedded";

    private static final Logger LOG = LoggerFactory.getLogger(Models.class);

    private Models() {}

    /**
     * Loads {@code embedded}, the model in a folder, or one of the Hugging Face cache by its name there ({@code ORG/NAME}
     * or {@code ORG/NAME@REVISION}; a folder of that name goes first). Takes seconds for a large model; the network is
     * never used. Warnings about its files go to the log. A folder without tokenizer.json gives a model without
     * tokenizer; where tokenizer.json is damaged or its library does not run here, encoding text is refused with the
     * reason and token ids still work.
     *
     * @throws LoopscopeException with one sentence if there is no such model, something in it is missing, damaged or
     *     not supported, a self-check fails, or the weights do not fit in memory
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    public static LoopedModel open(String name, RunControl control) throws LoopscopeException {
        return open(name, Precision.FLOAT32, control);
    }

    /** As {@link #open(String, RunControl)}, in another precision; refused where it cannot be had, with the reason. */
    public static LoopedModel open(String name, Precision precision, RunControl control) throws LoopscopeException {
        return open(name, precision, HubEnvironment.ofThisProcess(), control);
    }

    /** As {@link #open(String, RunControl)}, with the cache of {@code hub}. */
    public static LoopedModel open(String name, HubEnvironment hub, RunControl control) throws LoopscopeException {
        return open(name, Precision.FLOAT32, hub, control);
    }

    /** As {@link #open(String, Precision, RunControl)}, with the cache of {@code hub}. */
    public static LoopedModel open(String name, Precision precision, HubEnvironment hub, RunControl control)
            throws LoopscopeException {
        LoopedModel model = load(name, precision, hub, control);
        boolean passed = false;
        try {
            SelfChecks.requirePassed(model.info().id(), model.checks());
            passed = true;
            return model;
        } finally {
            if (!passed) {
                model.close();
            }
        }
    }

    /**
     * The self-checks of a model, also those that failed and for which {@link #open} would refuse it.
     *
     * @throws LoopscopeException if it cannot be loaded at all
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    public static List<CheckResult> check(String name, HubEnvironment hub, RunControl control)
            throws LoopscopeException {
        try (LoopedModel model = load(name, Precision.FLOAT32, hub, control)) {
            return model.checks();
        }
    }

    private static LoopedModel load(String name, Precision precision, HubEnvironment hub, RunControl control)
            throws LoopscopeException {
        Located located = locate(name, hub);
        control.checkCancelled();
        try (Checkpoint checkpoint = located.open()) {
            checkpoint
                    .warnings()
                    .forEach(warning -> LOG.warn("{}: {}", ForeignText.shown(located.id(checkpoint)), warning));
            checkpoint.requireOneUnembedding(control);
            Optional<Tokenizer> tokenizer = tokenizer(checkpoint);
            ChatFormat chat = ChatFormat.of(checkpoint.folder(), checkpoint.config(), tokenizer);
            chat.warnings().forEach(warning -> LOG.warn("{}: {}", located.id(checkpoint), warning));
            LoopFamily.Source source =
                    new LoopFamily.Source(checkpoint, located.id(checkpoint), precision, tokenizer, chat);
            LoopedModel model = checkpoint.family().load(source, control);
            boolean checked = false;
            try {
                LoopedModel withChecks = model.withChecks(SelfChecks.run(model, checkpoint, control));
                checked = true;
                return withChecks;
            } finally {
                if (!checked) {
                    model.close();
                }
            }
        }
    }

    /** A folder, what captures call the model in it (or the folder's name), and the snapshot that it is, if it is one. */
    private record Located(Path folder, Optional<String> id, Optional<CachedModel> cached) {
        Checkpoint open() throws LoopscopeException {
            Optional<String> missing = cached.flatMap(CachedModel::missing);
            if (missing.isPresent()) {
                throw new LoopscopeException(incomplete(cached.get(), missing.get()));
            }
            return Checkpoint.open(folder);
        }

        String id(Checkpoint checkpoint) {
            return id.orElseGet(checkpoint::name);
        }
    }

    private static String incomplete(CachedModel model, String missing) {
        return model.modelName() + " is not complete in the Hugging Face cache: " + missing
                + "; loopscope models download " + model.repo() + " fetches the rest.";
    }

    private static Located locate(String name, HubEnvironment hub) throws LoopscopeException {
        if (name.equals(EMBEDDED)) {
            return new Located(EmbeddedModel.folder(), Optional.of(EMBEDDED), Optional.empty());
        }
        Path folder = folder(name);
        if (!Files.exists(folder)) {
            Optional<CachedModel> cached = hub.cache().resolve(name);
            if (cached.isPresent()) {
                return new Located(cached.get().folder(), cached.map(CachedModel::modelName), cached);
            }
            if (RepoId.find(name).isPresent()) {
                throw new LoopscopeException("Model " + name
                        + ": expected a folder, or a model of the Hugging Face cache in "
                        + hub.cache().folder() + ", found neither; loopscope models download " + name + " gets it.");
            }
        }
        return new Located(folder, Optional.empty(), Optional.empty());
    }

    private static Path folder(String text) throws LoopscopeException {
        String expected = "Model: expected \"" + EMBEDDED + "\", a folder, or ORG/NAME, found ";
        if (text.isBlank()) {
            throw new LoopscopeException(expected + "an empty name.");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new LoopscopeException(expected + ForeignText.quoted(text) + ".", e);
        }
    }

    private static Optional<Tokenizer> tokenizer(Checkpoint checkpoint) {
        return checkpoint.tokenizerFile().map(file -> {
            try {
                return HuggingFaceTokenizer.load(file);
            } catch (LoopscopeException e) {
                LOG.warn("{}: {}", checkpoint.name(), e.getMessage());
                LOG.debug("{}", checkpoint.name(), e);
                return new UnavailableTokenizer(e);
            }
        });
    }

    /** What {@code name} is, without reading its weights; errors as {@link #open}. */
    public static ModelSummary summary(String name, HubEnvironment hub) throws LoopscopeException {
        Located located = locate(name, hub);
        try (Checkpoint checkpoint = located.open()) {
            Optional<Path> folder = name.equals(EMBEDDED) ? Optional.empty() : Optional.of(located.folder());
            return ModelSummary.of(checkpoint, located.id(checkpoint), folder);
        }
    }

    /**
     * The embedded model, the looped models of the Hugging Face cache, and those of {@code folders}: each a checkpoint, or a
     * folder that holds some. Reads headers only. What is there but cannot be used comes with its problem.
     */
    public static List<KnownModel> known(HubEnvironment hub, List<Path> folders) throws LoopscopeException {
        List<KnownModel> models = new ArrayList<>();
        models.add(KnownModel.usable(EMBEDDED, KnownModel.Source.EMBEDDED, summary(EMBEDDED, hub)));
        for (CachedModel cached : hub.cache().models()) {
            models.add(known(cached.modelName(), KnownModel.Source.CACHE, cached.folder(), hub));
        }
        for (Path folder : folders) {
            for (Path checkpoint : checkpoints(folder)) {
                models.add(known(checkpoint.toString(), KnownModel.Source.FOLDER, checkpoint, hub));
            }
        }
        return models;
    }

    private static KnownModel known(String name, KnownModel.Source source, Path folder, HubEnvironment hub) {
        try {
            return KnownModel.usable(name, source, summary(name, hub));
        } catch (LoopscopeException e) {
            return KnownModel.unusable(name, source, folder, String.valueOf(e.getMessage()));
        }
    }

    /** The folder itself if it is a checkpoint or holds none, else those in it. */
    private static List<Path> checkpoints(Path folder) {
        if (FolderFile.exists(folder, "config.json") || !Files.isDirectory(folder)) {
            return List.of(folder);
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(child -> FolderFile.exists(child, "config.json"))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("{} could not be read", folder, e);
            return List.of();
        }
    }
}
