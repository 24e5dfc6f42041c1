package org.loopscope.model.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.InputFile;
import org.loopscope.model.base.IoReason;
import org.loopscope.model.base.LoopscopeException;
import org.slf4j.LoggerFactory;

/**
 * A safetensors file open for reading. The header is checked completely when the file is opened; tensors are
 * memory-mapped one by one when they are read, so the file may be larger than memory. Safe to use from several
 * threads. Format: 8 bytes little-endian header length, JSON header, data (github.com/huggingface/safetensors).
 */
public final class SafetensorsFile implements AutoCloseable {
    private final String name;
    private final FileChannel channel;
    private final SafetensorsHeader header;

    private SafetensorsFile(String name, FileChannel channel, SafetensorsHeader header) {
        this.name = name;
        this.channel = channel;
        this.header = header;
    }

    /**
     * Opens {@code file} and checks its header against its size.
     *
     * @throws LoopscopeException with file, tensor, expected and found, if the file cannot be read or its header is
     *     damaged; nothing but the header was allocated then
     */
    public static SafetensorsFile open(Path file) throws LoopscopeException {
        String name = ForeignText.shown(
                file.getFileName() == null
                        ? file.toString()
                        : file.getFileName().toString());
        if (!Files.isRegularFile(file)) { // opening a pipe would wait for a writer
            throw new LoopscopeException(name + ": expected a safetensors file, found " + InputFile.kind(file) + ".");
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
            SafetensorsFile opened = new SafetensorsFile(name, channel, SafetensorsHeader.read(name, channel));
            channel = null;
            return opened;
        } catch (IOException e) {
            throw new LoopscopeException(name + ": could not be read (" + IoReason.of(e) + ").", e);
        } finally {
            closeQuietly(channel);
        }
    }

    /** Names of all tensors, also of those whose type this program does not know. */
    Set<String> names() {
        Set<String> names = new TreeSet<>(header.tensors().keySet());
        names.addAll(header.foreignTypes().keySet());
        return names;
    }

    /** File name without folder, as errors show it. */
    public String name() {
        return name;
    }

    /** All tensors of known types, in the order of their data. */
    public Collection<TensorInfo> tensors() {
        return header.tensors().values();
    }

    public Optional<TensorInfo> find(String tensor) {
        return Optional.ofNullable(header.tensors().get(tensor));
    }

    /**
     * The tensor of that name.
     *
     * @throws LoopscopeException naming tensor and file if there is none
     */
    public TensorInfo tensor(String tensor) throws LoopscopeException {
        TensorInfo info = header.tensors().get(tensor);
        if (info != null) {
            return info;
        }
        @Nullable String foreign = header.foreignTypes().get(tensor);
        throw new LoopscopeException(place(tensor) + ": expected "
                + (foreign == null
                        ? "this tensor, found none."
                        : "F32, F16 or BF16, found " + ForeignText.shown(foreign) + "."));
    }

    /** A tensor and this file, as sentences begin. */
    private String place(String tensor) {
        return ForeignText.shown(tensor) + " in " + name;
    }

    /** Free text that the header carries; empty if it has none. */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /**
     * The bytes of one tensor: a read-only little-endian view of the file, mapped now and unmapped when unreachable.
     *
     * @throws LoopscopeException if the tensor is not there, is larger than 2 GB, or cannot be mapped
     */
    public ByteBuffer bytes(String tensor) throws LoopscopeException {
        TensorInfo info = tensor(tensor);
        checkMappable(info);
        return map(info, info.offset(), info.sizeBytes());
    }

    private ByteBuffer map(TensorInfo info, long offset, long bytes) throws LoopscopeException {
        try {
            return channel.map(FileChannel.MapMode.READ_ONLY, offset, bytes).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new LoopscopeException(place(info.name()) + ": could not be read (" + IoReason.of(e) + ").", e);
        }
    }

    /**
     * Widens an F32, F16 or BF16 tensor into {@code target}, in row-major order, advancing its position.
     *
     * @throws IllegalArgumentException if {@code target} does not have room for all elements
     * @throws LoopscopeException if the tensor is not there, has another dtype or cannot be read
     */
    public void readFloat32(String tensor, FloatBuffer target) throws LoopscopeException {
        TensorInfo info = tensor(tensor);
        if (target.remaining() < info.elements()) {
            throw new IllegalArgumentException(
                    tensor + ": want room for " + info.elements() + " floats, got " + target.remaining());
        }
        checkWeightType(info);
        widen(info, bytes(tensor), target);
    }

    /** Widens an F32, F16 or BF16 tensor into {@code target} from {@code offset}; as {@link #readFloat32(String, FloatBuffer)}. */
    public void readFloat32(String tensor, float[] target, int offset) throws LoopscopeException {
        readFloat32(tensor, FloatBuffer.wrap(target, offset, target.length - offset));
    }

    /**
     * Widens {@code count} elements from element {@code first} of an F32, F16 or BF16 tensor, which may be larger than
     * 2 GB, into {@code target} from {@code offset}.
     */
    public void readFloat32(String tensor, long first, int count, float[] target, int offset)
            throws LoopscopeException {
        TensorInfo info = tensor(tensor);
        Objects.checkFromIndexSize(first, count, info.elements());
        checkWeightType(info);
        int size = info.dtype().sizeBytes();
        FloatBuffer out = FloatBuffer.wrap(target, offset, count);
        int window = Integer.MAX_VALUE / size;
        for (long done = 0; done < count; done += window) {
            long bytes = Math.min(window, count - done) * size;
            widen(info, map(info, info.offset() + (first + done) * size, bytes), out);
        }
    }

    private void widen(TensorInfo info, ByteBuffer source, FloatBuffer target) throws LoopscopeException {
        try {
            Widening.widen(info.dtype(), source, target);
        } catch (InternalError e) { // a page of the mapping is gone: the file was cut short after it was opened
            throw new LoopscopeException(place(info.name()) + ": the file changed while it was read.", e);
        }
    }

    void checkMappable(TensorInfo info) throws LoopscopeException {
        if (info.sizeBytes() > Integer.MAX_VALUE) {
            throw new LoopscopeException(place(info.name()) + ": expected a tensor of at most " + Integer.MAX_VALUE
                    + " bytes, found " + info.sizeBytes() + ".");
        }
    }

    void checkWeightType(TensorInfo info) throws LoopscopeException {
        if (!info.dtype().isWeight()) {
            throw new LoopscopeException(
                    place(info.name()) + ": expected F32, F16 or BF16, found " + info.dtype() + ".");
        }
    }

    /** Closes the file; buffers already given out stay readable. */
    @Override
    public void close() {
        closeQuietly(channel);
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // open for reading only: there is nothing that could be lost
                LoggerFactory.getLogger(SafetensorsFile.class).debug("close", e);
            }
        }
    }
}
