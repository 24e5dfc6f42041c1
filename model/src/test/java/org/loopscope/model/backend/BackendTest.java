package org.loopscope.model.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackendTest {
    @Test
    void theBackendTellsItsVersionAndTheKernelsThatOpenBlasChose() {
        BackendInfo info = BackendInfo.current();
        assertTrue(info.nd4jVersion().matches("\\d.*"), info.nd4jVersion());
        boolean linux = System.getProperty("os.name").equals("Linux");
        assertTrue(!linux || info.blas().startsWith("OpenBLAS 0.3."), info.blas());
        assertTrue(!linux || info.blasThreads() >= 1, "threads " + info.blasThreads());
        assertTrue(!info.blasCore().isBlank());
    }

    @Test
    void theTimedProductsAreReallyDone() {
        Product first = new Product(3, 5, 4);
        Product second = new Product(2, 4, 7);
        try (ProductTimer timer = new ProductTimer(List.of(first, second), 2)) {
            assertTrue(timer.secondsPerRound(3) > 0);
            assertEquals(2 * 3 * 5 * 4 + 2 * 2 * 4 * 7, timer.flops());
            assertEquals(expected(first, 2, 3), timer.lastResult(0, 2, 3), 1e-6);
            assertEquals(expected(second, 1, 6), timer.lastResult(1, 1, 6), 1e-6);
        }
    }

    /** Inputs and weights begin with the same random numbers. */
    private static float expected(Product p, int row, int output) {
        Random random = new Random(1);
        float[] numbers = new float[p.inputs() * Math.max(p.rows(), p.outputs())];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.nextFloat() - 0.5f;
        }
        float sum = 0;
        for (int i = 0; i < p.inputs(); i++) {
            sum += numbers[row * p.inputs() + i] * numbers[output * p.inputs() + i];
        }
        return sum;
    }

    @Test
    void setsOfWeightsFillMoreThanACacheButNoMoreThanAsked() {
        List<Product> large = List.of(new Product(1, 8192, 8192)); // 268 MB
        assertEquals(2, ProductTimer.setsBeyondCache(large, 24));
        assertEquals(1, ProductTimer.setsBeyondCache(large, 1));
        assertEquals(4, ProductTimer.setsBeyondCache(List.of(new Product(1, 2, 2)), 4));
    }

    @Test
    void everyNumberOfTheBufferIsRead() {
        try (BandwidthTimer timer = new BandwidthTimer(4L << 20)) {
            assertTrue(timer.secondsPerRead() > 0);
            assertTrue(timer.bytes() > 3 << 20, "bytes " + timer.bytes());
            assertEquals(timer.bytes() / Float.BYTES, timer.sum()); // every number is 1
        }
    }

    @Test
    void nothingToTimeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new ProductTimer(List.of(), 1));
        assertThrows(IllegalArgumentException.class, () -> new Product(0, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new BandwidthTimer(1));
    }
}
