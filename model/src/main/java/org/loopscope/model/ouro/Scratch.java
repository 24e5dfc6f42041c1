package org.loopscope.model.ouro;

import java.util.ArrayList;
import java.util.List;
import org.loopscope.model.shape.LoopConfig;

/**
 * The arrays of one run, allocated once. All but the residual stream hold one chunk of positions: a layer works
 * through a long prompt in chunks, so memory does not grow with the width of the MLP times the length of the prompt.
 */
final class Scratch implements AutoCloseable {
    /** Positions that a layer works on at a time: enough for the matrix products' full speed. */
    static final int CHUNK = 512;

    private final List<Matrix> owned = new ArrayList<>();
    private final Matrix stream;
    private final Matrix normed;
    private final Matrix queries;
    private final Matrix attended;
    private final Matrix added;
    private final Matrix gate;
    private final Matrix up;
    private final Matrix scores;

    /** For calls of at most {@code rows} positions in a context of at most {@code capacity}. */
    Scratch(Kernels kernels, LoopConfig c, int rows, int capacity) {
        boolean complete = false;
        try {
            int chunk = Math.min(rows, CHUNK);
            int width = c.heads() * c.headDim();
            stream = allocate(kernels, rows, c.hiddenSize());
            normed = allocate(kernels, chunk, c.hiddenSize());
            queries = allocate(kernels, chunk, width);
            attended = allocate(kernels, chunk, width);
            added = allocate(kernels, chunk, c.hiddenSize());
            gate = allocate(kernels, chunk, c.intermediateSize());
            up = allocate(kernels, chunk, c.intermediateSize());
            scores = allocate(kernels, 1, kernels.attentionScratch(chunk, capacity, c.heads()));
            complete = true;
        } finally {
            if (!complete) {
                close();
            }
        }
    }

    /** Bytes that the arrays of such a run take. */
    static long bytes(Kernels kernels, LoopConfig c, int rows, int capacity) {
        long chunk = Math.min(rows, CHUNK);
        long width = (long) c.heads() * c.headDim();
        long perPosition = 2L * c.hiddenSize() + 2 * width + 2L * c.intermediateSize();
        long scores = kernels.attentionScratch((int) chunk, capacity, c.heads());
        return Float.BYTES * ((long) rows * c.hiddenSize() + chunk * perPosition + scores);
    }

    private Matrix allocate(Kernels kernels, int rows, int columns) {
        Matrix matrix = kernels.allocate(rows, columns);
        owned.add(matrix);
        return matrix;
    }

    /** Residual stream, [rows, d]. */
    Matrix stream() {
        return stream;
    }

    /** Input of a sub-layer, after its norm, [chunk, d]. */
    Matrix normed() {
        return normed;
    }

    /** Queries, [chunk, heads * headDim]. */
    Matrix queries() {
        return queries;
    }

    /** Attention's result before the output projection, [chunk, heads * headDim]. */
    Matrix attended() {
        return attended;
    }

    /** What a sub-layer adds to the stream, before its post norm, [chunk, d]. */
    Matrix added() {
        return added;
    }

    /** Gate projection of the MLP, and then its hidden layer, [chunk, m]. */
    Matrix gate() {
        return gate;
    }

    /** Up projection of the MLP, [chunk, m]. */
    Matrix up() {
        return up;
    }

    /** Attention scores, [1, n]. */
    Matrix scores() {
        return scores;
    }

    @Override
    public void close() {
        owned.forEach(Matrix::close);
    }
}
