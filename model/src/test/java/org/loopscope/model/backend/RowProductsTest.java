package org.loopscope.model.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

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
        for (int run = 0; run < 20_000; run++) {
            float[] later = new float[8];
            BEST.float32(w, columns, x, later, 0, 8);
            float[] laterGate = x.clone();
            BEST.swiGlu(laterGate, x, columns);
            assertArrayEquals(first, later, "run " + run);
            assertArrayEquals(gate, laterGate, "run " + run);
        }
    }
}
