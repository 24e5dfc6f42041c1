package org.loopscope.model.ouro;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.backend.HugePages;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A row-major float32 matrix [rows, columns] in an off-heap ND4J array, or some consecutive rows of one. The matrix
 * that allocated the memory frees it in {@link #close}; ranges of rows are views that must not outlive it.
 *
 * <p>{@link #array} serves ND4J operations, {@link #pointer} BLAS, {@link #get} and {@link #put} loops in Java, which
 * copy a row to a heap array and back because the JIT vectorises loops over arrays only. Where ND4J computes on another
 * device, {@link #get} and {@link #put} go through a {@link HostCopy}, and there is no {@link #pointer}.
 */
final class Matrix implements ReadableWeights {
    private static final AtomicLong OPEN_BYTES = new AtomicLong();

    private final INDArray owner; // 'c' order, [rows of the owner, columns]
    private final @Nullable HostCopy copy; // null on the processor
    private final @Nullable FloatPointer base; // null on another device
    private final @Nullable FloatBuffer buffer; // all of base, null when that is more than a buffer can hold
    private final boolean view;
    private final int firstRow;
    private final int rows;
    private final int columns;
    private @Nullable INDArray array;

    private Matrix(
            INDArray owner,
            @Nullable HostCopy copy,
            @Nullable FloatPointer base,
            @Nullable FloatBuffer buffer,
            boolean view,
            int firstRow,
            int rows,
            int columns) {
        this.owner = owner;
        this.copy = copy;
        this.base = base;
        this.buffer = buffer;
        this.view = view;
        this.firstRow = firstRow;
        this.rows = rows;
        this.columns = columns;
    }

    /** Memory for [rows, columns] where this program's backend computes; its content is not defined. */
    static Matrix allocate(int rows, int columns) {
        return allocate(rows, columns, HostCopy.ofBackend().orElse(null));
    }

    /** Memory of a device that Java reaches through {@code copy}, or of the processor if that is null. */
    static Matrix allocate(int rows, int columns, @Nullable HostCopy copy) {
        if (rows < 1 || columns < 1) {
            throw new IllegalArgumentException("matrix: want at least [1, 1], got [" + rows + ", " + columns + "]");
        }
        INDArray owner = create(DataType.FLOAT, rows, columns);
        long bytes = (long) rows * columns * Float.BYTES;
        countOpen(bytes);
        if (copy != null) {
            return new Matrix(owner, copy, null, null, false, 0, rows, columns);
        }
        FloatPointer base = new FloatPointer(owner.data().addressPointer());
        HugePages.ask(base.address(), bytes);
        base.capacity((long) rows * columns);
        FloatBuffer buffer = bytes <= Integer.MAX_VALUE ? base.asBuffer() : null;
        return new Matrix(owner, null, base, buffer, false, 0, rows, columns);
    }

    /** Memory of an array [rows, columns] in 'c' order; OutOfMemoryError if there is none. */
    static INDArray create(DataType type, int rows, int columns) {
        try {
            return Nd4j.createUninitialized(type, new long[] {rows, columns}, 'c');
        } catch (RuntimeException e) { // what ND4J throws when the system gives no memory
            OutOfMemoryError error = new OutOfMemoryError("no memory for a matrix [" + rows + ", " + columns + "]");
            error.initCause(e);
            throw error;
        }
    }

    /** Counts memory taken, or given back if negative. */
    static void countOpen(long bytes) {
        OPEN_BYTES.addAndGet(bytes);
    }

    /** Bytes of all matrices that are allocated and not closed, in the whole process; what a leak would raise. */
    static long openBytes() {
        return OPEN_BYTES.get();
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int columns() {
        return columns;
    }

    /** {@code count} rows from {@code from}, sharing this matrix's memory. */
    Matrix rows(int from, int count) {
        if (from < 0 || count < 1 || from + count > rows) {
            throw new IllegalArgumentException(
                    "rows: want a range within 0 to " + rows + ", got " + count + " from " + from);
        }
        if (from == 0 && count == rows) {
            return this;
        }
        return new Matrix(owner, copy, base, buffer, true, firstRow + from, count, columns);
    }

    /** As an ND4J array [rows, columns] in 'c' order. */
    INDArray array() {
        INDArray result = array;
        if (result == null) {
            result = view ? owner.get(NDArrayIndex.interval(firstRow, firstRow + rows), NDArrayIndex.all()) : owner;
            array = result;
        }
        return result;
    }

    /** Address of the first number, in the processor's memory; throws {@link IllegalStateException} on another device. */
    FloatPointer pointer() {
        return pointer(0);
    }

    /** Address of the number {@code offset} numbers after the first. */
    FloatPointer pointer(long offset) {
        FloatPointer memory = base;
        if (memory == null) {
            throw new IllegalStateException("pointer: the numbers are on another device");
        }
        return memory.getPointer((long) firstRow * columns + offset);
    }

    @Override
    public void getRow(int row, float[] out, int offset) {
        get(row, 1, out, offset);
    }

    /** Copies {@code count} rows from {@code row} to {@code out}. */
    void get(int row, int count, float[] out, int outOffset) {
        getNumbers((long) row * columns, count * columns, out, outOffset);
    }

    /** Copies {@code count} rows from {@code in} to those from {@code row}. */
    void put(int row, int count, float[] in, int inOffset) {
        putNumbers((long) row * columns, count * columns, in, inOffset);
    }

    /** Copies {@code length} numbers from {@code offset}, counted row after row, to {@code out}. */
    void getNumbers(long offset, int length, float[] out, int outOffset) {
        long start = (long) firstRow * columns + offset;
        FloatBuffer all = buffer;
        if (all != null) {
            all.get((int) start, out, outOffset, length);
        } else {
            refresh();
            window(start, length).get(out, outOffset, length);
        }
    }

    /** Copies {@code length} numbers of {@code in} to those from {@code offset}, counted row after row. */
    void putNumbers(long offset, int length, float[] in, int inOffset) {
        long start = (long) firstRow * columns + offset;
        FloatBuffer all = buffer;
        if (all != null) {
            all.put((int) start, in, inOffset, length);
        } else {
            if (length < owner.length()) {
                refresh(); // or else the numbers around these would count as written too
            }
            window(start, length).put(in, inOffset, length);
            written();
        }
    }

    /** All of it as a buffer, to be overwritten whole and then told of by {@link #written}; for at most 2 GiB. */
    FloatBuffer window() {
        if (view) {
            refresh();
        }
        return window((long) firstRow * columns, Math.multiplyExact(rows, columns));
    }

    /** The bytes of {@link #window}, in the processor's memory. */
    ByteBuffer bytes() {
        BytePointer part = new BytePointer(pointer());
        part.capacity(Math.multiplyExact(Math.multiplyExact(rows, columns), Float.BYTES));
        return part.asBuffer().order(ByteOrder.nativeOrder());
    }

    /** Says that the numbers of {@link #window} are there. */
    void written() {
        if (copy != null) {
            copy.written(owner);
        }
    }

    private void refresh() {
        if (copy != null) {
            copy.refresh(owner);
        }
    }

    private FloatBuffer window(long start, int length) {
        FloatPointer memory = copy == null
                ? pointer(start - (long) firstRow * columns)
                : copy.pointer(owner).getPointer(start);
        memory.capacity(length);
        return memory.asBuffer();
    }

    @Override
    public void close() {
        if (view) {
            throw new IllegalStateException("close: this is a view; the matrix that allocated the memory frees it");
        }
        if (!owner.wasClosed()) {
            countOpen(-(long) rows * columns * Float.BYTES);
            owner.close();
        }
    }
}
