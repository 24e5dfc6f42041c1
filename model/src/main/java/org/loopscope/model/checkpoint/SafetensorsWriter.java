package org.loopscope.model.checkpoint;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.loopscope.model.base.AtomicFile;
import org.loopscope.model.base.Bfloat16;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

/**
 * Writes a safetensors file without holding it in memory: tensors are named with their shapes first, and asked for in
 * blocks of rows while the file is written. A row is the last dimension of a tensor, rows count through all the others
 * in row-major order. The file is written beside its target and moved into place when it is complete.
 *
 * <p>Tensors are laid out by falling element size, so that each is aligned for readers that map the file.
 */
public final class SafetensorsWriter {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int BLOCK_ELEMENTS =
            1 << 22; // 16 MiB of float32 at a time: enough rows of logits for a fast product

    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final List<Pending> tensors = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    /** Fills {@code rows} rows from {@code firstRow} into {@code out}, from its start. Called with rising rows. */
    @FunctionalInterface
    public interface FloatRows {
        void fill(long firstRow, int rows, float[] out) throws LoopscopeException;
    }

    /** As {@link FloatRows}, in double. */
    @FunctionalInterface
    public interface DoubleRows {
        void fill(long firstRow, int rows, double[] out) throws LoopscopeException;
    }

    /** As {@link FloatRows}, in 32-bit integers. */
    @FunctionalInterface
    public interface IntRows {
        void fill(long firstRow, int rows, int[] out) throws LoopscopeException;
    }

    /** As {@link FloatRows}, in 64-bit integers. */
    @FunctionalInterface
    public interface LongRows {
        void fill(long firstRow, int rows, long[] out) throws LoopscopeException;
    }

    /** Adds free text to the header. */
    public SafetensorsWriter metadata(String key, String value) {
        metadata.put(key, value);
        return this;
    }

    /** Adds an F32 tensor; {@code shape} has at least one dimension. */
    public SafetensorsWriter floats(String name, FloatRows rows, long... shape) {
        return add(name, DType.F32, shape, p -> {
            float[] values = new float[p.blockRows * p.rowLength];
            return (first, count, out) -> {
                rows.fill(first, count, values);
                out.asFloatBuffer().put(values, 0, count * p.rowLength);
            };
        });
    }

    /** Adds a BF16 tensor; values are rounded to the nearest, ties to even. */
    public SafetensorsWriter bfloat16(String name, FloatRows rows, long... shape) {
        return add(name, DType.BF16, shape, p -> {
            float[] values = new float[p.blockRows * p.rowLength];
            return (first, count, out) -> {
                rows.fill(first, count, values);
                for (int i = 0; i < count * p.rowLength; i++) {
                    out.putShort(i * Short.BYTES, Bfloat16.round(values[i]));
                }
            };
        });
    }

    /** Adds an F64 tensor. */
    public SafetensorsWriter doubles(String name, DoubleRows rows, long... shape) {
        return add(name, DType.F64, shape, p -> {
            double[] values = new double[p.blockRows * p.rowLength];
            return (first, count, out) -> {
                rows.fill(first, count, values);
                out.asDoubleBuffer().put(values, 0, count * p.rowLength);
            };
        });
    }

    /** Adds an I32 tensor. */
    public SafetensorsWriter ints(String name, IntRows rows, long... shape) {
        return add(name, DType.I32, shape, p -> {
            int[] values = new int[p.blockRows * p.rowLength];
            return (first, count, out) -> {
                rows.fill(first, count, values);
                out.asIntBuffer().put(values, 0, count * p.rowLength);
            };
        });
    }

    /** Adds an I64 tensor. */
    public SafetensorsWriter longs(String name, LongRows rows, long... shape) {
        return add(name, DType.I64, shape, p -> {
            long[] values = new long[p.blockRows * p.rowLength];
            return (first, count, out) -> {
                rows.fill(first, count, values);
                out.asLongBuffer().put(values, 0, count * p.rowLength);
            };
        });
    }

    private SafetensorsWriter add(String name, DType dtype, long[] shape, SourceFactory source) {
        if (!names.add(name) || name.equals("__metadata__")) {
            throw new IllegalArgumentException("tensor name: want one that is not taken, got " + name);
        }
        tensors.add(new Pending(name, dtype, shape, source));
        return this;
    }

