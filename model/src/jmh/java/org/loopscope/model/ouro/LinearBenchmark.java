package org.loopscope.model.ouro;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.loopscope.model.Precision;
import org.loopscope.model.backend.Product;
import org.loopscope.model.backend.ProductTimer;
import org.loopscope.model.base.LoopscopeException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One product x · wᵀ of the shapes of Ouro-1.4B. Its weights are different ones each time, in turn from so many matrices
 * that they do not stay in the caches: where a single row is multiplied, reading them is all the time.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class LinearBenchmark {
    private static final int MOST_MATRICES = 64;

    /** Tokens: one as in generation, and prompts. */
    @Param({"1", "64", "256"})
    public int rows;

    /** Outputs and inputs: attention's projections, the MLP up and down, the unembedding. */
    @Param({"2048x2048", "5632x2048", "2048x5632", "49152x2048"})
    public String weights;

    /** How the weights are held: float32, bf16-weights, bfloat16, int8-weights. */
    @Param("float32")
    public String precision;

    @Param("host")
    public String kernels;

    // From allocate to close.
    private Kernels used;
    private BenchmarkMatrices matrices;
    private List<WeightMatrix> turn; // each [outputs, inputs]
    private Matrix x; // [rows, inputs]
    private Matrix out; // [rows, outputs]
    private int next;

    @Setup
    public void allocate() throws LoopscopeException {
        Precision held = Precision.parse(precision);
        used = BenchmarkMatrices.kernels(kernels, held);
        matrices = new BenchmarkMatrices(used);
        String[] shape = weights.split("x");
        int outputs = Integer.parseInt(shape[0]);
        int inputs = Integer.parseInt(shape[1]);
        int count = ProductTimer.setsBeyondCache(List.of(new Product(rows, inputs, outputs)), MOST_MATRICES)
                * Float.BYTES
                / held.bytesPerWeight();
        turn = IntStream.range(0, count)
                .mapToObj(i -> matrices.weights(outputs, inputs, held))
                .toList();
        x = matrices.random(rows, inputs, -0.5f, 0.5f);
        out = matrices.random(rows, outputs, 0, 1);
    }

    @Benchmark
    public Object linear() {
        used.linear(x, turn.get(next), out);
        next = (next + 1) % turn.size();
        return out;
    }

    @TearDown
    public void close() {
        matrices.close();
    }
}
