package org.loopscope.model.backend;

import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Times reading a buffer that is larger than the caches, with every processor at once: the memory bandwidth that
 * products with a single row are bound by. On another device ND4J sums an array there. Not for several threads.
 */
public final class BandwidthTimer implements AutoCloseable {
    /** Larger than the cache of usual processors; those of servers share up to this much. */
    static final long BEYOND_CACHE_BYTES = 512L << 20;

    private static final int LANES = 8; // sums that do not wait for each other

    private final long bytes;
    private final int threads;
    private final LongBuffer[] parts; // one a thread; empty on another device
    private final Pointer[] memory;
    private final INDArray onDevice;
    private volatile long sum; // kept, so that the reading is not left out

    /** As large as it takes to be read from memory. */
    public BandwidthTimer() {
        this(BEYOND_CACHE_BYTES);
    }

    /** @param wantedBytes size of the buffer, rounded down to a multiple of what all threads read in one go */
    BandwidthTimer(long wantedBytes) {
        boolean processor = Nd4j.getBackend().getEnvironment().isCPU();
        threads = Runtime.getRuntime().availableProcessors();
        int longs = (int) (wantedBytes / Long.BYTES / threads / LANES * LANES);
        if (longs == 0) {
            throw new IllegalArgumentException("bytes: want at least 64 a processor, got " + wantedBytes);
        }
        bytes = (long) longs * Long.BYTES * threads;
        parts = new LongBuffer[processor ? threads : 0];
        memory = new Pointer[parts.length];
        for (int i = 0; i < parts.length; i++) {
            BytePointer pointer = new BytePointer((long) longs * Long.BYTES);
            memory[i] = pointer;
            parts[i] = pointer.asByteBuffer().order(ByteOrder.nativeOrder()).asLongBuffer();
            for (int j = 0; j < longs; j++) {
                parts[i].put(j, j);
            }
        }
        onDevice = Nd4j.createUninitialized(DataType.FLOAT, processor ? 1 : bytes / Float.BYTES);
        onDevice.assign(1);
    }

    /** Bytes of one reading. */
    public long bytes() {
        return bytes;
    }

    /** Threads that read. */
    public int threads() {
        return threads;
    }

    /** Reads the buffer once and gives the seconds that took. */
    public double secondsPerRead() {
        long start = System.nanoTime();
        if (parts.length == 0) {
            sum = onDevice.sumNumber().longValue();
        } else {
            sum = IntStream.range(0, parts.length)
                    .parallel()
                    .mapToLong(i -> sum(parts[i]))
                    .sum();
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** Sum of what was read last. */
    long sum() {
        return sum;
    }

    private static long sum(LongBuffer numbers) {
        long a = 0;
        long b = 0;
        long c = 0;
        long d = 0;
        long e = 0;
        long f = 0;
        long g = 0;
        long h = 0;
        int end = numbers.limit();
        for (int i = 0; i < end; i += LANES) {
            a += numbers.get(i);
            b += numbers.get(i + 1);
            c += numbers.get(i + 2);
            d += numbers.get(i + 3);
            e += numbers.get(i + 4);
            f += numbers.get(i + 5);
            g += numbers.get(i + 6);
            h += numbers.get(i + 7);
        }
        return a + b + c + d + e + f + g + h;
    }

    @Override
    public void close() {
        for (Pointer pointer : memory) {
            pointer.close();
        }
        onDevice.close();
    }
}
