package org.loopscope.model.ouro;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.loopscope.model.checkpoint.Bfloat16;
import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Products in bfloat16 by oneDNN, which ND4J's {@code matmul} operation calls where its native library is the build with
 * oneDNN; without it the same operation is a thousand times slower. The result has to be in 'c' order.
 */
final class Bfloat16Products {
    private static final MMulTranspose SECOND_TRANSPOSED =
            MMulTranspose.builder().transposeB(true).build();

    private Bfloat16Products() {}

    /** Whether ND4J's native library on the class path is a build with oneDNN; they exist for x86_64 processors. */
    static boolean available() {
        String folder = "/org/nd4j/linalg/cpu/nativecpu/bindings/" + Loader.getPlatform() + "-onednn/";
        return Nd4j.class.getResource(folder) != null;
    }

    /** {@code out = x · wᵀ}, with x and the result rounded to bfloat16. */
    static void linear(Matrix x, PackedMatrix w, Matrix out) {
        try (INDArray input = Matrix.create(DataType.BFLOAT16, x.rows(), w.stride());
                INDArray result = Matrix.create(DataType.BFLOAT16, x.rows(), w.rows())) {
            round(x, input, w.stride());
            Nd4j.exec(new Mmul(input, w.array(), result, SECOND_TRANSPOSED));
            widen(result, out);
        }
    }

    private static void round(Matrix x, INDArray target, int stride) {
        int columns = x.columns();
        ShortBuffer halves = shorts(target, (long) x.rows() * stride);
        IntBuffer numbers = x.bytes().asIntBuffer();
        Parallel.forRows(x.rows(), columns, (from, to) -> {
            int[] row = new int[columns];
            short[] rounded = new short[stride]; // zeros from columns on
            for (int r = from; r < to; r++) {
                numbers.get(r * columns, row);
                for (int i = 0; i < columns; i++) {
                    rounded[i] = Bfloat16.roundBits(row[i]);
                }
                halves.put(r * stride, rounded);
            }
        });
    }

    private static void widen(INDArray source, Matrix out) {
        int columns = out.columns();
        ShortBuffer halves = shorts(source, (long) out.rows() * columns);
        IntBuffer numbers = out.bytes().asIntBuffer();
        Parallel.forRows(out.rows(), columns, (from, to) -> {
            short[] row = new short[columns];
            int[] widened = new int[columns];
            for (int r = from; r < to; r++) {
                halves.get(r * columns, row);
                for (int i = 0; i < columns; i++) {
                    widened[i] = row[i] << 16;
                }
                numbers.put(r * columns, widened);
            }
        });
    }

    private static ShortBuffer shorts(INDArray array, long length) {
        BytePointer base = new BytePointer(array.data().addressPointer());
        base.capacity(Short.BYTES * length);
        ByteBuffer bytes = base.asBuffer();
        return bytes.order(ByteOrder.nativeOrder()).asShortBuffer();
    }
}
