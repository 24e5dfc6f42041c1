package org.loopscope.model.backend;

import java.nio.ByteBuffer;
import org.slf4j.LoggerFactory;

/**
 * Loops over single rows: products with weights, which are bound by reading the weights, the widening of weights for
 * products with several rows, and what is done to rows between products. Weights are direct buffers in the processor's byte order. Packed weights are read several at a
 * time, so their x comes <em>split</em>: of p numbers to a word, the numbers 0, p, 2p, … first, then 1, p + 1, …, each
 * part {@code stride / p} long and padded with zeros ({@link #split}).
 */
public interface RowProducts {
    /** Rows of bfloat16 are read two numbers at a time, rows of int8 four. */
    int BFLOAT16_PARTS = 2;

    int INT8_PARTS = 4;

    /** {@code out[r] = Σ_i w[r, i] · x[i]} for the rows from {@code from} to {@code to}; w float32 [rows, columns]. */
    void float32(ByteBuffer w, int columns, float[] x, float[] out, int from, int to);

    /** The same for w in bfloat16 [rows, stride] and x split in two. */
    void bfloat16(ByteBuffer w, int stride, float[] x, float[] out, int from, int to);

    /** The same for w in int8 [rows, stride], each row times its scale, and x split in four. */
    void int8(ByteBuffer w, int stride, float[] scales, float[] x, float[] out, int from, int to);

    /** Rows {@code from} to {@code to} of w in bfloat16 as float32 into {@code out}, each row [stride] split in two. */
    void widenBfloat16(ByteBuffer w, int stride, int from, int to, float[] out);

    /** The same for int8, times the scales, each row split in four. */
    void widenInt8(ByteBuffer w, int stride, float[] scales, int from, int to, float[] out);

    /** {@code gate[i] = silu(gate[i]) · up[i]} for the first {@code length} numbers; silu(z) = z · σ(z). */
    void swiGlu(float[] gate, float[] up, int length);

    /**
     * Softmax of the first {@code length} numbers in place: e^(x − max) over their sum; their largest must not be NaN.
     * {@code length} ≥ 1.
     */
    void softmax(float[] x, int length);

    /** Rounds the first {@code length} numbers to bfloat16, to the nearest and ties to even. */
    void roundBfloat16(float[] x, int length, short[] out);

    /**
     * The first {@code length} numbers as sums of three in bfloat16, eight binary digits each, the upper ones first. Infinity
     * stays in the upper part and makes the others NaN.
     */
    void splitBfloat16(float[] x, int length, short[] upper, short[] middle, short[] lower);

    /** Splits the {@code columns} numbers of {@code x} from {@code offset} in {@code parts}, into {@code out} [stride]. */
    static void split(float[] x, int offset, int columns, int parts, int stride, float[] out, int outOffset) {
        int part = stride / parts;
        for (int p = 0; p < parts; p++) {
            int to = outOffset + p * part;
            int i = offset + p;
            int end = offset + columns;
            int k = 0;
            for (; i < end; i += parts) {
                out[to + k++] = x[i];
            }
            while (k < part) {
                out[to + k++] = 0;
            }
        }
    }

    /**
     * The fastest for this Java machine: on the Vector API where the module {@code jdk.incubator.vector} was added at
     * its start, else plain loops.
     */
    static RowProducts best() {
        return Best.PRODUCTS;
    }

    /** Whether {@link #best} is on the Vector API. */
    static boolean vectorised() {
        return !(Best.PRODUCTS instanceof PlainRowProducts);
    }

    /** Chosen once. */
    final class Best {
        private static final RowProducts PRODUCTS = choose();

        private Best() {}

        private static RowProducts choose() {
            if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
                return new PlainRowProducts();
            }
            try {
                return Class.forName("org.loopscope.model.backend.VectorRowProducts")
                        .asSubclass(RowProducts.class)
                        .getDeclaredConstructor()
                        .newInstance();
            } catch (ReflectiveOperationException | LinkageError e) {
                LoggerFactory.getLogger(RowProducts.class)
                        .warn("Products of single rows take plain loops: the Vector API is there but not usable", e);
                return new PlainRowProducts();
            }
        }
    }
}
