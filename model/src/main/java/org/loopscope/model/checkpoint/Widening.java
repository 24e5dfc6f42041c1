package org.loopscope.model.checkpoint;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import org.loopscope.model.base.Bfloat16;

/** Exact widening of stored weights to float32, in chunks. */
final class Widening {
    private static final int CHUNK = 1 << 15; // floats; 128 KiB stays in the second-level cache

    private Widening() {}

    /** Appends all elements of {@code source} (little-endian) to {@code target}. */
    static void widen(DType dtype, ByteBuffer source, FloatBuffer target) {
        if (dtype == DType.F32) {
            target.put(source.asFloatBuffer());
            return;
        }
        ShortBuffer halves = source.asShortBuffer();
        short[] bits = new short[Math.min(CHUNK, halves.remaining())];
        float[] values = new float[bits.length];
        while (halves.hasRemaining()) {
            int count = Math.min(bits.length, halves.remaining());
            halves.get(bits, 0, count);
            if (dtype == DType.BF16) {
                for (int i = 0; i < count; i++) {
                    values[i] = Bfloat16.widen(bits[i]);
                }
            } else {
                for (int i = 0; i < count; i++) {
                    values[i] = float16(bits[i]);
                }
            }
            target.put(values, 0, count);
        }
    }

    /** IEEE 754 binary16: 1 sign bit, 5 exponent bits (bias 15), 10 fraction bits. */
    static float float16(short bits) {
        int sign = (bits & 0x8000) << 16;
        int magnitude = (bits & 0x7fff) << 13; // exponent and fraction where float32 has them
        if (magnitude >= 0x1f << 23) { // infinity or NaN: all exponent bits set
            return Float.intBitsToFloat(sign | 0x7f800000 | magnitude);
        }
        // The exponents differ by 112 in bias; a product with 2^112 also normalises subnormal numbers, exactly.
        float value = Float.intBitsToFloat(magnitude) * 0x1p112f;
        return Float.intBitsToFloat(sign | Float.floatToRawIntBits(value));
    }
}
