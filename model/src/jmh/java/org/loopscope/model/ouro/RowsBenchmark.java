package org.loopscope.model.ouro;

import java.util.concurrent.TimeUnit;
import org.loopscope.model.Precision;
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
 * The kernels that are no products, on the widths of Ouro-1.4B (d 2048, 16 heads of 128, m 5632). Their operands are the
 * same each time, since in a run, too, they were written just before. Those that work in place get numbers that repeating
 * the operation leaves in their range.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RowsBenchmark {
    private static final int D = 2048;
    private static final int M = 5632;
    private static final int HEAD_DIM = 128;
    private static final int TOKENS = 512; // that the last row attends to

    @Param({"1", "64", "256"})
    public int rows;

    @Param("host")
    public String kernels;

    private Operands s; // from allocate to close

    /** Everything for {@code rows} rows; nothing is allocated in a benchmark. */
    private static final class Operands implements AutoCloseable {
        private final Kernels kernels;
        private final BenchmarkMatrices matrices;
        private final Matrix x; // [rows, d]
        private final Matrix norm; // [1, d]
        private final Matrix out; // [rows, d]
        private final Matrix gate; // [rows, m]
        private final Matrix up; // [rows, m]
        private final Matrix keys; // [TOKENS, d]
        private final Matrix values; // [TOKENS, d]
        private final Matrix scratch; // [1, n]
        private final RopeTable rope;

        Operands(Kernels kernels, int rows) {
            this.kernels = kernels;
            matrices = new BenchmarkMatrices(kernels);
            x = matrices.random(rows, D, -1, 1);
            norm = matrices.random(1, D, 0.5f, 1.5f);
            out = matrices.random(rows, D, -1, 1);
            gate = matrices.random(rows, M, -1, -0.1f);
            up = matrices.random(rows, M, 0, 1);
            keepGate();
            keys = matrices.random(TOKENS, D, -1, 1);
            values = matrices.random(TOKENS, D, -1, 1);
            scratch = matrices.random(1, kernels.attentionScratch(rows, TOKENS, D / HEAD_DIM), 0, 1);
            rope = new RopeTable(kernels, TOKENS, HEAD_DIM, 1e6);
        }

        /** up = 1 + exp(−gate) makes gate = silu(gate) · up; for a negative gate repeating it comes back to that point. */
        private void keepGate() {
            float[] g = new float[M];
            for (int r = 0; r < gate.rows(); r++) {
                gate.get(r, 1, g, 0);
                for (int i = 0; i < M; i++) {
                    g[i] = (float) (1 + Math.exp(-g[i]));
                }
                up.put(r, 1, g, 0);
            }
        }

        @Override
        public void close() {
            rope.close();
            matrices.close();
        }
    }

    @Setup
    public void allocate() {
        s = new Operands(BenchmarkMatrices.kernels(kernels, Precision.FLOAT32), rows);
    }

    @Benchmark
    public Object rmsNorm() {
        s.kernels.rmsNorm(s.x, s.norm, 1e-6, s.out);
        return s.out;
    }

    @Benchmark
    public Object swiGlu() {
        s.kernels.swiGlu(s.gate, s.up);
        return s.gate;
    }

    @Benchmark
    public Object rope() {
        s.kernels.rope(s.x, s.rope, TOKENS - rows); // turns only: lengths stay
        return s.x;
    }

    @Benchmark
    public Object attention() {
        s.kernels.attention(s.x, s.keys, s.values, TOKENS - rows, HEAD_DIM, s.scratch, s.out);
        return s.out;
    }

    @TearDown
    public void close() {
        s.close();
    }
}
