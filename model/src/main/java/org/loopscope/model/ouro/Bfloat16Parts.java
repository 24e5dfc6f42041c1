package org.loopscope.model.ouro;

import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.ShortPointer;
import org.loopscope.model.backend.RowProducts;

/**
 * A float32 number as the sum of three in bfloat16, which hold eight of its 24 binary digits each: what multiplies
 * bfloat16 numbers then is exact in float32. Digits below 2⁻¹²⁶ are lost, since the processor's matrix units take
 * smaller numbers as zero.
 */
final class Bfloat16Parts {
    static final int COUNT = 3;

    private static final RowProducts LOOPS = RowProducts.best();

    private Bfloat16Parts() {}

    /** x [rows, columns] rounded to bfloat16, ties to even. */
    static void round(Matrix x, ShortPointer out) {
        int columns = x.columns();
        ShortBuffer target = out.asBuffer();
        Parallel.forRows(x.rows(), columns, (from, to) -> {
            float[] row = new float[columns];
            short[] rounded = new short[columns];
            for (int r = from; r < to; r++) {
                x.get(r, 1, row, 0);
                LOOPS.roundBfloat16(row, columns, rounded);
                target.put(r * columns, rounded);
            }
        });
    }

    /** x [rows, columns] as [3 · rows, columns]: the upper digits of all rows, then the middle and the lower ones. */
    static void split(Matrix x, ShortPointer out) {
        int rows = x.rows();
        int columns = x.columns();
        ShortBuffer target = out.asBuffer();
        Parallel.forRows(rows, 3L * columns, (from, to) -> {
            float[] row = new float[columns];
            short[] upper = new short[columns];
            short[] middle = new short[columns];
            short[] lower = new short[columns];
            for (int r = from; r < to; r++) {
                x.get(r, 1, row, 0);
                LOOPS.splitBfloat16(row, columns, upper, middle, lower);
                target.put(r * columns, upper);
                target.put((rows + r) * columns, middle);
                target.put((2 * rows + r) * columns, lower);
            }
        });
    }

    /**
     * The sums of the parts' products, to the columns of {@code out} from {@code first}.
     *
     * @param products [3 · rows, columns]
     */
    static void add(FloatPointer products, int columns, Matrix out, int first) {
        int rows = out.rows();
        FloatBuffer source = products.asBuffer();
        float[] sum = new float[columns];
        float[] part = new float[columns];
        for (int r = 0; r < rows; r++) {
            source.get((2 * rows + r) * columns, sum); // the smallest first
            for (int p = 1; p >= 0; p--) {
                source.get((p * rows + r) * columns, part);
                for (int i = 0; i < columns; i++) {
                    sum[i] += part[i];
                }
            }
            out.putNumbers((long) r * out.columns() + first, columns, sum, 0);
        }
    }
}
