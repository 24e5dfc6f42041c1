package org.loopscope.model.ouro;

import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.loopscope.model.Precision;
import org.loopscope.model.base.Bfloat16;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.checkpoint.Checkpoint;
import org.loopscope.model.checkpoint.DType;
import org.loopscope.model.checkpoint.OuroTensors;
import org.loopscope.model.checkpoint.ParallelTasks;
import org.loopscope.model.checkpoint.TensorInfo;

/**
 * Reads the weights of a checkpoint into the memory of the model, several tensors at a time, and hashes each while its
 * pages are at hand.
 */
final class WeightReader {
    private static final int BLOCK = 1 << 20; // numbers that are widened at a time before they are rounded

    private final Checkpoint checkpoint;
    private final Precision precision;
    private final Kernels kernels;
    private final RunControl control;
    private final long total;
    private final AtomicLong done = new AtomicLong();
    private final Map<String, WeightMatrix> loaded = new ConcurrentHashMap<>();
    private final Map<String, String> hashes = new ConcurrentHashMap<>();

    /** @param kernels that will work on the weights; packed ones lie in the processor's memory whatever they are */
    WeightReader(Checkpoint checkpoint, Precision precision, Kernels kernels, RunControl control) {
        this.checkpoint = checkpoint;
        this.precision = precision;
        this.kernels = kernels;
        this.control = control;
        this.total = checkpoint.weightBytes();
    }

    /** Bytes that the weights of a checkpoint take in memory. */
    static long bytes(Checkpoint checkpoint, Precision precision, Kernels kernels) {
        return checkpoint.tensors().stream()
                .mapToLong(tensor -> {
                    if (!isPacked(tensor, precision)) {
                        return Float.BYTES * tensor.elements();
                    }
                    int columns = columns(tensor);
                    int rows = (int) (tensor.elements() / columns);
                    long packed = PackedMatrix.bytes(rows, columns, precision.bytesPerWeight());
                    return isOrdered(tensor, precision)
                            ? kernels.orderedBytes(rows, columns).orElse(packed)
                            : packed;
                })
                .sum();
    }

    /**
     * Reads all weights, with progress in stored bytes.
     *
     * @throws LoopscopeException if a tensor cannot be read, is larger than 2 GiB, or cannot be held in that precision
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled; nothing stays allocated
     */
    Weights read() throws LoopscopeException {
        List<TensorInfo> tensors = new ArrayList<>(checkpoint.tensors());
        for (TensorInfo tensor : tensors) {
            check(tensor);
        }
        tensors.sort(Comparator.comparingLong(TensorInfo::elements).reversed()); // the long ones not at the end
        boolean complete = false;
        try {
            ParallelTasks.run(tensors.stream()
                    .map(tensor -> (ParallelTasks.Task) () -> read(tensor))
                    .toList());
            control.checkCancelled(); // also where the last tensors were under way when the cancel came
            Weights weights = new Weights(checkpoint.config(), loaded);
            complete = true;
            return weights;
        } finally {
            if (!complete) {
                loaded.values().forEach(WeightMatrix::close);
            }
        }
    }

    /** {@link Checkpoint#weightHash} of what {@link #read} read. */
    String weightHash() {
        return checkpoint.weightHash(hashes);
    }

    private void check(TensorInfo tensor) throws LoopscopeException {
        long limit = Integer.MAX_VALUE / Float.BYTES;
        if (tensor.elements() > limit) {
            throw new LoopscopeException(tensor.name() + ": expected at most " + limit
                    + " numbers in one tensor, found " + tensor.elements() + ".");
        }
        if (precision == Precision.BFLOAT16_WEIGHTS && isPacked(tensor, precision) && tensor.dtype() != DType.BF16) {
            throw new LoopscopeException(
                    tensor.name() + ": " + precision.cliName() + " holds bfloat16 weights as they are"
                            + " stored: expected BF16, found " + tensor.dtype() + "; choose "
                            + Precision.FLOAT32.cliName() + ".");
        }
    }

