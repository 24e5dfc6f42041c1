package org.loopscope.model.hub;

import java.nio.file.Path;
import java.util.Optional;

/**
 * One snapshot of a model in the cache.
 *
 * @param repo the repository it is of
 * @param revision the branch or tag that points to it, the commit where none does; {@code main} first
 * @param folder the snapshot
 * @param missing what is not there yet, in words, if a download did not end
 */
public record CachedModel(RepoId repo, String revision, Path folder, Optional<String> missing) {
    /** What {@link org.loopscope.model.open.Models#open} takes: {@code ORG/NAME}, with {@code @REVISION} unless it is main. */
    public String modelName() {
        return revision.equals(HubCache.MAIN) ? repo.toString() : repo + "@" + revision;
    }
}
