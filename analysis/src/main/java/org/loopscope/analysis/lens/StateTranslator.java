package org.loopscope.analysis.lens;

/** What a lens does to the residual stream before the final norm and the unembedding. */
@FunctionalInterface
public interface StateTranslator {
    /** Leaves states as they are: the logit lens. */
    StateTranslator IDENTITY = (depth, states, offset, rows) -> {};

    /** Changes {@code rows} states [rows, d] of {@code depth} from {@code offset} in place. Called from one thread. */
    void translate(DepthPoint depth, float[] states, int offset, int rows);

    /** Which lens reads what this has changed: {@code logit} where it changes nothing, else {@code tuned} and a hash. */
    default String lens() {
        return "logit";
    }
}
