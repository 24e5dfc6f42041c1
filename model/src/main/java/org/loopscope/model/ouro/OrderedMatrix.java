package org.loopscope.model.ouro;

import java.nio.ShortBuffer;
import org.bytedeco.javacpp.ShortPointer;
import org.loopscope.model.backend.OneDnn;
import org.loopscope.model.backend.OrderedWeights;
import org.loopscope.model.base.LoopscopeException;

/** A weight matrix [rows, columns] in bfloat16 that is only multiplied with: its rows cannot be read. */
final class OrderedMatrix implements WeightMatrix {
    private static final KeptMemory<ShortPointer> STAGING = new KeptMemory<>(ShortPointer::new);

    private final OrderedWeights weights;
    private final int rows;
    private final int columns;
    private final long sizeBytes;
    private boolean closed;

    /** Memory for [rows, columns]; its content is not defined. */
    OrderedMatrix(OneDnn library, int rows, int columns) {
        this.weights = new OrderedWeights(library, rows, columns);
        this.rows = rows;
        this.columns = columns;
        this.sizeBytes = weights.sizeBytes();
        Matrix.countOpen(sizeBytes);
    }

    /** Writes rows in bfloat16, [count, columns], to {@code out}. */
    @FunctionalInterface
    interface RowSource {
        void read(int first, int count, ShortBuffer out) throws LoopscopeException;
    }

    OrderedWeights weights() {
        return weights;
    }

    /** Takes all rows from {@code source}, which is asked for a share of them at a time. */
    void putAll(RowSource source) throws LoopscopeException {
        for (int share = 0; share < weights.shares(); share++) {
            int count = weights.rows(share);
            ShortPointer staging = STAGING.of((long) count * columns);
            source.read(weights.first(share), count, staging.asBuffer().limit(count * columns));
            weights.put(share, staging);
        }
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int columns() {
        return columns;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Matrix.countOpen(-sizeBytes);
            weights.close();
        }
    }
}
