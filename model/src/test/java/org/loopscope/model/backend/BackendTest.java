package org.loopscope.model.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.loopscope.model.base.LoopscopeException;
import org.nd4j.linalg.factory.Nd4jBackend;

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
    void theDescriptionNamesTheBackendTheBlasItsKernelsAndItsThreads() {
        String config = "OpenBLAS 0.3.31 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY USE64BITINT SkylakeX MAX_THREADS=64";
        assertEquals(
                "ND4J native (CPU), OpenBLAS 0.3.31 SkylakeX, 2 threads",
                new BackendInfo("ND4J native (CPU)", "", "1.0", config, "SkylakeX", 2).description());
        assertEquals(
                "ND4J native (CPU), OpenBLAS 0.3.31 SkylakeX, 1 thread",
                new BackendInfo("ND4J native (CPU)", "", "1.0", config, "SkylakeX", 1).description());
        assertEquals(
                "ND4J native (CPU)",
                new BackendInfo("ND4J native (CPU)", "", "1.0", "unknown", "unknown", 0).description());
        assertTrue(BackendInfo.current().description().startsWith("ND4J native (CPU)"));
    }

    @Test
    void onAnotherDeviceTheDescriptionNamesItAndNotTheBlasOfTheProcessor() {
        BackendInfo info = new BackendInfo("ND4J CUDA 11.6", "NVIDIA A100", "1.0", "OpenBLAS 0.3.31", "SkylakeX", 2);
        assertEquals("ND4J CUDA 11.6, NVIDIA A100", info.description());
    }

    @Test
    void theBackendOfTheseTestsIsTheProcessor() throws LoopscopeException {
        Backend.require();
        assertTrue(Backend.isProcessor());
    }

    @Test
    void aBuildWhoseDeviceIsMissingIsToldToBeTheWrongOne() {
        String advice = "; on this machine use the default build, which takes the processor.";
        assertEquals(
                "Nothing to compute on, no device of FakeBackend: its driver or one of its libraries is missing"
                        + advice,
                problem(List.of(new FakeBackend(() -> {
                    throw new UnsatisfiedLinkError("libcuda.so.1: cannot open shared object file");
                }))));
        assertEquals(
                "Nothing to compute on, no device of FakeBackend: No CUDA devices were found in system" + advice,
                problem(List.of(new FakeBackend(() -> {
                    throw new IllegalStateException("No CUDA devices were found in system");
                }))));
        assertEquals(
                "Nothing to compute on, no device of FakeBackend that can run" + advice,
                problem(List.of(new FakeBackend(() -> false))));
        assertEquals("Nothing to compute on, no ND4J backend is on the class path" + advice, problem(List.of()));
    }

    @Test
    void oneBackendThatCanRunIsEnough() throws LoopscopeException {
        AtomicInteger asked = new AtomicInteger();
        Backend.require(List.of(
                new FakeBackend(() -> {
                    asked.incrementAndGet();
                    throw new UnsatisfiedLinkError("libcuda.so.1");
                }),
                new FakeBackend(() -> asked.incrementAndGet() > 0)));
        assertEquals(2, asked.get());
    }

    private static String problem(List<Nd4jBackend> backends) {
        return assertThrows(LoopscopeException.class, () -> Backend.require(backends))
                .getMessage();
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
