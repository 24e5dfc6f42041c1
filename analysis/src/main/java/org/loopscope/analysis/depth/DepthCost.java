package org.loopscope.analysis.depth;

import org.loopscope.model.shape.LoopConfig;

/**
 * Arithmetic of one token, counted from the shapes. A product of n numbers with a matrix [m, n] is 2nm operations; norms,
 * RoPE, softmax, SwiGLU's elementwise part and the gate are left out (well under 1 % at d = 2048). What a run takes in
 * seconds is another matter: reading weights often costs more.
 */
public final class DepthCost {
    private DepthCost() {}

    /**
     * Floating-point operations to run one token through {@code steps} loops and one unembedding.
     *
     * @param attended tokens it attends to, itself included; a mean may be given
     */
    public static double flops(LoopConfig config, int steps, double attended) {
        return steps * loop(config, attended) + 2.0 * config.vocabSize() * config.hiddenSize();
    }

    /** One pass through the L layers: q and o [H·h, d], k and v [K·h, d], three of the MLP [f, d], scores and mixing. */
    private static double loop(LoopConfig c, double attended) {
        double d = c.hiddenSize();
        double query = (double) c.heads() * c.headDim();
        double key = (double) c.kvHeads() * c.headDim();
        double weights = 2 * d * query + 2 * d * key + 3 * d * c.intermediateSize();
        return c.layers() * (2 * weights + 4 * query * attended);
    }
}
