package org.loopscope.analysis.patch;

import java.util.ArrayList;
import java.util.List;
import org.loopscope.model.shape.LoopConfig;
import org.loopscope.model.shape.Site;

/**
 * How pairs are patched.
 *
 * @param steps T of all runs
 * @param layers whether the stream after every layer is patched, rather than the output of every step
 * @param source what takes the place of a state
 * @param noise for {@link PatchSource#NOISE}: standard deviation as a multiple of the state's root mean square
 * @param seed of the noise
 */
public record PatchSettings(int steps, boolean layers, PatchSource source, double noise, long seed) {
    public PatchSettings {
        if (steps < 1) {
            throw new IllegalArgumentException("steps: want 1 or more, got " + steps);
        }
        if (!(noise > 0 && noise < 1e6)) {
            throw new IllegalArgumentException("noise: want a finite number above 0, got " + noise);
        }
    }

    /** Step outputs of the clean prompt into the corrupted run. */
    public static PatchSettings steps(int steps) {
        return new PatchSettings(steps, false, PatchSource.CLEAN, 1, 0);
    }

    /** The places that are patched, one after the other, in the order of computation. */
    public List<Site> sites(LoopConfig config) {
        List<Site> sites = new ArrayList<>();
        for (int t = 1; t <= steps; t++) {
            for (int l = 0; layers && l < config.layers(); l++) {
                sites.add(Site.afterLayer(t, l));
            }
            if (!layers) {
                sites.add(Site.stepOutput(t));
            }
        }
        return sites;
    }
}
