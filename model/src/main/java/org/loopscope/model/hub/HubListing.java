package org.loopscope.model.hub;

import java.util.List;
import org.loopscope.model.shape.LoopConfig;

/**
 * What a download would fetch.
 *
 * @param revision the branch, tag or commit that was asked for
 * @param commit the commit it is, so that all files are of one state
 * @param config of the model; it is one that can be run
 * @param files those a model needs, small ones first: weights that are there imply all the others
 */
public record HubListing(RepoId repo, String revision, String commit, LoopConfig config, List<HubFile> files) {
    public HubListing {
        files = List.copyOf(files);
    }

    public long sizeBytes() {
        return files.stream().mapToLong(HubFile::sizeBytes).sum();
    }

    /** What {@link org.loopscope.model.open.Models#open} takes once it is there. */
    public String modelName() {
        return revision.equals(HubCache.MAIN) ? repo.toString() : repo + "@" + revision;
    }
}
