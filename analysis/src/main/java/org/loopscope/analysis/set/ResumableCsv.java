package org.loopscope.analysis.set;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.table.CsvText;
import org.loopscope.analysis.table.PlaceOfFile;
import org.loopscope.analysis.table.TableFile;
import org.loopscope.model.base.AtomicFile;
import org.loopscope.model.base.IoReason;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.OutputPath;

/**
 * A CSV file that takes hours to write and survives being stopped at any moment, also without warning.
 *
 * <p>The rows come in items (those of one prompt). While they come they stand in a file of the same name with {@code
 * .part} behind it; {@link #finish} makes the CSV of it. Opening the same file again finds the items that were complete,
 * and the writer goes on after the last of them; half an item at the end is dropped. What is being measured is written
 * down at the start ({@code identity}), and rows of one measurement are never put behind those of another. The memory
 * needed does not grow with the file. One writer at a time, on one thread.
 */
public final class ResumableCsv implements AutoCloseable {
    /** Characters of a value in a sentence. */
    private static final int SHOWN = 80;

    private final Path out;
    private final Path part;
    private final FileChannel channel;
    private final RowBlocks blocks;
    private final PlaceOfFile place;
    private boolean finished;

    private ResumableCsv(Path out, Path part, FileChannel channel, RowBlocks blocks, PlaceOfFile place) {
        this.out = out;
        this.part = part;
        this.channel = channel;
        this.blocks = blocks;
        this.place = place;
    }

    /** The file that holds the rows of an unfinished {@code out}. */
    public static Path partOf(Path out) {
        return TableFile.partOf(out);
    }

    /**
     * Begins {@code out}, or goes on with it where an earlier writer stopped. What stands in {@code out} itself is left
     * alone until {@link #finish}.
     *
     * @param columns names of the columns
     * @param identity what decides the rows, in the words of the user (such as {@code weights}, {@code prompt set}, {@code
     *     steps}) with its values; must be equal, with the columns, for rows to be put behind those of an earlier writer
     * @throws LoopscopeException with one sentence if the file cannot be written, is being written by another program, or
     *     was begun with other values
     */
    public static ResumableCsv open(Path out, List<String> columns, Map<String, String> identity)
            throws LoopscopeException {
        Path part = partOf(out);
        String head = head(columns, identity);
        FileChannel channel = null;
        boolean opened = false;
        try {
            Path target = OutputPath.of(out); // the rows of hours are to find their place at the end
            channel = PlaceOfFile.open(part, Files.exists(target)); // which may be closed to others
            lock(channel, part);
            PlaceOfFile place = PlaceOfFile.of(part);
            RowBlocks blocks = RowBlocks.scan(channel, part);
            if (blocks.count() == 0) {
                blocks.append(head.getBytes(StandardCharsets.UTF_8));
            } else {
                requireSame(part, new String(blocks.first(), StandardCharsets.UTF_8), head);
            }
            opened = true;
            return new ResumableCsv(out, part, channel, blocks, place);
        } catch (IOException e) {
            throw new LoopscopeException("Cannot write " + part + " (" + IoReason.of(e) + ").", e);
        } finally {
            if (!opened) {
                closeQuietly(channel);
            }
        }
    }

    private static void lock(FileChannel channel, Path part) throws IOException, LoopscopeException {
        @Nullable FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) { // held in this program
            lock = null;
        }
        if (lock == null) {
            throw new LoopscopeException("Cannot write " + part + ": another run is writing it at this moment.");
        }
    }

    private static String head(List<String> columns, Map<String, String> identity) {
        StringBuilder head = new StringBuilder();
        identity.forEach((key, value) -> head.append(key)
                .append('=')
                .append(value.replaceAll("\\R", " "))
                .append('\n'));
        return head.append(CsvText.line(columns)).toString();
    }

    private static void requireSame(Path part, String found, String wanted) throws LoopscopeException {
        String[] was = found.split("\n");
        String[] is = wanted.split("\n");
        String columns = is[is.length - 1];
        String before = was[was.length - 1];
        if (!before.equals(columns)) { // the first thing to know: nothing else could make them go together
            throw new LoopscopeException(part + " was begun by a version of the program that writes other columns ("
                    + TableFile.difference(List.of(columns.split(",")), List.of(before.split(",")))
                    + "): finish it with that version, write to another file, or delete it to start again.");
        }
        for (int i = 0; i < Math.max(was.length, is.length); i++) {
            String then = i < was.length ? was[i] : "nothing";
            String now = i < is.length ? is[i] : "nothing";
            if (!then.equals(now)) {
                int same = Arrays.mismatch(then.toCharArray(), now.toCharArray());
                throw new LoopscopeException(part + " was begun with " + brief(then, same) + ", this run has "
                        + brief(now, same)
                        + ": expected the same; finish it with its own settings, write to another file, or delete it to"
                        + " start again.");
            }
        }
    }

    /** A setting and its value; of a long one the part around the character where it differs. */
    private static String brief(String line, int differs) {
        int value = line.indexOf('=') + 1;
        String name = value == 0 ? "" : line.substring(0, value - 1) + " = ";
        int from = line.length() - value <= SHOWN ? value : Math.max(value, differs - SHOWN / 2);
        int to = Math.min(line.length(), from + SHOWN);
        return name + (from > value ? "…" : "") + line.substring(from, to) + (to < line.length() ? "…" : "");
    }

    /** Items that are complete, those of earlier writers included: the 0-based number of the item to append next. */
    public int items() {
        return blocks.count() - 1;
    }

    /**
     * Appends the rows of one item, possibly none, and makes sure that they are on disk.
     *
     * @param rows cells in the order of the columns, as {@link org.loopscope.analysis.table.Columns#cells} gives them
     * @throws LoopscopeException if they cannot be written, or could not be found again, because the folder went or was
     *     closed meanwhile; the items before are kept
     */
    public void append(List<List<String>> rows) throws LoopscopeException {
        StringBuilder text = new StringBuilder();
        rows.forEach(row -> text.append(CsvText.line(row)));
        place.requireUnchanged();
        try {
            blocks.append(text.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new LoopscopeException(
                    "Cannot write " + part + " (" + IoReason.of(e)
                            + "); what is complete is kept, run the same again to go on.",
                    e);
        }
    }

    /**
     * Makes the CSV of all items, moves it into place and removes the unfinished file.
     *
     * @throws LoopscopeException if it cannot be written; all rows are kept in the unfinished file
     */
    public void finish() throws LoopscopeException {
        AtomicFile.write(out, target -> {
            String head = new String(blocks.first(), StandardCharsets.UTF_8);
            int header = head.lastIndexOf('\n', head.length() - 2) + 1;
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(head.substring(header));
            while (bytes.hasRemaining()) {
                target.write(bytes);
            }
            blocks.copyItems(target);
        });
        finished = true;
    }

    /** Lets the file go. Unfinished rows stay for the next writer; a file that got none is removed. */
    @Override
    public void close() throws LoopscopeException {
        try {
            channel.close();
            if (finished || items() == 0) {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw new LoopscopeException("Cannot close " + part + " (" + IoReason.of(e) + ").", e);
        }
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // the reason why it is being closed is on its way to the user
        }
    }
}
