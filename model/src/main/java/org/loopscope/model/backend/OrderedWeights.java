package org.loopscope.model.backend;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;

/**
 * A weight matrix [out, in] in bfloat16, in the order that {@link OneDnn} multiplies fastest, in shares of consecutive
 * rows that threads multiply side by side.
 */
public final class OrderedWeights implements AutoCloseable {
    private static final int ROWS = 64; // of which shares are made, as the library's blocks
    private static final int LARGEST = 1 << 22; // numbers in a share
    private static final int CACHE_LINE = 64;
    private static final int SHARES_PER_PROCESSOR = 2;

    private final OneDnn library;
    private final int in;
    private final List<Share> shares = new ArrayList<>();

    /** Rows {@code first} to {@code first + rows} of the matrix. */
    private record Share(int first, int rows, BytePointer memory, Pointer numbers) {
        /** Memory for some bytes that begins with a huge page, where there are any. */
        static Share allocate(int first, int rows, long bytes) {
            long alignment = bytes < HugePages.SIZE ? CACHE_LINE : HugePages.SIZE;
            BytePointer memory = new BytePointer(bytes + alignment);
            long beyond = memory.address() % alignment;
            Pointer numbers = memory.getPointer(beyond == 0 ? 0 : alignment - beyond);
            HugePages.ask(numbers.address(), bytes);
            return new Share(first, rows, memory, numbers);
        }
    }

    /**
     * Takes the memory; its content is not defined.
     *
     * @throws OutOfMemoryError if there is none
     */
    public OrderedWeights(OneDnn library, int out, int in) {
        this.library = library;
        this.in = in;
        int[] firsts = firsts(out, in);
        try {
            for (int share = 0; share + 1 < firsts.length; share++) {
                int rows = firsts[share + 1] - firsts[share];
                shares.add(Share.allocate(firsts[share], rows, library.bytes(rows, in)));
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            close();
            throw e;
        }
    }

    /** First rows of the shares of [out, in], and {@code out} as the last. */
    private static int[] firsts(int out, int in) {
        int blocks = (out + ROWS - 1) / ROWS;
        long wanted = Math.max((long) SHARES_PER_PROCESSOR * Team.processors(), (long) out * in / LARGEST + 1);
        int count = (int) Math.min(blocks, wanted);
        int[] firsts = new int[count + 1];
        for (int share = 0; share <= count; share++) {
            firsts[share] = Math.min(out, ROWS * (int) ((long) blocks * share / count));
        }
        return firsts;
    }

    /** Bytes that weights [out, in] take. */
    public static long bytes(OneDnn library, int out, int in) {
        int[] firsts = firsts(out, in);
        long bytes = 0;
        for (int share = 0; share + 1 < firsts.length; share++) {
            bytes += library.bytes(firsts[share + 1] - firsts[share], in);
        }
        return bytes;
    }

    /** Shares that {@link #multiply} works on one by one. */
    public int shares() {
        return shares.size();
    }

    /** First row of a share. */
    public int first(int share) {
        return shares.get(share).first;
    }

    /** Rows of a share. */
    public int rows(int share) {
        return shares.get(share).rows;
    }

    /** Bytes of all shares. */
    public long sizeBytes() {
        return shares.stream().mapToLong(share -> library.bytes(share.rows, in)).sum();
    }

    /** Takes the rows of a share: [rows, in] in bfloat16. Shares may be given by several threads. */
    public void put(int share, ShortPointer rows) {
        Share target = shares.get(share);
        library.put(rows, target.rows, in, target.numbers);
    }

    /**
     * The columns of {@code out = x · wᵀ} that a share gives, on this thread.
     *
     * @param x [rows, in] in bfloat16
     * @param out the first of the columns; its rows are {@code stride} numbers apart
     */
    public void multiply(int share, ShortPointer x, int rows, FloatPointer out, int stride) {
        Share weights = shares.get(share);
        library.multiply(x, rows, weights.numbers, weights.rows, in, out, stride);
    }

    @Override
    public void close() {
        for (Share share : shares) {
            share.memory.close();
        }
        shares.clear();
    }
}
