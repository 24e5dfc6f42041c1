package org.loopscope.model.base;

/** A bfloat16 is the upper half of a float32: 1 sign bit, 8 exponent bits, 7 fraction bits. */
public final class Bfloat16 {
    private static final int ROUNDING = 0x7fff;
    private static final int INFINITY = 0x7f80_0000;
    private static final int QUIET = 0x40;

    private Bfloat16() {}

    /** Exact. */
    public static float widen(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /** The nearest bfloat16, ties to even; NaN stays NaN. */
    public static short round(float value) {
        return roundBits(Float.floatToRawIntBits(value));
    }

    /** {@link #round} of the float32 with these bits. */
    public static short roundBits(int bits) {
        if ((bits & Integer.MAX_VALUE) > INFINITY) {
            return (short) (bits >>> 16 | QUIET);
        }
        return (short) (bits + ROUNDING + (bits >>> 16 & 1) >>> 16);
    }

    /** {@code value} with the digits of a bfloat16. */
    public static float rounded(float value) {
        return widen(round(value));
    }
}
