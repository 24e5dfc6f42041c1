package org.loopscope.model.ouro;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemv;

import org.bytedeco.javacpp.FloatPointer;
import org.loopscope.model.backend.PlainRowProducts;
import org.loopscope.model.backend.RowProducts;

/**
 * Products x · wᵀ on the processor. float32 weights: the BLAS that ND4J loads, called on the arrays' own memory (ND4J's
 * {@code gemm} adds only checks to the same call), or {@link RowProducts} for a single row. Packed weights: a single row
 * by {@link RowProducts}; several rows by widening some weights at a time to float32 for the BLAS, or in bfloat16
 * throughout by oneDNN.
 */
final class HostProducts {
    private static final int PANEL = 1 << 20; // numbers of widened weights: 4 MiB, to stay in the cache

    private final boolean bfloat16;
    private final RowProducts rowProducts;
    private final boolean blasRows; // whether the BLAS is faster than rowProducts for float32

    /**
     * @param bfloat16 whether products with weights held in bfloat16 round x and the result to bfloat16
     * @param rowProducts for single rows and for widening
     */
    HostProducts(boolean bfloat16, RowProducts rowProducts) {
        this.bfloat16 = bfloat16;
        this.rowProducts = rowProducts;
        this.blasRows = rowProducts instanceof PlainRowProducts;
    }

    boolean bfloat16() {
        return bfloat16;
    }

    /** {@code out = x · wᵀ}: x [rows, in], w [out, in], out [rows, out]. */
    void linear(Matrix x, WeightMatrix w, Matrix out) {
        if (w instanceof PackedMatrix packed) {
            if (bfloat16 && !packed.isInt8()) {
                Bfloat16Products.linear(x, packed, out);
            } else if (x.rows() == 1) {
                row(x, packed, out);
            } else {
                widened(x, packed, out);
            }
        } else if (w instanceof Matrix weights) {
            if (x.rows() == 1) {
                row(x, weights, out);
            } else {
                sgemm(x, weights, out.pointer(), out.columns());
            }
        }
    }

    private static void sgemm(Matrix x, Matrix w, FloatPointer out, int outputs) {
        int inputs = x.columns();
        cblas_sgemm(
                CblasRowMajor,
                CblasNoTrans,
                CblasTrans,
                x.rows(),
                w.rows(),
                inputs,
                1,
                x.pointer(),
                inputs,
                w.pointer(),
                inputs,
                0,
                out,
                outputs);
    }

    private void row(Matrix x, Matrix w, Matrix out) {
        if (blasRows) {
            int inputs = x.columns();
            cblas_sgemv(
                    CblasRowMajor,
                    CblasNoTrans,
                    w.rows(),
                    inputs,
                    1,
                    w.pointer(),
                    inputs,
                    x.pointer(),
                    1,
                    0,
                    out.pointer(),
                    1);
            return;
        }
        float[] input = new float[x.columns()];
        x.get(0, 1, input, 0);
        float[] result = new float[w.rows()];
        Parallel.forRows(
                w.rows(),
                w.columns(),
                (from, to) -> rowProducts.float32(w.bytes(), w.columns(), input, result, from, to));
        out.put(0, 1, result, 0);
    }

    private void row(Matrix x, PackedMatrix w, Matrix out) {
        float[] input = new float[x.columns()];
        x.get(0, 1, input, 0);
        float[] split = new float[w.stride()];
        RowProducts.split(input, 0, input.length, parts(w), w.stride(), split, 0);
        float[] result = new float[w.rows()];
        Parallel.forRows(w.rows(), w.stride(), (from, to) -> {
            if (w.isInt8()) {
                rowProducts.int8(w.memory(), w.stride(), w.scales(), split, result, from, to);
            } else {
                rowProducts.bfloat16(w.memory(), w.stride(), split, result, from, to);
            }
        });
        out.put(0, 1, result, 0);
    }

    private static int parts(PackedMatrix w) {
        return w.isInt8() ? RowProducts.INT8_PARTS : RowProducts.BFLOAT16_PARTS;
    }

    /** The columns of x and of the widened weights are split in the same way, which leaves the products as they are. */
    private void widened(Matrix x, PackedMatrix w, Matrix out) {
        int stride = w.stride();
        int panelRows = Math.min(w.rows(), Math.max(1, PANEL / stride));
        try (Matrix split = split(x, w);
                Matrix panel = Matrix.allocate(panelRows, stride)) {
            for (int from = 0; from < w.rows(); from += panelRows) {
                int count = Math.min(panelRows, w.rows() - from);
                widen(w, from, count, panel);
                sgemm(split, panel.rows(0, count), out.pointer(from), out.columns());
            }
        }
    }

    private static Matrix split(Matrix x, PackedMatrix w) {
        Matrix split = Matrix.allocate(x.rows(), w.stride());
        Parallel.forRows(x.rows(), w.stride(), (from, to) -> {
            float[] row = new float[x.columns()];
            float[] parted = new float[w.stride()];
            for (int r = from; r < to; r++) {
                x.get(r, 1, row, 0);
                RowProducts.split(row, 0, row.length, parts(w), w.stride(), parted, 0);
                split.put(r, 1, parted, 0);
            }
        });
        return split;
    }

    private void widen(PackedMatrix w, int first, int count, Matrix panel) {
        int stride = w.stride();
        int block = Math.max(1, (1 << 14) / stride); // rows that stay in the first caches until they are copied
        Parallel.forRows(count, stride, (from, to) -> {
            float[] rows = new float[block * stride];
            for (int r = from; r < to; r += block) {
                int some = Math.min(block, to - r);
                if (w.isInt8()) {
                    rowProducts.widenInt8(w.memory(), stride, w.scales(), first + r, first + r + some, rows);
                } else {
                    rowProducts.widenBfloat16(w.memory(), stride, first + r, first + r + some, rows);
                }
                panel.put(r, some, rows, 0);
            }
        });
    }
}
