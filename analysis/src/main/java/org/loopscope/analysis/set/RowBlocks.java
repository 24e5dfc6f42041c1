package org.loopscope.analysis.set;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.loopscope.model.base.LoopscopeException;

/**
 * The unfinished file: blocks of bytes, each behind a line {@code #loopscope-rows NUMBER BYTES CRC32}. A block counts when
 * all its bytes are there and have the checksum, so that one cut short, or left as zeros by a machine that lost its power,
 * is seen and dropped with what follows.
 */
final class RowBlocks {
    private static final String MAGIC = "#loopscope-rows ";
    private static final Pattern LINE = Pattern.compile(MAGIC + "(\\d{1,9}) (\\d{1,9}) ([0-9a-f]{1,8})");
    private static final int LONGEST_LINE = 64;
    private static final int COPY = 1 << 16;

    private final FileChannel channel;
    private int count;
    private long end;
    private byte[] first = new byte[0];

    private RowBlocks(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Finds the blocks that are complete and cuts off what stands behind them.
     *
     * @throws LoopscopeException if the file is not one of ours, which is then left as it is
     */
    static RowBlocks scan(FileChannel channel, Path name) throws IOException, LoopscopeException {
        RowBlocks blocks = new RowBlocks(channel);
        requireOurs(channel, name);
        InputStream in = new BufferedInputStream(Channels.newInputStream(channel.position(0)), COPY);
        Optional<Block> block = blocks.next(in);
        while (block.isPresent()) {
            if (blocks.count == 0) {
                blocks.first = block.get().bytes;
            }
            blocks.count++;
            blocks.end += block.get().total;
            block = blocks.next(in);
        }
        channel.truncate(blocks.end);
        return blocks;
    }

    private static void requireOurs(FileChannel channel, Path name) throws IOException, LoopscopeException {
        ByteBuffer start = ByteBuffer.allocate(MAGIC.length());
        while (start.hasRemaining() && channel.read(start, start.position()) >= 0) {
            // read on
        }
        String found = new String(start.array(), 0, start.position(), StandardCharsets.ISO_8859_1);
        if (!MAGIC.startsWith(found)) {
            throw new LoopscopeException(name + ": expected the unfinished rows of an earlier run, found another file;"
                    + " move it away or write to another file.");
        }
    }

    /** @param total bytes of the block with its line */
    private record Block(byte[] bytes, long total) {}

    /** The next complete block, or nothing at the end or before bytes that are no complete block. */
    private Optional<Block> next(InputStream in) throws IOException {
        String line = line(in);
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches() || Integer.parseInt(matcher.group(1)) != count) {
            return Optional.empty();
        }
        int size = Integer.parseInt(matcher.group(2));
        byte[] bytes = in.readNBytes(size);
        boolean whole = bytes.length == size && checksum(bytes).equals(matcher.group(3));
        return whole ? Optional.of(new Block(bytes, line.length() + 1L + size)) : Optional.empty();
    }

    /** A line without its end, or the empty text if it has none. */
    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int b = in.read();
        while (b >= 0 && b != '\n' && line.length() < LONGEST_LINE) {
            line.append((char) b);
            b = in.read();
        }
        return b == '\n' ? line.toString() : "";
    }

    private static String checksum(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return Long.toHexString(crc.getValue());
    }

    /** Complete blocks. */
    int count() {
        return count;
    }

    /** The bytes of block 0. */
    byte[] first() {
        return first.clone();
    }

    /** Writes a block behind the others and waits until it is on disk. */
    void append(byte[] bytes) throws IOException {
        byte[] line = (MAGIC + count + " " + bytes.length + " " + checksum(bytes) + "\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer both = ByteBuffer.allocate(line.length + bytes.length);
        both.put(line).put(bytes).flip();
        long position = end;
        while (both.hasRemaining()) {
            position += channel.write(both, position);
        }
        channel.force(false);
        if (count == 0) {
            first = bytes.clone();
        }
        end = position;
        count++;
    }

    /** Copies the bytes of all blocks but the first, one behind the other. */
    void copyItems(WritableByteChannel target) throws IOException {
        InputStream in = new BufferedInputStream(Channels.newInputStream(channel.position(0)), COPY);
        int all = count;
        for (count = 0; count < all; ) {
            Block block =
                    next(in).orElseThrow(() -> new IOException("the unfinished file was changed by another program"));
            ByteBuffer bytes = ByteBuffer.wrap(block.bytes);
            while (count > 0 && bytes.hasRemaining()) {
                target.write(bytes);
            }
            count++;
        }
    }
}
