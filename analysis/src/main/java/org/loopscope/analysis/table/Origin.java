package org.loopscope.analysis.table;

import org.loopscope.model.ModelInfo;

/**
 * What rows were measured on; the last two columns of most tables.
 *
 * @param model its id
 * @param computeDtype {@link ModelInfo#computeDtype}
 */
public record Origin(
        @Column(same = true, meaning = "the model's id") String model,

        @Column(same = true, meaning = "the arithmetic it was run in")
        String computeDtype) {
    public static Origin of(ModelInfo model) {
        return new Origin(model.id(), model.computeDtype());
    }
}
