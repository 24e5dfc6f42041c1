package org.loopscope.model.open;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A model that can be chosen by name, or one that cannot be used and why.
 *
 * @param name what {@link Models#open} takes
 * @param source where it is
 * @param folder its files; empty for the embedded model
 * @param summary what it is; empty if it cannot be used
 * @param problem why it cannot be used, one sentence; empty if it can
 */
public record KnownModel(
        String name, Source source, Optional<Path> folder, Optional<ModelSummary> summary, Optional<String> problem) {
    /** Where a model comes from. */
    public enum Source {
        /** Part of the program. */
        EMBEDDED,
        /** The Hugging Face cache. */
        CACHE,
        /** A folder the user named. */
        FOLDER;

        /** Lower case, for lists. */
        public String label() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    static KnownModel usable(String name, Source source, ModelSummary summary) {
        return new KnownModel(name, source, summary.folder(), Optional.of(summary), Optional.empty());
    }

    static KnownModel unusable(String name, Source source, Path folder, String problem) {
        return new KnownModel(name, source, Optional.of(folder), Optional.empty(), Optional.of(problem));
    }
}
