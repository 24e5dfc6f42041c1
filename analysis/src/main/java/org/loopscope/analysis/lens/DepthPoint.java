package org.loopscope.analysis.lens;

import java.util.Locale;
import java.util.OptionalInt;
import org.loopscope.analysis.table.Column;
import org.loopscope.model.RunOptions;
import org.loopscope.model.shape.LoopConfig;
import org.loopscope.model.shape.Site;

/**
 * One row of a lens: the output of a step, or the residual stream after a layer of it.
 *
 * @param step 1-based
 * @param layer 0-based, or empty for the step output
 */
public record DepthPoint(
        @Column(key = true, min = 1, max = RunOptions.MAX_STEPS, meaning = "loop step t")
        int step,

        @Column(
                key = true,
                min = 0,
                max = LoopConfig.MAX_LAYERS - 1,
                meaning = "layer after which the state is read; empty for the step output")
        OptionalInt layer) {
    public DepthPoint {
        if (step < 1) {
            throw new IllegalArgumentException("step: want 1 or more, got " + step);
        }
        if (layer.isPresent() && layer.getAsInt() < 0) {
            throw new IllegalArgumentException("layer: want 0 or more, got " + layer.getAsInt());
        }
    }

    public static DepthPoint stepOutput(int step) {
        return new DepthPoint(step, OptionalInt.empty());
    }

    public static DepthPoint layer(int step, int layer) {
        return new DepthPoint(step, OptionalInt.of(layer));
    }

    /** Where a lens reads it: after the layer, or what is unembedded of the step. */
    public Site site() {
        return layer.isPresent() ? Site.afterLayer(step, layer.getAsInt()) : Site.readout(step);
    }

    /** {@code loop 3} for a step output, {@code 3·L07} for layer 7 of step 3. */
    public String label() {
        return layer.isPresent() ? String.format(Locale.ROOT, "%d·L%02d", step, layer.getAsInt()) : "loop " + step;
    }
}
