package org.loopscope.model.shape;

/**
 * A place in a looped model where a run has a state of every token: what is captured, read by a lens, measured or changed.
 *
 * @param step from 1; 0 for {@link Part#PRELUDE}, which is before the loop
 * @param part which part of the step
 * @param layer from 0 within its part; −1 for a part that is no layer
 */
public record Site(int step, Part part, int layer) {
    /** The parts of a run of a {@link LoopShape}, in the order of computation. */
    public enum Part {
        /** The stream after a layer before the loop; Ouro has none. */
        PRELUDE("prelude layer "),
        /** What enters the first layer of a step. */
        INPUT("input"),
        /** The stream after a layer of the loop, before any final norm. */
        BODY("layer "),
        /** h_t: what the gate and the next step read. */
        OUTPUT("output"),
        /** The stream after a layer between a step and what it says; Ouro has none. */
        CODA("coda layer "),
        /** What the unembedding reads of a step: h_t itself where steps are normed. */
        READOUT("readout");

        private final String text;

        Part(String text) {
            this.text = text;
        }

        private boolean hasLayers() {
            return this == PRELUDE || this == BODY || this == CODA;
        }
    }

    public Site {
        if (part == Part.PRELUDE ? step != 0 : step < 1) {
            throw new IllegalArgumentException(
                    "step: want " + (part == Part.PRELUDE ? "0" : "1 or more") + ", got " + step);
        }
        if (part.hasLayers() ? layer < 0 : layer != -1) {
            throw new IllegalArgumentException(
                    "layer: want " + (part.hasLayers() ? "0 or more" : "-1") + ", got " + layer);
        }
    }

    /** The output h_t of a step: what gate and next step read and, where steps are normed, the unembedding. */
    public static Site stepOutput(int step) {
        return new Site(step, Part.OUTPUT, -1);
    }

    /** The input of a step, which the next layer reads; gate and lens of the step before do not see a change here. */
    public static Site stepInput(int step) {
        return new Site(step, Part.INPUT, -1);
    }

    /** The residual stream after {@code layer}, from 0, before any final norm. */
    public static Site afterLayer(int step, int layer) {
        return new Site(step, Part.BODY, layer);
    }

    /** What the unembedding reads of a step. */
    public static Site readout(int step) {
        return new Site(step, Part.READOUT, -1);
    }

    public boolean isStepOutput() {
        return part == Part.OUTPUT;
    }

    /** The same place one step earlier. */
    public Site earlier() {
        return new Site(step - 1, part, layer);
    }

    @Override
    public String toString() {
        return (step == 0 ? "" : "step " + step + ", ") + part.text + (part.hasLayers() ? layer : "");
    }
}