    /**
     * Writes the file; what was at {@code target} before is replaced only by a complete file.
     *
     * @throws LoopscopeException if it cannot be written, or a supplier throws it; the old file is unchanged then
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled; the old file is unchanged
     */
    public void write(Path target, RunControl control) throws LoopscopeException {
        List<Pending> ordered = new ArrayList<>(tensors);
        ordered.sort(Comparator.comparingInt((Pending p) -> -p.dtype.sizeBytes()));
        AtomicFile.write(target, channel -> {
            writeFully(channel, header(ordered));
            long total = ordered.stream().mapToLong(Pending::sizeBytes).sum();
            int largest = ordered.stream().mapToInt(Pending::blockBytes).max().orElse(0);
            ByteBuffer block = ByteBuffer.allocateDirect(largest).order(ByteOrder.LITTLE_ENDIAN);
            long done = 0;
            for (Pending tensor : ordered) {
                done = writeTensor(channel, tensor, block, control, done, total);
            }
        });
    }

    private ByteBuffer header(List<Pending> ordered) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode texts = root.putObject("__metadata__");
            metadata.forEach(texts::put);
        }
        long offset = 0;
        for (Pending tensor : ordered) {
            ObjectNode node = root.putObject(tensor.name).put("dtype", tensor.dtype.name());
            var shape = node.putArray("shape");
            for (long size : tensor.shape) {
                shape.add(size);
            }
            node.putArray("data_offsets").add(offset).add(offset + tensor.sizeBytes());
            offset += tensor.sizeBytes();
        }
        byte[] json = JSON.writeValueAsBytes(root);
        int padded = (json.length + 7) / 8 * 8; // data starts at a multiple of 8 bytes
        ByteBuffer buffer = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(padded).put(json);
        while (buffer.hasRemaining()) {
            buffer.put((byte) ' ');
        }
        return buffer.flip();
    }

    private static long writeTensor(
            FileChannel channel, Pending tensor, ByteBuffer block, RunControl control, long before, long total)
            throws IOException, LoopscopeException {
        long done = before;
        if (tensor.sizeBytes() == 0) {
            return done;
        }
        Source source = tensor.factory.open(tensor);
        int rowBytes = tensor.rowLength * tensor.dtype.sizeBytes();
        for (long row = 0; row < tensor.rows; row += tensor.blockRows) {
            control.checkCancelled();
            int count = (int) Math.min(tensor.blockRows, tensor.rows - row);
            block.clear();
            source.fill(row, count, block);
            writeFully(channel, block.limit(count * rowBytes));
            done += (long) count * rowBytes;
            control.progress("writing", done, total);
        }
        return done;
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private interface Source {
        void fill(long firstRow, int rows, ByteBuffer out) throws LoopscopeException;
    }

    private interface SourceFactory {
        Source open(Pending tensor);
    }

    /** A tensor that is still to be written, and how its rows are grouped into blocks. */
    private static final class Pending {
        private final String name;
        private final DType dtype;
        private final long[] shape;
        private final SourceFactory factory;
        private final int rowLength;
        private final long rows;
        private final int blockRows;

        private Pending(String name, DType dtype, long[] shape, SourceFactory factory) {
            if (shape.length == 0) {
                throw new IllegalArgumentException("shape of " + name + ": want at least one dimension, got none");
            }
            this.name = name;
            this.dtype = dtype;
            this.shape = shape.clone();
            this.factory = factory;
            this.rowLength = Math.toIntExact(shape[shape.length - 1]);
            long count = 1;
            for (int i = 0; i < shape.length - 1; i++) {
                count = Math.multiplyExact(count, shape[i]);
            }
            this.rows = count;
            this.blockRows = (int) Math.max(1, Math.min(rows, BLOCK_ELEMENTS / Math.max(1, rowLength)));
        }

        private int blockBytes() {
            return Math.multiplyExact(Math.multiplyExact(blockRows, rowLength), dtype.sizeBytes());
        }

        private long sizeBytes() {
            return Math.multiplyExact(Math.multiplyExact(rows, (long) rowLength), (long) dtype.sizeBytes());
        }
    }
}
