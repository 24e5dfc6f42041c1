package org.loopscope.model.ouro;

import java.util.Optional;
import java.util.OptionalLong;
import org.loopscope.model.backend.OneDnn;
import org.loopscope.model.backend.OrderedWeights;
import org.loopscope.model.backend.RowProducts;

/**
 * Kernels for the processor: products as {@link HostProducts} makes them, and fused loops in Java for the rest. ND4J's
 * elementwise operations reach a few GB/s on a processor.
 */
final class HostKernels implements Kernels {
    private final HostProducts products;

    HostKernels() {
        this(false);
    }

    /** @param bfloat16 whether products with weights held in bfloat16 round x to bfloat16 too */
    HostKernels(boolean bfloat16) {
        this(new HostProducts(bfloat16, RowProducts.best()));
    }

    HostKernels(HostProducts products) {
        this.products = products;
    }

    @Override
    public void linear(Matrix x, WeightMatrix w, Matrix out) {
        products.linear(x, w, out);
    }

    @Override
    public void linear(Matrix x, WeightMatrix[] w, Matrix[] out) {
        products.linear(x, w, out);
    }

    @Override
    public Optional<OrderedMatrix> allocateOrdered(int rows, int columns) {
        return products.library().map(library -> new OrderedMatrix(library, rows, columns));
    }

    @Override
    public OptionalLong orderedBytes(int rows, int columns) {
        Optional<OneDnn> library = products.library();
        return library.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(OrderedWeights.bytes(library.get(), rows, columns));
    }

    @Override
    public void rmsNorm(Matrix x, Matrix weight, double eps, Matrix out) {
        int d = x.columns();
        float[] scale = row(weight);
        Parallel.forRows(x.rows(), d, (from, to) -> {
            float[] row = new float[d];
            for (int r = from; r < to; r++) {
                x.get(r, 1, row, 0);
                float factor = inverseRms(row, 0, d, eps);
                for (int i = 0; i < d; i++) {
                    row[i] = row[i] * factor * scale[i];
                }
                out.put(r, 1, row, 0);
            }
        });
    }

    @Override
    public void addRmsNorm(Matrix target, Matrix x, Matrix weight, double eps) {
        int d = x.columns();
        float[] scale = row(weight);
        Parallel.forRows(x.rows(), 2L * d, (from, to) -> {
            float[] row = new float[d];
            float[] sum = new float[d];
            for (int r = from; r < to; r++) {
                x.get(r, 1, row, 0);
                target.get(r, 1, sum, 0);
                float factor = inverseRms(row, 0, d, eps);
                for (int i = 0; i < d; i++) {
                    sum[i] += row[i] * factor * scale[i];
                }
                target.put(r, 1, sum, 0);
            }
        });
    }

    /** 1 / sqrt(mean(x²) + eps) of {@code length} numbers from {@code start}, summed in double. */
    static float inverseRms(float[] x, int start, int length, double eps) {
        double a = 0;
        double b = 0;
        double c = 0;
        double e = 0;
        int end = start + length;
        int i = start;
        for (; i + 3 < end; i += 4) {
            a += (double) x[i] * x[i];
            b += (double) x[i + 1] * x[i + 1];
            c += (double) x[i + 2] * x[i + 2];
            e += (double) x[i + 3] * x[i + 3];
        }
        for (; i < end; i++) {
            a += (double) x[i] * x[i];
        }
        return (float) (1 / Math.sqrt((a + b + (c + e)) / length + eps));
    }

    @Override
    public void addInPlace(Matrix target, Matrix addend) {
        int columns = target.columns();
        Parallel.forRows(target.rows(), 2L * columns, (from, to) -> {
            float[] sum = new float[columns];
            float[] row = new float[columns];
            for (int r = from; r < to; r++) {
                target.get(r, 1, sum, 0);
                addend.get(r, 1, row, 0);
                for (int i = 0; i < columns; i++) {
                    sum[i] += row[i];
                }
                target.put(r, 1, sum, 0);
            }
        });
    }

