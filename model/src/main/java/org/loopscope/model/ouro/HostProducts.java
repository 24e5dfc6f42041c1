package org.loopscope.model.ouro;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemv;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.ShortPointer;
import org.loopscope.model.backend.NativeThreads;
import org.loopscope.model.backend.OneDnn;
import org.loopscope.model.backend.OrderedWeights;
import org.loopscope.model.backend.PlainRowProducts;
import org.loopscope.model.backend.RowProducts;
import org.loopscope.model.backend.Team;
import org.loopscope.model.base.Bfloat16;

/**
 * Products x · wᵀ on the processor. float32 weights: the BLAS that ND4J loads, called on the arrays' own memory (ND4J's
 * {@code gemm} adds only checks to the same call), or {@link RowProducts} for a few rows. Packed weights: a few rows
 * by {@link RowProducts}; more by widening some weights at a time to float32 for the BLAS. Ordered weights: by {@link
 * OneDnn}.
 */
final class HostProducts {
    private static final int PANEL = 1 << 18; // numbers of widened weights: 1 MiB, in the second cache of each core

    private static final int FEW_ROWS = 6; // up to so many are faster one by one, from a block of weights in the cache
    private static final int BLOCK_BYTES = 1 << 18; // of weights, in the second cache of each core

    private static final KeptMemory<ShortPointer> INPUTS = new KeptMemory<>(ShortPointer::new);
    private static final KeptMemory<FloatPointer> PRODUCTS = new KeptMemory<>(FloatPointer::new);

    private final boolean bfloat16;
    private final RowProducts rowProducts;
    private final boolean fastRows; // whether rowProducts are faster than the BLAS

    /**
     * @param bfloat16 whether products with weights held in bfloat16 round x to bfloat16
     * @param rowProducts for single rows and for widening
     */
    HostProducts(boolean bfloat16, RowProducts rowProducts) {
        this.bfloat16 = bfloat16;
        this.rowProducts = rowProducts;
        this.fastRows = !(rowProducts instanceof PlainRowProducts);
    }

    /** The library for weights in its own order, unless plain products are asked for. */
    Optional<OneDnn> library() {
        return fastRows ? OneDnn.instance() : Optional.empty();
    }

    /** {@link #linear} of the same x with several weights. */
    void linear(Matrix x, WeightMatrix[] w, Matrix[] out) {
        OrderedWeights[] ordered = new OrderedWeights[w.length];
        for (int i = 0; i < w.length; i++) {
            if (!(w[i] instanceof OrderedMatrix matrix)) {
                for (int k = 0; k < w.length; k++) {
                    linear(x, w[k], out[k]);
                }
                return;
            }
            ordered[i] = matrix.weights();
        }
        ordered(x, ordered, out);
    }

    /**
     * All shares of all weights, side by side. With x in float32 it is taken apart into three numbers in bfloat16, which
     * multiply the weights as three rows; their sum is the float32 product, since every such product is exact in
     * float32.
     */
    private void ordered(Matrix x, OrderedWeights[] w, Matrix[] out) {
        int parts = bfloat16 ? 1 : Bfloat16Parts.COUNT;
        int rows = parts * x.rows();
        int total = Arrays.stream(w).mapToInt(OrderedWeights::shares).sum();
        ShortPointer input = INPUTS.of((long) rows * x.columns());
        if (bfloat16) {
            Bfloat16Parts.round(x, input);
        } else {
            Bfloat16Parts.split(x, input);
        }
        Team.share(total, part -> {
            int matrix = 0;
            int share = part;
            while (share >= w[matrix].shares()) {
                share -= w[matrix++].shares();
            }
            OrderedWeights weights = w[matrix];
            Matrix result = out[matrix];
            int first = weights.first(share);
            if (parts == 1) {
                weights.multiply(share, input, rows, result.pointer(first), result.columns());
            } else {
                int columns = weights.rows(share);
                FloatPointer products = PRODUCTS.of((long) rows * columns);
                weights.multiply(share, input, rows, products, columns);
                Bfloat16Parts.add(products, columns, result, first);
            }
        });
    }

    /** {@code out = x · wᵀ}: x [rows, in], w [out, in], out [rows, out]. */
    void linear(Matrix x, WeightMatrix w, Matrix out) {
        boolean few = x.rows() == 1 || (fastRows && x.rows() <= FEW_ROWS);
        if (w instanceof PackedMatrix packed) {
            boolean rounded = bfloat16 && !packed.isInt8();
            if (few) {
                fewRows(x, packed, rounded, out);
            } else {
                widened(x, packed, rounded, out);
            }
        } else if (w instanceof OrderedMatrix matrix) {
            ordered(x, new OrderedWeights[] {matrix.weights()}, new Matrix[] {out});
        } else if (w instanceof Matrix weights) {
            if (few && fastRows) {
                fewRows(x, weights, out);
            } else if (few) {
                sgemv(x, weights, out);
            } else {
                sgemm(x, weights, out);
            }
        }
    }

