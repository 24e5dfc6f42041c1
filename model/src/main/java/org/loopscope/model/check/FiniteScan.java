package org.loopscope.model.check;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.OptionalLong;
import org.loopscope.model.checkpoint.DType;

/**
 * Finds NaN and infinity in stored weights: numbers whose exponent bits are all ones. Looks at eight bytes at a time
 * (two or four numbers), without widening them.
 */
final class FiniteScan {
    private static final int BLOCK = 4096; // longs, to stay in the first cache

    private final int bits; // of a number
    private final long exponents; // the exponent bits of every number in a long
    private final long
            carry; // added to what is missing of the exponent, it reaches the top bit unless nothing is missing
    private final long tops; // the top bit of every number
    private final long[] block = new long[BLOCK];

    /** @param dtype of weights, {@link DType#isWeight} */
    FiniteScan(DType dtype) {
        bits = 8 * dtype.sizeBytes();
        exponents = repeated(
                switch (dtype) {
                    case F32 -> 0x7F80_0000L;
                    case BF16 -> 0x7F80L;
                    case F16 -> 0x7C00L;
                    default -> throw new IllegalArgumentException("dtype: want F32, F16 or BF16, got " + dtype);
                });
        carry = repeated((1L << (bits - 1)) - 1);
        tops = repeated(1L << (bits - 1));
    }

    private long repeated(long number) {
        return bits == 32 ? number | number << 32 : number | number << 16 | number << 32 | number << 48;
    }

    /** Index of the first number that is not finite from the buffer's position on; little-endian. */
    OptionalLong firstNotFinite(ByteBuffer source) {
        ByteBuffer bytes = source.slice().order(ByteOrder.LITTLE_ENDIAN);
        LongBuffer longs = bytes.asLongBuffer();
        long done = 0;
        while (longs.hasRemaining()) {
            int count = Math.min(BLOCK, longs.remaining());
            longs.get(block, 0, count);
            if (!allFinite(count)) {
                return OptionalLong.of(done * (64 / bits) + indexInBlock(count));
            }
            done += count;
        }
        return rest(bytes, done * (64 / bits));
    }

    private boolean allFinite(int count) {
        long all = -1;
        for (int i = 0; i < count; i++) {
            all &= ((block[i] & exponents) ^ exponents) + carry;
        }
        return (all & tops) == tops;
    }

    private int indexInBlock(int count) {
        int perLong = 64 / bits;
        for (int i = 0; i < count * perLong; i++) {
            if (!isFinite(block[i / perLong] >>> (i % perLong * bits))) {
                return i;
            }
        }
        throw new IllegalStateException("a block without fault was searched for one");
    }

    /** The number in the lowest bits of {@code number}. */
    private boolean isFinite(long number) {
        long exponent = exponents & ((1L << bits) - 1);
        return (number & exponent) != exponent;
    }

    /** Numbers after the last eight whole bytes. */
    private OptionalLong rest(ByteBuffer bytes, long first) {
        int size = bits / 8;
        for (long index = first; (index + 1) * size <= bytes.limit(); index++) {
            int at = (int) (index * size);
            if (!isFinite(size == 4 ? bytes.getInt(at) : bytes.getShort(at))) {
                return OptionalLong.of(index);
            }
        }
        return OptionalLong.empty();
    }
}