    @Override
    public void scaleInPlace(Matrix target, double factor) {
        int columns = target.columns();
        Parallel.forRows(target.rows(), columns, (from, to) -> {
            float[] row = new float[columns];
            for (int r = from; r < to; r++) {
                target.get(r, 1, row, 0);
                for (int i = 0; i < columns; i++) {
                    row[i] = (float) (row[i] * factor);
                }
                target.put(r, 1, row, 0);
            }
        });
    }

    @Override
    public void copy(Matrix source, Matrix target) {
        int columns = target.columns();
        Parallel.forRows(target.rows(), columns, (from, to) -> {
            float[] row = new float[columns];
            for (int r = from; r < to; r++) {
                source.get(r, 1, row, 0);
                target.put(r, 1, row, 0);
            }
        });
    }

    @Override
    public void rope(Matrix x, RopeTable table, int firstPosition) {
        int half = table.cos().columns();
        int headDim = 2 * half;
        int width = x.columns();
        Parallel.forRows(x.rows(), 2L * width, (from, to) -> {
            float[] row = new float[width];
            float[] cos = new float[half];
            float[] sin = new float[half];
            for (int r = from; r < to; r++) {
                x.get(r, 1, row, 0);
                table.cos().get(firstPosition + r, 1, cos, 0);
                table.sin().get(firstPosition + r, 1, sin, 0);
                for (int head = 0; head < width; head += headDim) {
                    rotate(row, head, cos, sin);
                }
                x.put(r, 1, row, 0);
            }
        });
    }

    private static void rotate(float[] row, int head, float[] cos, float[] sin) {
        int half = cos.length;
        for (int i = 0; i < half; i++) {
            float a = row[head + i];
            float b = row[head + half + i];
            row[head + i] = a * cos[i] - b * sin[i];
            row[head + half + i] = b * cos[i] + a * sin[i];
        }
    }

    @Override
    public void swiGlu(Matrix gate, Matrix up) {
        int m = gate.columns();
        Parallel.forRows(gate.rows(), 8L * m, (from, to) -> {
            float[] g = new float[m];
            float[] u = new float[m];
            for (int r = from; r < to; r++) {
                gate.get(r, 1, g, 0);
                up.get(r, 1, u, 0);
                RowProducts.best().swiGlu(g, u, m);
                gate.put(r, 1, g, 0);
            }
        });
    }

    @Override
    public void attention(
            Matrix q, Matrix keys, Matrix values, int firstPosition, int headDim, Matrix scratch, Matrix out) {
        new HostAttention(q, keys, values, firstPosition, headDim, scratch, out).run();
    }

    @Override
    public int attentionScratch(int rows, int keys, int heads) {
        return HostAttention.scratch(rows, keys, heads);
    }

    @Override
    public int firstNonFiniteRow(Matrix x) {
        int d = x.columns();
        float[] row = new float[d];
        for (int r = 0; r < x.rows(); r++) {
            x.get(r, 1, row, 0);
            if (!finite(row)) {
                return r;
            }
        }
        return -1;
    }

    /** Whether all are finite: NaN and infinity survive the multiplication by 0 as NaN, and that survives the sum. */
    private static boolean finite(float[] x) {
        float a = 0;
        float b = 0;
        float c = 0;
        float e = 0;
        int i = 0;
        for (; i + 3 < x.length; i += 4) {
            a += x[i] * 0f;
            b += x[i + 1] * 0f;
            c += x[i + 2] * 0f;
            e += x[i + 3] * 0f;
        }
        for (; i < x.length; i++) {
            a += x[i] * 0f;
        }
        return !Float.isNaN(a + b + c + e);
    }

    private static float[] row(Matrix weight) {
        float[] result = new float[weight.columns()];
        weight.get(0, 1, result, 0);
        return result;
    }
}
