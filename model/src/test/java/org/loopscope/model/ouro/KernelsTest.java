package org.loopscope.model.ouro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.loopscope.model.ouro.Numbers.assertClose;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each kernel against the formula in double, at sizes that are split over threads and sizes that are not. */
class KernelsTest {
    @Nested
    class Host extends Kernel {
        Host() {
            super(new HostKernels());
        }
    }

    @Nested
    class Nd4j extends Kernel {
        Nd4j() {
            super(new Nd4jKernels());
        }
    }

    abstract static class Kernel {
        private final Kernels kernels;
        private final Random random = new Random(42);
        private final List<Matrix> open = new ArrayList<>();

        Kernel(Kernels kernels) {
            this.kernels = kernels;
        }

        @AfterEach
        void close() {
            open.forEach(Matrix::close);
        }

        private double[][] numbers(int rows, int columns) {
            double[][] x = new double[rows][columns];
            for (double[] row : x) {
                for (int i = 0; i < columns; i++) {
                    row[i] = (float) random.nextGaussian(); // representable in both
                }
            }
            return x;
        }

        /** Rows 2 to 2 + n of a larger matrix, so that views are used as in a run. */
        private Matrix matrix(double[][] x) {
            Matrix all = kernels.allocate(x.length + 3, x[0].length);
            open.add(all);
            Matrix part = all.rows(2, x.length);
            part.put(0, x.length, PlainTransformer.flat(x), 0);
            return part;
        }

        private Matrix empty(int rows, int columns) {
            return matrix(new double[rows][columns]);
        }

        private static float[] read(Matrix m) {
            float[] out = new float[m.rows() * m.columns()];
            m.get(0, m.rows(), out, 0);
            return out;
        }

        @ParameterizedTest
        @CsvSource({"1, 1, 1", "1, 7, 3", "1, 300, 501", "2, 5, 9", "65, 33, 17", "130, 257, 129"})
        void linearIsTheProductWithTheTransposedWeights(int rows, int in, int out) {
            double[][] x = numbers(rows, in);
            double[][] w = numbers(out, in);
            double[][] expected = new double[rows][out];
            for (int r = 0; r < rows; r++) {
                for (int o = 0; o < out; o++) {
                    for (int i = 0; i < in; i++) {
                        expected[r][o] += x[r][i] * w[o][i];
                    }
                }
            }
            Matrix result = empty(rows, out);
            kernels.linear(matrix(x), matrix(w), result);
            assertClose(PlainTransformer.flat(expected), read(result), 1e-4, "linear");
        }

        @ParameterizedTest
        @CsvSource({"1, 1", "3, 7", "1, 2048", "300, 1001"})
        void rmsNormDividesByTheRootMeanSquareAndThenMultipliesByTheWeight(int rows, int d) {
            double[][] x = numbers(rows, d);
            double[][] weight = numbers(1, d);
            double[][] target = numbers(rows, d);
            double[][] normed = new double[rows][d];
            double[][] sum = new double[rows][d];
            for (int r = 0; r < rows; r++) {
                double squares = 0;
                for (double v : x[r]) {
                    squares += v * v;
                }
                for (int i = 0; i < d; i++) {
                    normed[r][i] = x[r][i] / Math.sqrt(squares / d + 1e-3) * weight[0][i];
                    sum[r][i] = target[r][i] + normed[r][i];
                }
            }
            Matrix xs = matrix(x);
            Matrix w = matrix(weight);
            Matrix added = matrix(target);
            kernels.addRmsNorm(added, xs, w, 1e-3);
            assertClose(PlainTransformer.flat(sum), read(added), 1e-5, "added norm");
            kernels.rmsNorm(xs, w, 1e-3, xs);
            assertClose(PlainTransformer.flat(normed), read(xs), 1e-5, "norm in place");
        }

        @Test
        void rmsNormOfLargeNumbersDoesNotOverflow() {
            Matrix x = matrix(new double[][] {{3e18, -3e18, 3e18}});
            kernels.rmsNorm(x, matrix(new double[][] {{1, 1, 2}}), 1e-6, x);
            assertClose(new float[] {1, -1, 2}, read(x), 1e-5, "norm");
        }

