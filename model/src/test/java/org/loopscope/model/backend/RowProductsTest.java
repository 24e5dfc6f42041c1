package org.loopscope.model.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.loopscope.model.base.Bfloat16;

/** What the kernels of this Java machine promise beyond their products, which PackedProductsTest looks at. */
class RowProductsTest {
    private static final RowProducts BEST = RowProducts.best();

    @Test
    void swiGluIsAccurateFromOneEndOfFloatToTheOther() {
        for (double z = -120; z <= 120; z += 0.0137) {
            float[] gate = new float[16]; // whole vectors
            float[] up = new float[16];
            java.util.Arrays.fill(gate, (float) z);
            java.util.Arrays.fill(up, 1.5f);
            BEST.swiGlu(gate, up, 16);
            double exact = (float) z / (1 + Math.exp(-(float) z)) * 1.5;
            assertEquals(exact, gate[7], 4e-7 * Math.abs(exact) + 1e-35, "z = " + z);
        }
    }

    @Test
    void swiGluKeepsWhatIsNotANumber() {
        float[] gate = new float[16];
        gate[3] = Float.NaN;
        float[] up = new float[16];
        up[5] = Float.NaN;
        BEST.swiGlu(gate, up, 16);
        assertTrue(Float.isNaN(gate[3]) && Float.isNaN(gate[5]));
        assertEquals(0f, gate[4]);
    }

    @Test
    void softmaxIsAccurateForEveryLengthAndRange() {
        Random random = new Random(5);
        for (int length = 1; length < 100; length++) {
            float[] x = new float[length + 3];
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) (random.nextGaussian() * (length % 2 == 0 ? 1 : 40));
            }
            double[] exact = new double[length];
            float max = Float.NEGATIVE_INFINITY;
            for (int i = 0; i < length; i++) {
                max = Math.max(max, x[i]);
            }
            double sum = 0;
            for (int i = 0; i < length; i++) {
                exact[i] = Math.exp(x[i] - max); // the difference in float32
                sum += exact[i];
            }
            float[] after = x.clone();
            BEST.softmax(after, length);
            for (int i = 0; i < length; i++) {
                double want = exact[i] / sum;
                assertEquals(want, after[i], 1e-6 * want + 1e-37, "number " + i + " of " + length);
            }
            assertEquals(x[length], after[length], "beyond the length");
        }
    }

    @Test
    void roundingToBfloat16IsThatOfSingleNumbers() {
        float[] x = numbers();
        short[] rounded = new short[x.length];
        BEST.roundBfloat16(x, x.length, rounded);
        for (int i = 0; i < x.length; i++) {
            assertEquals(Bfloat16.round(x[i]), rounded[i], "of " + x[i]);
        }
    }

    @Test
    void theThreePartsOfANumberAddUpToItExactly() {
        float[] x = numbers();
        short[] upper = new short[x.length];
        short[] middle = new short[x.length];
        short[] lower = new short[x.length];
        BEST.splitBfloat16(x, x.length, upper, middle, lower);
        for (int i = 0; i < x.length; i++) {
            float high = Bfloat16.widen(upper[i]);
            if (Float.isFinite(x[i])) {
                double sum = (double) high + Bfloat16.widen(middle[i]) + Bfloat16.widen(lower[i]);
                assertEquals(x[i] + 0.0, sum + 0.0, "of " + x[i]); // -0 counts as 0
            } else {
                assertFalse(Float.isFinite(high), "of " + x[i]);
            }
        }
    }

    /** Ties, ends, what is not a number, and many others; a length that is no multiple of a vector's. */
    private static float[] numbers() {
        float[] x = new float[1021];
        Random random = new Random(9);
        for (int i = 0; i < x.length; i++) {
            x[i] = Float.intBitsToFloat(random.nextInt());
            if (Math.abs(x[i]) < 1e-30) {
                x[i] = random.nextFloat(); // the lower parts of smaller ones have no digits left
            }
        }
        float[] some = {
            0f,
            -0f,
            1f + 0x1p-8f,
            1f + 0x1p-7f + 0x1p-8f,
            -3.14159f,
            Float.MAX_VALUE,
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.intBitsToFloat(0x7f80_0001),
            1e-20f,
            16_777_215f
        };
        System.arraycopy(some, 0, x, 5, some.length);
        return x;
    }

    @Test
    void aProductHasTheSameDigitsBeforeAndAfterItIsCompiled() {
        int columns = 192;
        Random random = new Random(3);
        ByteBuffer w = ByteBuffer.allocateDirect(4 * columns * 8).order(ByteOrder.nativeOrder());
        float[] x = new float[columns];
        for (int i = 0; i < 8 * columns; i++) {
            w.putFloat(4 * i, (float) random.nextGaussian());
            x[i % columns] = (float) random.nextGaussian();
        }
        float[] first = new float[8];
        BEST.float32(w, columns, x, first, 0, 8);
        float[] gate = x.clone();
        BEST.swiGlu(gate, x, columns);
        float[] shares = x.clone();
        BEST.softmax(shares, columns);
        for (int run = 0; run < 20_000; run++) {
            float[] later = new float[8];
            BEST.float32(w, columns, x, later, 0, 8);
            float[] laterGate = x.clone();
            BEST.swiGlu(laterGate, x, columns);
            assertArrayEquals(first, later, "run " + run);
            assertArrayEquals(gate, laterGate, "run " + run);
            float[] laterShares = x.clone();
            BEST.softmax(laterShares, columns);
            assertArrayEquals(shares, laterShares, "run " + run);
        }
    }
}
