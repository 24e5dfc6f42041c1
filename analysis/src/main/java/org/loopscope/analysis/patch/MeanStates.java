package org.loopscope.analysis.patch;

import java.util.List;
import org.loopscope.model.Capture;
import org.loopscope.model.shape.Site;

/** The mean state of each place over all tokens of some runs, summed in double. Not safe to use from several threads. */
public final class MeanStates {
    private final List<Site> sites;
    private final double[][] sums; // [sites][d]
    private long tokens;

    public MeanStates(List<Site> sites, int hiddenSize) {
        this.sites = List.copyOf(sites);
        this.sums = new double[sites.size()][hiddenSize];
    }

    /** Adds all tokens of a run. */
    public void add(Capture capture) {
        for (int s = 0; s < sums.length; s++) {
            for (int p = 0; p < capture.length(); p++) {
                float[] state = capture.state(sites.get(s), p);
                for (int i = 0; i < state.length; i++) {
                    sums[s][i] += state[i];
                }
            }
        }
        tokens += capture.length();
    }

    /** The mean at one place, [d]. */
    public float[] mean(Site site) {
        int s = sites.indexOf(site);
        if (s < 0 || tokens == 0) {
            throw new IllegalStateException("mean state: none at " + site);
        }
        float[] mean = new float[sums[s].length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (sums[s][i] / tokens);
        }
        return mean;
    }
}
