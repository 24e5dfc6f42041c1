package org.loopscope.model.ouro;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.loopscope.model.backend.OneDnn;
import org.loopscope.model.backend.PlainRowProducts;
import org.loopscope.model.backend.RowProducts;
import org.loopscope.model.base.Bfloat16;
import org.loopscope.model.base.LoopscopeException;

/**
 * Every way to multiply, on random shapes, against sums in double over the weights as they are held: the fast ones on the
 * Vector API, the BLAS and oneDNN, the plain ones, and ND4J's operations.
 */
class PackedProductsTest {
    private enum Held {
        FLOAT32,
        BFLOAT16,
        ORDERED,
        INT8
    }

    /** x [rows, in], w [out, in]. */
    record Shape(long seed, int rows, int in, int out) {}

    static Stream<Shape> shapes() {
        Random random = new Random(7);
        Stream<Shape> some = Stream.of(
                new Shape(1, 1, 1, 1),
                new Shape(2, 1, 63, 5),
                new Shape(3, 1, 64, 4),
                new Shape(4, 1, 65, 2),
                new Shape(5, 2, 127, 3),
                new Shape(6, 1, 2048, 301),
                new Shape(7, 5, 1500, 900), // several panels
                new Shape(8, 300, 33, 65));
        return Stream.concat(
                some,
                Stream.generate(() -> new Shape(
                                random.nextLong(),
                                1 + random.nextInt(6),
                                1 + random.nextInt(400),
                                1 + random.nextInt(300)))
                        .limit(12));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void float32ProductsAreTheSums(Shape shape) {
        for (HostProducts products : hostProducts(false)) {
            assertProduct(shape, Held.FLOAT32, false, new HostKernels(products));
        }
        assertProduct(shape, Held.FLOAT32, false, new Nd4jKernels());
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void weightsHeldInBfloat16AreMultipliedAsTheyAre(Shape shape) {
        for (HostProducts products : hostProducts(false)) {
            assertProduct(shape, Held.BFLOAT16, false, new HostKernels(products));
        }
        assertProduct(shape, Held.BFLOAT16, false, new Nd4jKernels());
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void weightsHeldInInt8AreMultipliedWithTheirScales(Shape shape) {
        for (HostProducts products : hostProducts(false)) {
            assertProduct(shape, Held.INT8, false, new HostKernels(products));
        }
        assertProduct(shape, Held.INT8, false, new Nd4jKernels());
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void bfloat16ProductsRoundTheirInput(Shape shape) {
        for (HostProducts products : hostProducts(true)) {
            assertProduct(shape, Held.BFLOAT16, true, new HostKernels(products));
        }
        assertProduct(shape, Held.BFLOAT16, true, new Nd4jKernels(true));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void weightsInTheLibrarysOrderAreMultipliedAsTheyAre(Shape shape) {
        assumeTrue(OneDnn.instance().isPresent(), "oneDNN is used on x86_64 processors with AVX-512 bfloat16 only");
        assertProduct(shape, Held.ORDERED, false, new HostKernels(false));
        assertProduct(shape, Held.ORDERED, true, new HostKernels(true));
    }

    @Test
    void severalWeightsTimesOneInputAreTheSingleProducts() {
        assumeTrue(OneDnn.instance().isPresent(), "oneDNN is used on x86_64 processors with AVX-512 bfloat16 only");
        int rows = 9;
        int in = 130;
        int[] outs = {70, 300, 1};
        Random random = new Random(3);
        HostKernels kernels = new HostKernels(true);
        float[] x = numbers(random, rows * in);
        WeightMatrix[] weights = new WeightMatrix[outs.length];
        Matrix[] together = new Matrix[outs.length];
        try (Matrix input = Matrix.allocate(rows, in)) {
            input.put(0, rows, x, 0);
            for (int i = 0; i < outs.length; i++) {
                weights[i] = ordered(numbers(random, outs[i] * in), new Shape(0, rows, in, outs[i]), kernels);
                together[i] = Matrix.allocate(rows, outs[i]);
            }
            kernels.linear(input, weights, together);
            for (int i = 0; i < outs.length; i++) {
                try (Matrix alone = Matrix.allocate(rows, outs[i])) {
                    kernels.linear(input, weights[i], alone);
                    assertArrayEquals(all(alone), all(together[i]));
                }
                weights[i].close();
                together[i].close();
            }
        }
    }

    private static float[] all(Matrix matrix) {
        float[] numbers = new float[matrix.rows() * matrix.columns()];
        matrix.get(0, matrix.rows(), numbers, 0);
        return numbers;
    }

    @Test
    void theVectorApiIsWhatIsTested() {
        assertTrue(RowProducts.vectorised(), "the tests are to run with --add-modules jdk.incubator.vector");
    }

    private static HostProducts[] hostProducts(boolean bfloat16) {
        return new HostProducts[] {
            new HostProducts(bfloat16, RowProducts.best()), new HostProducts(bfloat16, new PlainRowProducts())
        };
    }

    private static void assertProduct(Shape shape, Held held, boolean rounded, Kernels kernels) {
        Random random = new Random(shape.seed);
        float[] x = numbers(random, shape.rows * shape.in);
        float[] w = numbers(random, shape.out * shape.in);
        try (Matrix input = Matrix.allocate(shape.rows, shape.in);
                WeightMatrix weights = held == Held.ORDERED ? ordered(w, shape, kernels) : hold(w, shape, held);
                Matrix out = Matrix.allocate(shape.rows, shape.out)) {
            input.put(0, shape.rows, x, 0);
            kernels.linear(input, weights, out);
            float[] actual = new float[shape.out];
            float[] row = new float[shape.in];
            for (int r = 0; r < shape.rows; r++) {
                out.get(r, 1, actual, 0);
                for (int o = 0; o < shape.out; o++) {
                    if (weights instanceof ReadableWeights readable) {
                        readable.getRow(o, row, 0);
                    } else {
                        for (int i = 0; i < shape.in; i++) {
                            row[i] = Bfloat16.rounded(w[o * shape.in + i]);
                        }
                    }
                    assertSum(x, r * shape.in, row, rounded, actual[o], shape + ", row " + r + ", output " + o);
                }
            }
        }
    }

    private static void assertSum(float[] x, int offset, float[] w, boolean rounded, float actual, String what) {
        double sum = 0;
        double magnitude = 0;
        for (int i = 0; i < w.length; i++) {
            double input = rounded ? Bfloat16.rounded(x[offset + i]) : x[offset + i];
            sum += input * w[i];
            magnitude += Math.abs(input * w[i]);
        }
        assertEquals(sum, actual, 1e-6 * magnitude * Math.sqrt(w.length) + 1e-30, what);
    }

    private static OrderedMatrix ordered(float[] w, Shape shape, Kernels kernels) {
        OrderedMatrix matrix = kernels.allocateOrdered(shape.out, shape.in).orElseThrow();
        try {
            matrix.putAll((first, count, out) -> {
                for (int i = first * shape.in; i < (first + count) * shape.in; i++) {
                    out.put(Bfloat16.round(w[i]));
                }
            });
        } catch (LoopscopeException e) {
            throw new AssertionError(e);
        }
        return matrix;
    }

    private static ReadableWeights hold(float[] w, Shape shape, Held held) {
        if (held == Held.FLOAT32) {
            Matrix matrix = Matrix.allocate(shape.out, shape.in);
            matrix.put(0, shape.out, w, 0);
            return matrix;
        }
        PackedMatrix matrix =
                held == Held.INT8 ? PackedMatrix.int8(shape.out, shape.in) : PackedMatrix.bfloat16(shape.out, shape.in);
        for (int row = 0; row < shape.out; row++) {
            matrix.putRow(row, w, row * shape.in);
        }
        return matrix;
    }

    private static float[] numbers(Random random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    @Test
    void bfloat16RoundsToTheNearestAndTiesToEven() {
        assertEquals(1f, Bfloat16.rounded(1f));
        assertEquals(1f, Bfloat16.rounded(1f + 0x1p-8f), "a tie, and 1 is even");
        assertEquals(1f + 0x1p-6f, Bfloat16.rounded(1f + 0x1p-7f + 0x1p-8f), "a tie between an odd and an even");
        assertEquals(1f + 0x1p-7f, Bfloat16.rounded(1f + 0x1p-8f + 0x1p-20f));
        assertEquals(-3.140625f, Bfloat16.rounded((float) -Math.PI));
        assertEquals(Float.POSITIVE_INFINITY, Bfloat16.rounded(Float.MAX_VALUE));
        assertEquals(Float.NEGATIVE_INFINITY, Bfloat16.rounded(Float.NEGATIVE_INFINITY));
        assertTrue(Float.isNaN(Bfloat16.rounded(Float.NaN)));
        assertTrue(Float.isNaN(Bfloat16.rounded(Float.intBitsToFloat(0x7f80_0001))), "its upper half is infinity");
    }

    @Test
    void int8KeepsTheLargestNumberOfARowAndRoundsTheOthersToItsSteps() {
        try (PackedMatrix matrix = PackedMatrix.int8(2, 3)) {
            matrix.putRow(0, new float[] {-12.7f, 0.04f, 6.36f}, 0);
            matrix.putRow(1, new float[] {0, 0, 0}, 0);
            float[] row = new float[3];
            matrix.getRow(0, row, 0);
            assertEquals(-12.7f, row[0], 1e-6f);
            assertEquals(0f, row[1]);
            assertEquals(6.4f, row[2], 1e-6f);
            matrix.getRow(1, row, 0);
            assertEquals(0f, row[0]);
        }
    }
}