    /** Matrices are packed; norms and the gate are not. */
    private static boolean isPacked(TensorInfo tensor, Precision precision) {
        return precision != Precision.FLOAT32
                && tensor.shape().size() == 2
                && tensor.shape().get(0) > 1;
    }

    /** bfloat16 matrices that are only multiplied with. The embedding's rows are read, and it may be the unembedding too. */
    private static boolean isOrdered(TensorInfo tensor, Precision precision) {
        return isPacked(tensor, precision)
                && precision != Precision.INT8_WEIGHTS
                && !tensor.name().equals(OuroTensors.EMBEDDING);
    }

    private static int columns(TensorInfo tensor) {
        List<Long> shape = tensor.shape();
        return shape.get(shape.size() - 1).intValue();
    }

    private void read(TensorInfo tensor) throws LoopscopeException {
        control.checkCancelled();
        if (isPacked(tensor, precision)) {
            readPacked(tensor);
        } else {
            int columns = columns(tensor);
            Matrix matrix = kernels.allocate((int) (tensor.elements() / columns), columns);
            loaded.put(tensor.name(), matrix);
            checkpoint.readFloat32(tensor.name(), matrix.window());
            matrix.written();
        }
        hashes.put(tensor.name(), checkpoint.tensorHash(tensor.name(), control));
        control.progress("loading weights", done.addAndGet(tensor.sizeBytes()), total);
    }

    private void readPacked(TensorInfo tensor) throws LoopscopeException {
        int columns = columns(tensor);
        int rows = (int) (tensor.elements() / columns);
        if (isOrdered(tensor, precision)) {
            Optional<OrderedMatrix> ordered = kernels.allocateOrdered(rows, columns);
            if (ordered.isPresent()) {
                loaded.put(tensor.name(), ordered.get());
                ordered.get().putAll((first, count, out) -> readRows(tensor, first, count, out));
                return;
            }
        }
        PackedMatrix matrix = precision == Precision.INT8_WEIGHTS
                ? PackedMatrix.int8(rows, columns)
                : PackedMatrix.bfloat16(rows, columns);
        loaded.put(tensor.name(), matrix);
        if (tensor.dtype() == DType.BF16 && !matrix.isInt8()) {
            copy(tensor, matrix);
            return;
        }
        int block = Math.max(1, BLOCK / columns);
        float[] values = new float[block * columns];
        for (int row = 0; row < rows; row += block) {
            control.checkCancelled();
            int count = Math.min(block, rows - row);
            checkpoint.readFloat32(tensor.name(), (long) row * columns, count * columns, values, 0);
            for (int r = 0; r < count; r++) {
                matrix.putRow(row + r, values, r * columns);
            }
        }
    }

    /** Rows in bfloat16, as they are stored or rounded. */
    private void readRows(TensorInfo tensor, int first, int count, ShortBuffer out) throws LoopscopeException {
        control.checkCancelled();
        int columns = columns(tensor);
        if (tensor.dtype() == DType.BF16) {
            ShortBuffer all = checkpoint.bytes(tensor.name()).asShortBuffer();
            copy(tensor, () -> out.put(all.slice(first * columns, count * columns)));
            return;
        }
        float[] values = new float[columns];
        short[] rounded = new short[columns];
        for (int row = first; row < first + count; row++) {
            checkpoint.readFloat32(tensor.name(), (long) row * columns, columns, values, 0);
            for (int i = 0; i < columns; i++) {
                rounded[i] = Bfloat16.round(values[i]);
            }
            out.put(rounded);
        }
    }

    private void copy(TensorInfo tensor, PackedMatrix matrix) throws LoopscopeException {
        ShortBuffer stored = checkpoint.bytes(tensor.name()).asShortBuffer();
        copy(tensor, () -> matrix.putAllBfloat16(stored));
    }

    private static void copy(TensorInfo tensor, Runnable copy) throws LoopscopeException {
        try {
            copy.run();
        } catch (InternalError e) { // a page of the mapping is gone
            throw new LoopscopeException(tensor.name() + ": the file changed while it was read.", e);
        }
    }
}
