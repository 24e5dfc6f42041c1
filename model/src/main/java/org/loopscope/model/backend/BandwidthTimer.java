package org.loopscope.model.backend;

import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sasum;

import java.util.stream.IntStream;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Times reading a buffer that is larger than the caches, with every processor at once: the memory bandwidth that
 * products with a single row are bound by. The reader is the BLAS's sum of absolute values, called on pieces too small
 * for threads of its own: from the cache it reads over 80 GB/s on one core, where loops in Java reach 17 to 35, which
 * would be slower than some memories. On another device ND4J sums an array there. Not for several threads.
 */
public final class BandwidthTimer implements AutoCloseable {
    /** Larger than the cache of usual processors; those of servers share up to this much. */
    static final long BEYOND_CACHE_BYTES = 512L << 20;

    private static final int PIECE = 9_984; // floats

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
        processor = Nd4j.getBackend().getEnvironment().isCPU();
        threads = processor ? Runtime.getRuntime().availableProcessors() : 1;
        perThread = wantedBytes / Float.BYTES / threads / PIECE * PIECE;
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

    /** Threads that read; 1 on another device. */
    public int threads() {
        return threads;
    }

    /** Reads the buffer once and gives the seconds that took. */
    public double secondsPerRead() {
        long start = System.nanoTime();
        sum = processor
                ? IntStream.range(0, threads).parallel().mapToDouble(this::read).sum()
                : buffer.sumNumber().doubleValue();
        return (System.nanoTime() - start) / 1e9;
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

    @Override
    public void close() {
        buffer.close();
    }
}
