package org.loopscope.model;

/**
 * The final norm and the unembedding W_U of one model: what turns states into next-token logits. A lens on the
 * residual stream inside a step applies {@link #finalNorm} first; a step output h_t already is normed and must not be
 * normed again.
 */
public interface Unembedding {
    /** V. */
    int vocabSize();

    /** d. */
    int hiddenSize();

    /**
     * Logits of normed states.
     *
     * @param states [rows, d], row-major, at least {@code rows * d} long; not changed
     * @param out [rows, V], row-major, at least {@code rows * V} long; overwritten
     */
    void logits(float[] states, int rows, float[] out);

    /** RMSNorm with the model's final norm weight: {@code states} [rows, d] to {@code out} [rows, d]; may be the same array. */
    void finalNorm(float[] states, int rows, float[] out);
}
