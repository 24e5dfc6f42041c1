package org.loopscope.model.ouro;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.loopscope.model.backend.HugePages;
import org.loopscope.model.base.Bfloat16;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A weight matrix [rows, columns] held in bfloat16, or in int8 with one scale for each row, off-heap on the processor.
 * Rows are padded with zeros to {@link #stride} numbers, so that kernels need no special case at their end. Rows may be
 * written by several threads.
 */
final class PackedMatrix implements ReadableWeights {
    /** Numbers that a row is padded to: 128 bytes of bfloat16, 64 of int8. */
    private static final int PADDING = 64;

    private static final int INT8_MAX = 127;

    private final INDArray owner; // 'c' order, [rows, stride]
    private final ByteBuffer memory; // all of it
    private final int rows;
    private final int columns;
    private final int stride;
    private final float[] scales; // [rows] for int8, empty for bfloat16

    private PackedMatrix(INDArray owner, int rows, int columns, int stride, float[] scales) {
        this.owner = owner;
        this.rows = rows;
        this.columns = columns;
        this.stride = stride;
        this.scales = scales;
        BytePointer base = new BytePointer(owner.data().addressPointer());
        base.capacity(sizeBytes());
        this.memory = base.asBuffer().order(ByteOrder.nativeOrder());
        HugePages.ask(base.address(), sizeBytes());
    }

    /** Memory for [rows, columns] in bfloat16; its content is not defined. */
    static PackedMatrix bfloat16(int rows, int columns) {
        return allocate(DataType.BFLOAT16, rows, columns, new float[0]);
    }

    /** Memory for [rows, columns] in int8; its content is not defined. */
    static PackedMatrix int8(int rows, int columns) {
        return allocate(DataType.INT8, rows, columns, new float[rows]);
    }

    private static PackedMatrix allocate(DataType type, int rows, int columns, float[] scales) {
        int stride = Math.multiplyExact((columns + PADDING - 1) / PADDING, PADDING);
        INDArray owner = Matrix.create(type, rows, stride);
        PackedMatrix matrix = new PackedMatrix(owner, rows, columns, stride, scales);
        Matrix.countOpen(matrix.sizeBytes());
        return matrix;
    }

    /** Bytes that [rows, columns] takes. */
    static long bytes(long rows, long columns, int bytesPerWeight) {
        return rows * ((columns + PADDING - 1) / PADDING * PADDING) * bytesPerWeight;
    }

    private int sizeBytes() {
        return Math.multiplyExact(Math.multiplyExact(rows, stride), isInt8() ? 1 : 2);
    }

    boolean isInt8() {
        return scales.length > 0;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int columns() {
        return columns;
    }

    /** Numbers from one row to the next; those from {@link #columns} on are zero. */
    int stride() {
        return stride;
    }

    /** All numbers, row after row, in the processor's byte order. The position is not to be moved. */
    ByteBuffer memory() {
        return memory;
    }

    /** What the int8 numbers of each row are multiplied by, [rows]; empty for bfloat16. */
    float[] scales() {
        return scales;
    }

    /** Takes all rows as they are stored in bfloat16, one after the other. */
    void putAllBfloat16(ShortBuffer source) {
        if (stride == columns) {
            shorts().put(source);
            return;
        }
        for (int row = 0; row < rows; row++) {
            putBfloat16(row, source);
        }
    }

    /** Takes row {@code row} as it is stored in bfloat16: the next {@link #columns} numbers of {@code source}. */
    private void putBfloat16(int row, ShortBuffer source) {
        short[] bits = new short[stride];
        source.get(bits, 0, columns);
        shorts().put(row * stride, bits);
    }

    /** Rounds row {@code row}: to the nearest bfloat16, ties to even; or to int8 steps of a 127th of its largest number. */
    void putRow(int row, float[] values, int offset) {
        if (isInt8()) {
            putInt8(row, values, offset);
            return;
        }
        short[] bits = new short[stride];
        for (int i = 0; i < columns; i++) {
            bits[i] = Bfloat16.round(values[offset + i]);
        }
        shorts().put(row * stride, bits);
    }

    private void putInt8(int row, float[] values, int offset) {
        float largest = 0;
        for (int i = 0; i < columns; i++) {
            largest = Math.max(largest, Math.abs(values[offset + i]));
        }
        float scale = largest / INT8_MAX;
        byte[] bytes = new byte[stride];
        for (int i = 0; i < columns && scale > 0; i++) {
            bytes[i] = (byte) Math.rint((double) values[offset + i] / scale);
        }
        memory.put(row * stride, bytes);
        scales[row] = scale;
    }

    private ShortBuffer shorts() {
        return memory.asShortBuffer();
    }

    @Override
    public void getRow(int row, float[] out, int offset) {
        if (isInt8()) {
            for (int i = 0; i < columns; i++) {
                out[offset + i] = memory.get(row * stride + i) * scales[row];
            }
            return;
        }
        short[] bits = new short[columns];
        shorts().get(row * stride, bits);
        for (int i = 0; i < columns; i++) {
            out[offset + i] = Bfloat16.widen(bits[i]);
        }
    }

    @Override
    public void close() {
        if (!owner.wasClosed()) {
            Matrix.countOpen(-sizeBytes());
            owner.close();
        }
    }
}
