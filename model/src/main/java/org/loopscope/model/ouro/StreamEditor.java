package org.loopscope.model.ouro;

import org.loopscope.model.Intervention;
import org.loopscope.model.shape.Site;

/** Makes the changes of an intervention in the residual stream of a pass. */
final class StreamEditor implements ForwardPass.Editor {
    private final Intervention intervention;

    private StreamEditor(Intervention intervention) {
        this.intervention = intervention;
    }

    static ForwardPass.Editor of(Intervention intervention) {
        return intervention.isNone() ? NONE : new StreamEditor(intervention);
    }

    @Override
    public void layer(int step, int layer, int position, Matrix stream) {
        change(layer < 0 ? Site.stepInput(step) : Site.afterLayer(step, layer), position, stream);
    }

    @Override
    public void stepOutput(int step, int position, Matrix stream) {
        change(Site.stepOutput(step), position, stream);
    }

    @Override
    public int applications(int step) {
        return intervention.applications(step);
    }

    private void change(Site site, int position, Matrix stream) {
        if (!intervention.changes(site)) {
            return;
        }
        float[] states = new float[stream.rows() * stream.columns()];
        stream.get(0, stream.rows(), states, 0);
        intervention.change(site, position, stream.rows(), states);
        stream.put(0, stream.rows(), states, 0);
    }
}
