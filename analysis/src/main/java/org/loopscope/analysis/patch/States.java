package org.loopscope.analysis.patch;

import org.loopscope.model.Capture;
import org.loopscope.model.Intervention.Site;

/** States of a capture by place. */
final class States {
    private States() {}

    /** The state of one token, [d]; places within a step need a capture with layer states. */
    static float[] of(Capture capture, Site site, int position) {
        if (site.isStepOutput()) {
            return capture.hiddenState(site.step(), position);
        }
        float[] state = new float[capture.config().hiddenSize()];
        capture.layerStates(site.step(), site.layer(), position, 1, state, 0);
        return state;
    }

    /** The state of the same token one loop earlier; before step 1 the embedding, which needs layer states. */
    static float[] oneLoopEarlier(Capture capture, Site site, int position) {
        if (site.step() > 1) {
            Site earlier =
                    site.isStepOutput() ? Site.stepOutput(site.step() - 1) : new Site(site.step() - 1, site.layer());
            return of(capture, earlier, position);
        }
        return of(capture, Site.stepInput(1), position);
    }
}
