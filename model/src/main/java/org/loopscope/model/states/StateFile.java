package org.loopscope.model.states;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A file of states: written piece by piece while a run goes on, then mapped. It is written, not mapped, at first
 * because a full disk then is an error that can be told; in a mapping it would end the program.
 */
final class StateFile implements StateBuffer {
    private static final int BLOCK = 1 << 18; // numbers, 1 MiB
    private static final Cleaner CLEANER = Cleaner.create();
    private static final AtomicLong OPEN_BYTES = new AtomicLong();

    private final StateFolder folder;
    private final FileChannel channel;
    private final Release release;
    private final int length;
    private final ByteBuffer block;
    private boolean finished;

    /** A new file in {@code folder}. */
    StateFile(StateFolder folder, int planes, int length) throws IOException {
        this.folder = folder;
        this.length = length;
        this.block = ByteBuffer.allocateDirect((int) Math.min(BLOCK, (long) planes * length) * Float.BYTES)
                .order(ByteOrder.nativeOrder());
        Path path = TemporaryFiles.newPath(folder.folder());
        this.channel = TemporaryFiles.create(path);
        if (folder.deletesAtOnce()) {
            TemporaryFiles.delete(path);
        }
        this.release = new Release(path, (long) planes * length * Float.BYTES);
    }

    /** Bytes of all files that are in use, in the whole process; what a leak would raise. */
    static long openBytes() {
        return OPEN_BYTES.get();
    }

    @Override
    public void put(int plane, int to, float[] in, int offset, int count) {
        try {
            long position = at(plane, to);
            for (int done = 0; done < count; ) {
                int part = Math.min(count - done, block.capacity() / Float.BYTES);
                block.clear().limit(part * Float.BYTES);
                block.asFloatBuffer().put(in, offset + done, part);
                while (block.hasRemaining()) {
                    position += channel.write(block, position);
                }
                done += part;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void get(int plane, int from, int count, float[] out, int offset) {
        try {
            long position = at(plane, from);
            for (int done = 0; done < count; ) {
                int part = Math.min(count - done, block.capacity() / Float.BYTES);
                block.clear().limit(part * Float.BYTES);
                while (block.hasRemaining()) {
                    int read = channel.read(block, position);
                    if (read < 0) {
                        throw new IOException("the file of states ends before its number " + position / Float.BYTES);
                    }
                    position += read;
                }
                block.flip().asFloatBuffer().get(out, offset + done, part);
                done += part;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long at(int plane, int number) {
        return ((long) plane * length + number) * Float.BYTES;
    }

    @Override
    public States finish(int keptPlanes, int keptLength) {
        try {
            long bytes = at(keptPlanes - 1, keptLength);
            FloatBuffer[] segments = map(bytes);
            MappedStates states =
                    new MappedStates(segments, folder.segmentBytes() / Float.BYTES, length, keptPlanes, keptLength);
            CLEANER.register(states, release);
            finished = true;
            channel.close(); // the mapping stays
            return states;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private FloatBuffer[] map(long bytes) throws IOException {
        long segment = folder.segmentBytes();
        FloatBuffer[] segments = new FloatBuffer[(int) ((bytes + segment - 1) / segment)];
        for (int i = 0; i < segments.length; i++) {
            long start = i * segment;
            segments[i] = channel.map(FileChannel.MapMode.READ_ONLY, start, Math.min(segment, bytes - start))
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
        }
        return segments;
    }

    @Override
    public void close() {
        if (finished) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            release.run();
        }
    }

    /** Deletes the file, once, when it is given up or the states are not reachable any more. */
    private static final class Release implements Runnable {
        private final Path path;
        private final long bytes;
        private final AtomicBoolean done = new AtomicBoolean();

        Release(Path path, long bytes) {
            this.path = path;
            this.bytes = bytes;
            OPEN_BYTES.addAndGet(bytes);
        }

        @Override
        public void run() {
            if (!done.getAndSet(true)) {
                OPEN_BYTES.addAndGet(-bytes);
                TemporaryFiles.delete(path);
            }
        }
    }
}
