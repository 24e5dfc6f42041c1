package org.loopscope.model.backend;

import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sasum;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.DoubleSupplier;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Times reading a buffer that is larger than the caches, with every processor at once: the memory bandwidth that
 * products with a single row are bound by. It is read in two ways, in turn, and the faster counts: by the BLAS's sum of
 * absolute values, one stream a processor, on pieces too small for threads of its own; and by {@link RowProducts}, four
 * streams a processor, which some memories need to be read at their speed. On another device ND4J sums an array there.
 * Not for several threads.
 */
public final class BandwidthTimer implements AutoCloseable {
    /** Larger than the cache of usual processors; those of servers share up to this much. */
    static final long BEYOND_CACHE_BYTES = 512L << 20;

    private static final int COLUMNS = 2_496; // floats
    private static final int PIECE = 4 * COLUMNS; // floats

    private final int threads;
    private final long perThread; // floats, a multiple of PIECE
    private final boolean processor;
    private final INDArray buffer;
    private volatile double sum; // kept, so that the reading is not left out

    /** As large as it takes to be read from memory. */
    public BandwidthTimer() {
        this(BEYOND_CACHE_BYTES);
    }

    /** @param wantedBytes size of the buffer, rounded down to whole pieces */
    BandwidthTimer(long wantedBytes) {
        processor = Backend.isProcessor();
        threads = processor ? Runtime.getRuntime().availableProcessors() : 1;
        perThread = Math.min(wantedBytes / Float.BYTES / threads, Integer.MAX_VALUE / Float.BYTES) / PIECE * PIECE;
        if (perThread == 0) {
            throw new IllegalArgumentException(
                    "bytes: want at least " + PIECE * Float.BYTES + " a processor, got " + wantedBytes);
        }
        buffer = Nd4j.createUninitialized(DataType.FLOAT, perThread * threads);
        buffer.assign(1);
    }

    /** Bytes of one reading. */
    public long bytes() {
        return perThread * threads * Float.BYTES;
    }

    /** Reads the buffer once in each way and gives the seconds of the faster. */
    public double secondsPerRead() {
        if (!processor) {
            return seconds(() -> buffer.sumNumber().doubleValue());
        }
        return Math.min(seconds(() -> all(this::read)), seconds(() -> all(this::readInStreams)));
    }

    private double seconds(DoubleSupplier reading) {
        long start = System.nanoTime();
        sum = reading.getAsDouble();
        return (System.nanoTime() - start) / 1e9;
    }

    private double all(IntToDoubleFunction reader) {
        return IntStream.range(0, threads).parallel().mapToDouble(reader).sum();
    }

    /** Sum of the numbers that were read last; each is 1. */
    double sum() {
        return sum;
    }

    private double read(int thread) {
        FloatPointer piece = new FloatPointer(buffer.data().pointer());
        double total = 0;
        for (long done = 0; done < perThread; done += PIECE) {
            piece.position(thread * perThread + done);
            total += cblas_sasum(PIECE, piece, 1);
        }
        return total;
    }

    private double readInStreams(int thread) {
        int rows = (int) (perThread / COLUMNS);
        BytePointer base = new BytePointer(buffer.data().addressPointer());
        base.position(Float.BYTES * perThread * thread).capacity(Float.BYTES * perThread * (thread + 1));
        ByteBuffer memory = base.asBuffer().order(ByteOrder.nativeOrder());
        float[] ones = new float[COLUMNS];
        Arrays.fill(ones, 1);
        float[] sums = new float[rows];
        RowProducts.best().float32(memory, COLUMNS, ones, sums, 0, rows);
        double total = 0;
        for (float part : sums) {
            total += part;
        }
        return total;
    }

    @Override
    public void close() {
        buffer.close();
    }
}
