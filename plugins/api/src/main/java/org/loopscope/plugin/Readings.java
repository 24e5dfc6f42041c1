package org.loopscope.plugin;

import java.util.Optional;
import org.loopscope.analysis.lens.GroupTrajectories;
import org.loopscope.analysis.lens.LensGrid;

/**
 * What was read from a run on request, besides what every run is asked: each is shown by the panel that knows it.
 *
 * @param layers the logit lens on every layer
 * @param tuned the same through a tuned lens
 * @param groups summed probability of token groups at the selected position
 */
public record Readings(Optional<LensGrid> layers, Optional<LensGrid> tuned, Optional<GroupTrajectories> groups) {
    /** Nothing was asked for. */
    public static final Readings NONE = new Readings(Optional.empty(), Optional.empty(), Optional.empty());
}
