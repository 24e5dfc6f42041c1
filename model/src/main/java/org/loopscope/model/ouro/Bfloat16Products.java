package org.loopscope.model.ouro;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.loopscope.model.backend.NativeThreads;
import org.loopscope.model.checkpoint.Bfloat16;
import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Products in bfloat16 by oneDNN, which ND4J's {@code matmul} operation calls where its native library is the build with
 * oneDNN; without it the same operation is a thousand times slower. The result has to be in 'c' order.
 */
final class Bfloat16Products {
    private static final MMulTranspose SECOND_TRANSPOSED =
            MMulTranspose.builder().transposeB(true).build();

    private static final int LEAST_ROWS = 64; // of weights, in the share of one processor

    private Bfloat16Products() {}

    /** Whether ND4J's native library on the class path is a build with oneDNN; they exist for x86_64 processors. */
    static boolean available() {
        String folder = "/org/nd4j/linalg/cpu/nativecpu/bindings/" + Loader.getPlatform() + "-onednn/";
        return Nd4j.class.getResource(folder) != null;
    }

    /**
     * {@code out = x · wᵀ}, with x and the result rounded to bfloat16. Each processor multiplies its share of the weights
     * on its own: oneDNN's threads, which would share one product, have to wait for each other too often.
     */
    static void linear(Matrix x, PackedMatrix w, Matrix out) {
        int stride = w.stride();
        int parts = Math.max(1, Math.min(2 * Runtime.getRuntime().availableProcessors(), w.rows() / LEAST_ROWS));
        try (INDArray input = Matrix.create(DataType.BFLOAT16, x.rows(), stride)) {
            round(x, input, stride);
            IntStream.range(0, parts).parallel().forEach(part -> {
                int from = (int) ((long) w.rows() * part / parts);
                int to = (int) ((long) w.rows() * (part + 1) / parts);
                try (INDArray result = Matrix.create(DataType.BFLOAT16, x.rows(), to - from)) {
                    INDArray weights = w.array().get(NDArrayIndex.interval(from, to), NDArrayIndex.all());
                    NativeThreads.operationsOnOne(() -> Nd4j.exec(new Mmul(input, weights, result, SECOND_TRANSPOSED)));
                    widen(result, out, from, to - from);
                }
            });
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

    /** Writes [rows, count] to the columns of {@code out} from {@code first}. */
    private static void widen(INDArray source, Matrix out, int first, int count) {
        ShortBuffer halves = shorts(source, (long) out.rows() * count);
        IntBuffer numbers = out.bytes().asIntBuffer();
        short[] row = new short[count];
        int[] widened = new int[count];
        for (int r = 0; r < out.rows(); r++) {
            halves.get(r * count, row);
            for (int i = 0; i < count; i++) {
                widened[i] = row[i] << 16;
            }
            numbers.put(r * out.columns() + first, widened);
        }
    }

    private static ShortBuffer shorts(INDArray array, long length) {
        BytePointer base = new BytePointer(array.data().addressPointer());
        base.capacity(Short.BYTES * length);
        ByteBuffer bytes = base.asBuffer();
        return bytes.order(ByteOrder.nativeOrder()).asShortBuffer();
    }
}
