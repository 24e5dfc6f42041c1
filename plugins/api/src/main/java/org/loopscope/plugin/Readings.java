package org.loopscope.plugin;

import java.util.List;
import java.util.Optional;
import org.loopscope.analysis.lens.GroupTrajectories;
import org.loopscope.analysis.lens.LensGrid;

/**
 * What was read from a run on request, besides what every run is asked: each is shown by the panel that knows it.
 *
 * @param layers the logit lens on every layer
 * @param tuned the same through a tuned lens
 * @param groups summed probability of token groups at the selected position, by each lens that was asked for
 */
public record Readings(Optional<LensGrid> layers, Optional<LensGrid> tuned, List<GroupTrajectories> groups) {
    /** Nothing was asked for. */
    public static final Readings NONE = new Readings(Optional.empty(), Optional.empty(), List.of());

    public Readings {
        groups = List.copyOf(groups);
    }
}
