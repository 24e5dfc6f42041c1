package org.loopscope.model.ouro;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.loopscope.model.Precision;
import org.loopscope.model.base.Bfloat16;
import org.loopscope.model.base.LoopscopeException;

/** Matrices of random numbers for one benchmark, closed together. */
final class BenchmarkMatrices implements AutoCloseable {
    private final Kernels kernels;
    private final Random random = new Random(1);
    private final List<WeightMatrix> all = new ArrayList<>();

    BenchmarkMatrices(Kernels kernels) {
        this.kernels = kernels;
    }

    /** The kernels that {@code name} stands for: {@code host} or {@code nd4j}. */
    static Kernels kernels(String name, Precision precision) {
        boolean bfloat16 = precision == Precision.BFLOAT16;
        return switch (name) {
            case "host" -> new HostKernels(bfloat16);
            case "nd4j" -> new Nd4jKernels(bfloat16);
            default -> throw new IllegalArgumentException("kernels: want host or nd4j, got " + name);
        };
    }

    /** [rows, columns] of numbers from {@code low} to {@code high}; rows repeat after 64, which no kernel can notice. */
    Matrix random(int rows, int columns, float low, float high) {
        Matrix matrix = kernels.allocate(rows, columns);
        all.add(matrix);
        int block = Math.min(rows, 64);
        float[] numbers = new float[block * columns];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = low + (high - low) * random.nextFloat();
        }
        for (int row = 0; row < rows; row += block) {
            matrix.put(row, Math.min(block, rows - row), numbers, 0);
        }
        return matrix;
    }

    /** [rows, columns] of numbers from −0.5 to 0.5, held as {@code precision} says. */
    WeightMatrix weights(int rows, int columns, Precision precision) {
        if (precision == Precision.FLOAT32) {
            return random(rows, columns, -0.5f, 0.5f);
        }
        float[] row = new float[columns];
        for (int i = 0; i < columns; i++) {
            row[i] = random.nextFloat() - 0.5f;
        }
        Optional<OrderedMatrix> ordered =
                precision == Precision.INT8_WEIGHTS ? Optional.empty() : kernels.allocateOrdered(rows, columns);
        if (ordered.isPresent()) {
            all.add(ordered.get());
            put(ordered.get(), row);
            return ordered.get();
        }
        PackedMatrix matrix = precision == Precision.INT8_WEIGHTS
                ? PackedMatrix.int8(rows, columns)
                : PackedMatrix.bfloat16(rows, columns);
        all.add(matrix);
        for (int r = 0; r < rows; r++) {
            matrix.putRow(r, row, 0);
        }
        return matrix;
    }

    private static void put(OrderedMatrix matrix, float[] row) {
        try {
            matrix.putAll((first, count, out) -> {
                for (int i = 0; i < count * row.length; i++) {
                    out.put(Bfloat16.round(row[i % row.length]));
                }
            });
        } catch (LoopscopeException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        all.forEach(WeightMatrix::close);
    }
}