        @ParameterizedTest
        @CsvSource({"1, 1, 2, 0", "5, 3, 6, 11", "200, 9, 64, 4000"})
        void ropeRotatesThePairsOfHalves(int rows, int heads, int headDim, int firstPosition) {
            double[][] x = numbers(rows, heads * headDim);
            Matrix actual = matrix(x);
            try (RopeTable table = new RopeTable(kernels, firstPosition + rows, headDim, 500)) {
                kernels.rope(actual, table, firstPosition);
            }
            PlainTransformer.rotate(x, headDim, 500, firstPosition);
            assertClose(PlainTransformer.flat(x), read(actual), 1e-5, "rotated");
        }

        @ParameterizedTest
        @CsvSource({"1, 1", "4, 13", "100, 1000"})
        void swiGluMultipliesByTheGateTimesItsSigmoid(int rows, int m) {
            double[][] gate = numbers(rows, m);
            double[][] up = numbers(rows, m);
            gate[0][0] = -120; // exp overflows float32 here
            Matrix actual = matrix(gate);
            kernels.swiGlu(actual, matrix(up));
            for (int r = 0; r < rows; r++) {
                for (int i = 0; i < m; i++) {
                    gate[r][i] = gate[r][i] / (1 + Math.exp(-gate[r][i])) * up[r][i];
                }
            }
            assertClose(PlainTransformer.flat(gate), read(actual), 1e-5, "swiglu");
        }

        @ParameterizedTest
        @CsvSource({
            "1, 0, 1, 1, 2",
            "1, 30, 6, 2, 4",
            "5, 0, 3, 1, 6",
            "63, 10, 4, 4, 8",
            "64, 0, 2, 2, 2",
            "65, 1, 2, 1, 10",
            "150, 700, 12, 4, 6",
            "66, 1000, 70, 7, 2" // more heads than fit the scratch memory at once
        })
        void attentionIsCausalSoftmaxOverTheTokensSoFar(int rows, int before, int heads, int kvHeads, int headDim) {
            double[][] q = numbers(rows, heads * headDim);
            double[][] k = numbers(before + rows, kvHeads * headDim);
            double[][] v = numbers(before + rows, kvHeads * headDim);
            Matrix out = empty(rows, heads * headDim);
            Matrix scratch = kernels.allocate(1, kernels.attentionScratch(rows, before + rows, heads));
            open.add(scratch);
            kernels.attention(matrix(q), matrix(k), matrix(v), before, headDim, scratch, out);
            double[][] expected = PlainTransformer.attend(q, k, v, headDim, before);
            assertClose(PlainTransformer.flat(expected), read(out), 1e-5, "attention");
        }

        @Test
        void attentionWithScoresBeyondTheRangeOfExpIsFinite() {
            Matrix q = matrix(new double[][] {{300, 0}});
            Matrix k = matrix(new double[][] {{300, 0}, {-300, 0}, {299, 0}});
            Matrix v = matrix(new double[][] {{1, 2}, {3, 4}, {5, 6}});
            Matrix out = empty(1, 2);
            Matrix scratch = kernels.allocate(1, kernels.attentionScratch(1, 3, 1));
            open.add(scratch);
            kernels.attention(q, k, v, 2, 2, scratch, out);
            assertClose(new float[] {1, 2}, read(out), 1e-5, "attention");
        }

        @Test
        void additionScalingAndCopyWorkOnRowsOfALargerMatrix() {
            double[][] a = numbers(9, 5);
            double[][] b = numbers(9, 5);
            Matrix x = matrix(a);
            Matrix y = matrix(b);
            kernels.addInPlace(x, y);
            kernels.scaleInPlace(x, 0.25);
            kernels.copy(x, y);
            for (int r = 0; r < 9; r++) {
                for (int i = 0; i < 5; i++) {
                    a[r][i] = (a[r][i] + b[r][i]) / 4;
                }
            }
            assertClose(PlainTransformer.flat(a), read(y), 1e-6, "mean");
        }

        @Test
        void theFirstRowWithNanOrInfinityIsFound() {
            for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                double[][] x = numbers(7, 10);
                assertEquals(-1, kernels.firstNonFiniteRow(matrix(x)));
                x[5][9] = bad;
                x[6][0] = bad;
                assertEquals(5, kernels.firstNonFiniteRow(matrix(x)));
            }
        }

        @Test
        void largeFiniteNumbersAreFinite() {
            assertEquals(-1, kernels.firstNonFiniteRow(matrix(new double[][] {{3e38, 3e38, -3e38, 3e38}})));
        }
    }
}
