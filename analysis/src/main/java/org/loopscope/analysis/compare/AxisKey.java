package org.loopscope.analysis.compare;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a row or column of one run's figure is in a {@link Comparison}, so that it can be found in another run's.
 *
 * @param on what it stands for
 * @param nth from 1; the second of two equal ones belongs to the second of the other run
 */
public record AxisKey(On on, int nth) {
    /** A column or row of the alignment, or a name. */
    public sealed interface On {}

    /** A token, by its column of the {@link Alignment}. */
    public record Column(int column) implements On {}

    /**
     * A loop or one of its layers, by its row of the {@link Alignment}.
     *
     * @param layer from 0; -1 for the end of the loop
     */
    public record Row(int row, int layer) implements On {}

    /** Anything else. */
    public record Name(String name) implements On {}

    /** Keys that differ, one for each. */
    public static List<AxisKey> of(List<? extends On> things) {
        Map<On, Integer> seen = new HashMap<>();
        List<AxisKey> keys = new ArrayList<>();
        for (On thing : things) {
            keys.add(new AxisKey(thing, seen.merge(thing, 1, Integer::sum)));
        }
        return keys;
    }
}
