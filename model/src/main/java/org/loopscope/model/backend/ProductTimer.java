package org.loopscope.model.backend;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Times float32 products alone, by the same BLAS call as the forward pass on the processor, or through ND4J on another
 * device. The weights are several sets that are used in turn, so that they come from memory where those of a model
 * would, and not from the cache. Not for several threads.
 */
public final class ProductTimer implements AutoCloseable {
    private static final int BLOCK = 1 << 20;

    private final List<Product> products;
    private final boolean processor;
    private final List<INDArray> weights = new ArrayList<>(); // [sets * products], each [outputs, inputs]
    private final List<INDArray> results = new ArrayList<>(); // [products], each [rows, outputs] in column order
    private final List<INDArray> inputs = new ArrayList<>(); // [products], each [rows, inputs]
    private final int sets;
    private int next;

    /**
     * @param products the products of one round, in their order
     * @param sets how many sets of weights are used in turn, at least 1
     */
    public ProductTimer(List<Product> products, int sets) {
        if (products.isEmpty() || sets < 1) {
            throw new IllegalArgumentException(
                    "products and sets: want at least one of each, got " + products.size() + " and " + sets);
        }
        this.products = List.copyOf(products);
        this.sets = sets;
        this.processor = Backend.isProcessor();
        float[] numbers = new float[BLOCK];
        Random random = new Random(1);
        for (int i = 0; i < BLOCK; i++) {
            numbers[i] = random.nextFloat() - 0.5f;
        }
        boolean complete = false;
        try {
            allocate(numbers);
            complete = true;
        } finally {
            if (!complete) {
                close();
            }
        }
    }

    private void allocate(float[] numbers) {
        for (Product p : products) {
            inputs.add(filled(p.rows(), p.inputs(), numbers));
            results.add(Nd4j.create(DataType.FLOAT, new long[] {p.rows(), p.outputs()}, 'f'));
        }
        for (int set = 0; set < sets; set++) {
            for (Product p : products) {
                weights.add(filled(p.outputs(), p.inputs(), numbers));
            }
        }
    }

    private INDArray filled(int rows, int columns, float[] numbers) {
        INDArray array = Nd4j.createUninitialized(DataType.FLOAT, new long[] {rows, columns}, 'c');
        if (!processor) {
            return array.assign(numbers[0]); // every page is touched; the values do not matter to the speed
        }
        long length = array.length();
        for (long done = 0; done < length; done += BLOCK) {
            pointer(array).position(done).put(numbers, 0, (int) Math.min(BLOCK, length - done));
        }
        return array;
    }

    /** Sets of weights of such a round that together are larger than caches: at most {@code limit}, at least one. */
    public static int setsBeyondCache(List<Product> products, int limit) {
        long bytes = Float.BYTES * products.stream().mapToLong(Product::weights).sum();
        return (int) Math.max(1, Math.min(limit, (BandwidthTimer.BEYOND_CACHE_BYTES + bytes - 1) / bytes));
    }

    /** Multiplications and additions of one round. */
    public double flops() {
        return products.stream().mapToDouble(Product::flops).sum();
    }

    /** Does {@code rounds} rounds of all products and gives the seconds of one. */
    public double secondsPerRound(int rounds) {
        long start = System.nanoTime();
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < products.size(); i++) {
                multiply(products.get(i), inputs.get(i), weights.get(next * products.size() + i), results.get(i));
            }
            next = (next + 1) % sets;
        }
        if (!processor) {
            Nd4j.getExecutioner().commit();
        }
        return (System.nanoTime() - start) / 1e9 / rounds;
    }

    /** The product that {@link #secondsPerRound} did last, one number of it, so that a test can see that it was done. */
    float lastResult(int product, int row, int output) {
        Product p = products.get(product);
        return processor
                ? pointer(results.get(product)).get((long) row * p.outputs() + output)
                : results.get(product).getFloat(row, output);
    }

    private void multiply(Product p, INDArray x, INDArray w, INDArray out) {
        if (!processor) {
            Nd4j.gemm(x, w, out, false, true, 1, 0);
            return;
        }
        cblas_sgemm(
                CblasRowMajor,
                CblasNoTrans,
                CblasTrans,
                p.rows(),
                p.outputs(),
                p.inputs(),
                1,
                pointer(x),
                p.inputs(),
                pointer(w),
                p.inputs(),
                0,
                pointer(out),
                p.outputs());
    }

    private static FloatPointer pointer(INDArray array) {
        return new FloatPointer(array.data().pointer());
    }

    @Override
    public void close() {
        weights.forEach(INDArray::close);
        inputs.forEach(INDArray::close);
        results.forEach(INDArray::close);
    }
}
