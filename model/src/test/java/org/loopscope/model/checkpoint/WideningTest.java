package org.loopscope.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.loopscope.model.base.Bfloat16;

class WideningTest {
    /** IEEE 754 binary16 by its definition, the slow way. */
    private static double binary16(int bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        double magnitude = exponent == 0x1f
                ? (fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
                : exponent == 0 ? fraction * Math.pow(2, -24) : (1 + fraction / 1024.0) * Math.pow(2, exponent - 15);
        return (bits & 0x8000) == 0 ? magnitude : -magnitude;
    }

    @Test
    void everyFloat16WidensToItsExactValue() {
        for (int bits = 0; bits <= 0xffff; bits++) {
            // compared as bits, so that the two zeros differ and NaN equals NaN
            assertEquals(
                    Float.floatToIntBits((float) binary16(bits)),
                    Float.floatToIntBits(Widening.float16((short) bits)),
                    "bits " + Integer.toHexString(bits));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "3c00, 1.0",
        "c000, -2.0",
        "0001, 5.9604645E-8", // the smallest subnormal, 2^-24
        "03ff, 6.097555E-5", // the largest subnormal, 1023 * 2^-24
        "7bff, 65504.0",
        "7c00, Infinity",
        "fc00, -Infinity",
        "7e00, NaN"
    })
    void knownFloat16Values(String bits, float value) {
        assertEquals(value, Widening.float16((short) Integer.parseInt(bits, 16)));
    }

    @ParameterizedTest
    @CsvSource({"3f80, 1.0", "c049, -3.140625", "0001, 9.18355E-41", "7f80, Infinity", "7fc0, NaN"})
    void knownBfloat16Values(String bits, float value) {
        assertEquals(value, Bfloat16.widen((short) Integer.parseInt(bits, 16)));
    }

    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16"})
    void aTensorOfManyChunksWidensElementByElement(DType dtype) {
        int count = (1 << 15) * 2 + 17;
        Random random = new Random(7);
        ByteBuffer source = ByteBuffer.allocate(count * 2).order(ByteOrder.LITTLE_ENDIAN);
        while (source.hasRemaining()) {
            source.putShort((short) (random.nextInt() & 0x7bff)); // finite in both formats
        }
        source.flip();
        FloatBuffer target = FloatBuffer.allocate(count + 1);
        Widening.widen(dtype, source, target);
        assertEquals(count, target.position());
        for (int i = 0; i < count; i++) {
            short bits = source.getShort(i * 2);
            float expected = dtype == DType.F16 ? Widening.float16(bits) : Bfloat16.widen(bits);
            assertEquals(expected, target.get(i), "element " + i);
        }
    }

    @Test
    void bfloat16RoundsToNearestEvenAndKeepsNaN() {
        assertEquals((short) 0x3f80, Bfloat16.round(1.0f));
        assertEquals((short) 0x3f80, Bfloat16.round(Float.intBitsToFloat(0x3f808000))); // tie, down
        assertEquals((short) 0x3f82, Bfloat16.round(Float.intBitsToFloat(0x3f818000))); // tie, up
        assertEquals((short) 0x3f81, Bfloat16.round(Float.intBitsToFloat(0x3f808001)));
        assertTrue(Float.isNaN(Bfloat16.widen(Bfloat16.round(Float.intBitsToFloat(0x7f800001)))));
    }
}
