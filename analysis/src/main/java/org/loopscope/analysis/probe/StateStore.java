package org.loopscope.analysis.probe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.table.PlaceOfFile;
import org.loopscope.model.base.IoReason;
import org.loopscope.model.base.LoopscopeException;

/**
 * The states of the answer position of many prompts, in a file: one record a prompt, with the state of every place and
 * some whole numbers (the steps' answers). Written as they come; a reader takes one place of all prompts at a time, so
 * that memory holds [n, d] whatever the number of places. Opening an unfinished file goes on after its last complete
 * record. One user at a time.
 */
public final class StateStore implements AutoCloseable {
    private static final String MAGIC = "loopscope-states 1\n";

    private final Path file;
    private final FileChannel channel;
    private final int places;
    private final int width;
    private final int numbers;
    private final long start;
    private final PlaceOfFile place;
    private int count;

    private StateStore(
            Path file, FileChannel channel, PlaceOfFile place, int places, int width, int numbers, long start) {
        this.file = file;
        this.place = place;
        this.channel = channel;
        this.places = places;
        this.width = width;
        this.numbers = numbers;
        this.start = start;
    }

    /**
     * Begins a file or goes on with it.
     *
     * @param identity what decides the states; must be that of the file
     * @param width d
     * @param numbers whole numbers a record
     * @throws LoopscopeException if the file cannot be written, is in use, or was begun with another identity
     */
    public static StateStore open(Path file, String identity, int places, int width, int numbers)
            throws LoopscopeException {
        byte[] head = (MAGIC + identity + "\n" + places + " " + width + " " + numbers + "\n\0")
                .getBytes(StandardCharsets.UTF_8);
        FileChannel channel = null;
        try {
            channel = PlaceOfFile.open(file, true); // beside its rows, and gone with the last of them
            if (!locked(channel)) {
                throw new LoopscopeException(file + ": another probe is using it at this moment.");
            }
            StateStore store = new StateStore(file, channel, PlaceOfFile.of(file), places, width, numbers, head.length);
            store.begin(head);
            return store;
        } catch (IOException e) {
            close(channel);
            throw new LoopscopeException(file + ": cannot be written (" + IoReason.of(e) + ").", e);
        } catch (LoopscopeException e) {
            close(channel);
            throw e;
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static void close(@Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // why it is being closed is on its way to the user
            }
        }
    }

    private void begin(byte[] head) throws IOException, LoopscopeException {
        if (channel.size() < head.length) {
            byte[] found = new byte[(int) channel.size()];
            read(ByteBuffer.wrap(found), 0);
            if (!Arrays.equals(found, Arrays.copyOf(head, found.length))) {
                throw other();
            }
            channel.truncate(0);
            write(ByteBuffer.wrap(head), 0);
            return;
        }
        byte[] found = new byte[head.length];
        read(ByteBuffer.wrap(found), 0);
        if (!Arrays.equals(found, head)) {
            throw other();
        }
        count = (int) ((channel.size() - start) / recordBytes());
        while (count > 0 && !whole(count - 1)) {
            count--;
        }
        channel.truncate(start + count * recordBytes());
    }

    private LoopscopeException other() {
        return new LoopscopeException(file + ": expected the states of this probe, found those of another one (other"
                + " prompts, weights or options); write to another file, or delete it to start again.");
    }

    private long recordBytes() {
        return ((long) places * width + numbers + 1) * Float.BYTES;
    }

    private boolean whole(int index) throws IOException {
        ByteBuffer record = buffer((int) recordBytes());
        read(record, start + index * recordBytes());
        return checksum(record) == record.getInt(record.capacity() - Integer.BYTES);
    }

    private static int checksum(ByteBuffer record) {
        CRC32 crc = new CRC32();
        crc.update(record.array(), 0, record.capacity() - Integer.BYTES);
        return (int) crc.getValue() ^ 0x5f3759df; // so that a record of zeros has not the checksum zero
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Complete records. */
    public int count() {
        return count;
    }

    /**
     * Appends one record.
     *
     * @param states [places][d]
     * @param values whole numbers
     */
    public void append(float[][] states, int[] values) throws LoopscopeException {
        if (states.length != places || values.length != numbers) {
            throw new IllegalArgumentException("record: want " + places + " states and " + numbers + " numbers, got "
                    + states.length + " and " + values.length);
        }
        ByteBuffer record = buffer((int) recordBytes());
        for (float[] state : states) {
            for (float x : state) {
                record.putFloat(x);
            }
        }
        for (int value : values) {
            record.putInt(value);
        }
        record.putInt(checksum(record));
        place.requireUnchanged();
        try {
            write(record.flip(), start + count * recordBytes());
            count++;
        } catch (IOException e) {
            throw new LoopscopeException(
                    file + ": cannot be written (" + IoReason.of(e) + "); what is complete is kept.", e);
        }
    }

    /** The states of one place of all records, [n][d]. */
    public float[][] states(int place) throws LoopscopeException {
        float[][] all = new float[count][width];
        ByteBuffer state = buffer(width * Float.BYTES);
        try {
            for (int i = 0; i < count; i++) {
                state.clear();
                read(state, start + i * recordBytes() + (long) place * width * Float.BYTES);
                state.flip().asFloatBuffer().get(all[i]);
            }
        } catch (IOException e) {
            throw new LoopscopeException(file + ": cannot be read (" + IoReason.of(e) + ").", e);
        }
        return all;
    }

    /** One whole number of all records, [n]. */
    public int[] numbers(int index) throws LoopscopeException {
        int[] all = new int[count];
        ByteBuffer number = buffer(Integer.BYTES);
        try {
            for (int i = 0; i < count; i++) {
                number.clear();
                read(number, start + i * recordBytes() + ((long) places * width + index) * Float.BYTES);
                all[i] = number.getInt(0);
            }
        } catch (IOException e) {
            throw new LoopscopeException(file + ": cannot be read (" + IoReason.of(e) + ").", e);
        }
        return all;
    }

    private void read(ByteBuffer into, long from) throws IOException {
        while (into.hasRemaining()) {
            if (channel.read(into, from + into.position()) < 0) {
                throw new IOException("it ends too early");
            }
        }
    }

    private void write(ByteBuffer bytes, long to) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes, to + bytes.position());
        }
    }

    /** Lets the file go; it stays. */
    @Override
    public void close() throws LoopscopeException {
        try {
            channel.close();
        } catch (IOException e) {
            throw new LoopscopeException(file + ": cannot be closed (" + IoReason.of(e) + ").", e);
        }
    }

    /** Lets the file go and removes it. */
    public void delete() throws LoopscopeException {
        close();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new LoopscopeException(file + ": cannot be removed (" + IoReason.of(e) + ").", e);
        }
    }
}
