package org.loopscope.model.ouro;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemv;

import java.util.Arrays;
import org.loopscope.model.backend.NativeThreads;
import org.loopscope.model.backend.RowProducts;

/**
 * One causal attention on the processor, in blocks of queries and as many heads at a time as the scratch memory holds:
 * scores by gemm on the heads' columns where they lie, softmax in Java, weighted values by gemm.
 */
final class HostAttention {
    private static final int BLOCK = 64; // queries
    private static final int SCRATCH = 1 << 22; // numbers, 16 MiB: scores of one block and some heads

    private final Matrix q; // [rows, heads * headDim]
    private final Matrix keys; // [tokens, kvHeads * headDim]
    private final Matrix values;
    private final int firstPosition;
    private final int headDim;
    private final Matrix scratch;
    private final Matrix out; // [rows, heads * headDim]
    private final int heads;
    private final int group; // query heads that share a key/value head
    private final float scale;

    HostAttention(Matrix q, Matrix keys, Matrix values, int firstPosition, int headDim, Matrix scratch, Matrix out) {
        this.q = q;
        this.keys = keys;
        this.values = values;
        this.firstPosition = firstPosition;
        this.headDim = headDim;
        this.scratch = scratch;
        this.out = out;
        this.heads = q.columns() / headDim;
        this.group = q.columns() / keys.columns();
        this.scale = (float) (1 / Math.sqrt(headDim));
    }

    static int scratch(int rows, int keys, int heads) {
        long one = (long) Math.min(rows, BLOCK) * keys; // at most 64 * 2^25, fits
        return (int) Math.max(one, Math.min(SCRATCH, one * heads));
    }

    void run() {
        NativeThreads.blasOnOne(this::allBlocks); // heads are shared out instead
    }

    private void allBlocks() {
        for (int block = 0; block < q.rows(); block += BLOCK) {
            int queries = Math.min(BLOCK, q.rows() - block);
            int tokens = firstPosition + block + queries; // the last query of the block sees this many
            int headsAtOnce = (int) Math.min(heads, (long) scratch.columns() / ((long) queries * tokens));
            for (int head = 0; head < heads; head += headsAtOnce) {
                attend(block, queries, tokens, head, Math.min(headsAtOnce, heads - head));
            }
        }
    }

    private void attend(int block, int queries, int tokens, int firstHead, int count) {
        long work = (long) queries * tokens * headDim / 8; // of one head, in numbers that loops in Java go through
        Parallel.forRows(count, work, (from, to) -> {
            float[] row = new float[tokens];
            for (int i = from; i < to; i++) { // one head after the other, so that its scores stay in the cache
                int offset = i * queries * tokens;
                scores(block, queries, tokens, firstHead + i, offset);
                for (int query = 0; query < queries; query++) {
                    softmax(offset + query * tokens, firstPosition + block + query + 1, row);
                }
                weightedValues(block, queries, tokens, firstHead + i, offset);
            }
        });
    }

    /** Scores [queries, tokens] of one head, before the softmax, at {@code offset} of the scratch memory. */
    private void scores(int block, int queries, int tokens, int head, long offset) {
        var query = q.pointer((long) block * q.columns() + (long) head * headDim);
        var key = keys.pointer((long) (head / group) * headDim);
        if (queries == 1) {
            cblas_sgemv(
                    CblasRowMajor,
                    CblasNoTrans,
                    tokens,
                    headDim,
                    scale,
                    key,
                    keys.columns(),
                    query,
                    1,
                    0,
                    scratch.pointer(offset),
                    1);
        } else {
            cblas_sgemm(
                    CblasRowMajor,
                    CblasNoTrans,
                    CblasTrans,
                    queries,
                    tokens,
                    headDim,
                    scale,
                    query,
                    q.columns(),
                    key,
                    keys.columns(),
                    0,
                    scratch.pointer(offset),
                    tokens);
        }
    }

    /** Softmax of {@code visible} scores from {@code start} in place; the scores after them, of later tokens, become 0. */
    private void softmax(int start, int visible, float[] row) {
        scratch.getNumbers(start, visible, row, 0);
        RowProducts.best().softmax(row, visible);
        Arrays.fill(row, visible, row.length, 0f);
        scratch.putNumbers(start, row.length, row, 0);
    }

    private void weightedValues(int block, int queries, int tokens, int head, long offset) {
        var value = values.pointer((long) (head / group) * headDim);
        var result = out.pointer((long) block * out.columns() + (long) head * headDim);
        if (queries == 1) {
            cblas_sgemv(
                    CblasRowMajor,
                    CblasTrans,
                    tokens,
                    headDim,
                    1,
                    value,
                    values.columns(),
                    scratch.pointer(offset),
                    1,
                    0,
                    result,
                    1);
        } else {
            cblas_sgemm(
                    CblasRowMajor,
                    CblasNoTrans,
                    CblasNoTrans,
                    queries,
                    headDim,
                    tokens,
                    1,
                    scratch.pointer(offset),
                    tokens,
                    value,
                    values.columns(),
                    0,
                    result,
                    out.columns());
        }
    }
}