    /** Each processor multiplies its shares of the weights, with a BLAS of one thread. */
    private static void sgemm(Matrix x, Matrix w, Matrix out) {
        NativeThreads.blasOnOne(() -> Parallel.forRows(
                w.rows(),
                (long) x.rows() * x.columns(),
                (from, to) -> sgemm(x, w.rows(from, to - from), out.pointer(from), out.columns())));
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

    private static void sgemv(Matrix x, Matrix w, Matrix out) {
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
    }

    /** The rows of w from one to another, times one row of x. */
    @FunctionalInterface
    private interface RowsOfWeights {
        void multiply(float[] x, float[] out, int from, int to);
    }

    private void fewRows(Matrix x, Matrix w, Matrix out) {
        ByteBuffer memory = w.bytes();
        float[][] inputs = new float[x.rows()][x.columns()];
        for (int r = 0; r < inputs.length; r++) {
            x.get(r, 1, inputs[r], 0);
        }
        fewRows(
                inputs,
                w,
                Float.BYTES * w.columns(),
                out,
                (row, result, from, to) -> rowProducts.float32(memory, w.columns(), row, result, from, to));
    }

    /** @param rounded whether x is rounded to bfloat16 */
    private void fewRows(Matrix x, PackedMatrix w, boolean rounded, Matrix out) {
        float[][] inputs = new float[x.rows()][w.stride()];
        float[] row = new float[x.columns()];
        for (int r = 0; r < inputs.length; r++) {
            x.get(r, 1, row, 0);
            if (rounded) {
                round(row);
            }
            RowProducts.split(row, 0, row.length, parts(w), w.stride(), inputs[r], 0);
        }
        boolean int8 = w.isInt8();
        fewRows(inputs, w, w.stride() * (int8 ? 1 : Short.BYTES), out, (input, result, from, to) -> {
            if (int8) {
                rowProducts.int8(w.memory(), w.stride(), w.scales(), input, result, from, to);
            } else {
                rowProducts.bfloat16(w.memory(), w.stride(), input, result, from, to);
            }
        });
    }

    private static void round(float[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Bfloat16.rounded(numbers[i]);
        }
    }

    /** Multiplies a block of weights with every row before it goes on, so that weights are read from memory once. */
    private static void fewRows(float[][] x, WeightMatrix w, int rowBytes, Matrix out, RowsOfWeights weights) {
        int rows = x.length;
        int block = rows == 1 ? w.rows() : Math.max(4, BLOCK_BYTES / rowBytes);
        float[][] results = new float[rows][w.rows()];
        Parallel.forRows(w.rows(), (long) rows * w.columns(), (from, to) -> {
            for (int start = from; start < to; start += block) {
                int end = Math.min(to, start + block);
                for (int r = 0; r < rows; r++) {
                    weights.multiply(x[r], results[r], start, end);
                }
            }
        });
        for (int r = 0; r < rows; r++) {
            out.put(r, 1, results[r], 0);
        }
    }

    private static int parts(PackedMatrix w) {
        return w.isInt8() ? RowProducts.INT8_PARTS : RowProducts.BFLOAT16_PARTS;
    }

    /**
     * Each processor widens and multiplies its share of the weights. The columns of x and of the widened weights are split
     * in the same way, which leaves the products as they are.
     */
    private void widened(Matrix x, PackedMatrix w, boolean rounded, Matrix out) {
        int panelRows = Math.max(1, PANEL / w.stride());
        int panels = (w.rows() + panelRows - 1) / panelRows;
        try (Matrix split = split(x, w, rounded)) {
            NativeThreads.blasOnOne(() -> Parallel.forRows(panels, (long) panelRows * w.stride(), (from, to) -> {
                try (Matrix panel = Matrix.allocate(panelRows, w.stride())) {
                    for (int p = from; p < to; p++) {
                        int first = p * panelRows;
                        Matrix rows = panel.rows(0, Math.min(panelRows, w.rows() - first));
                        widen(w, first, rows);
                        sgemm(split, rows, out.pointer(first), out.columns());
                    }
                }
            }));
        }
    }

    private static Matrix split(Matrix x, PackedMatrix w, boolean rounded) {
        Matrix split = Matrix.allocate(x.rows(), w.stride());
        Parallel.forRows(x.rows(), w.stride(), (from, to) -> {
            float[] row = new float[x.columns()];
            float[] parted = new float[w.stride()];
            for (int r = from; r < to; r++) {
                x.get(r, 1, row, 0);
                if (rounded) {
                    round(row);
                }
                RowProducts.split(row, 0, row.length, parts(w), w.stride(), parted, 0);
                split.put(r, 1, parted, 0);
            }
        });
        return split;
    }

    private void widen(PackedMatrix w, int first, Matrix panel) {
        int stride = w.stride();
        int block = Math.max(1, (1 << 14) / stride); // rows that stay in the first caches until they are copied
        float[] rows = new float[block * stride];
        for (int r = 0; r < panel.rows(); r += block) {
            int some = Math.min(block, panel.rows() - r);
            if (w.isInt8()) {
                rowProducts.widenInt8(w.memory(), stride, w.scales(), first + r, first + r + some, rows);
            } else {
                rowProducts.widenBfloat16(w.memory(), stride, first + r, first + r + some, rows);
            }
            panel.put(r, some, rows, 0);
        }
    }
}
