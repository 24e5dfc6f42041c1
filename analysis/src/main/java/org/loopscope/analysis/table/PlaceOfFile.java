package org.loopscope.analysis.table;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.base.FileAccess;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.IoReason;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.OutputPath;

/**
 * A file that is open for hours, and its folder. An open file takes rows also after its name was deleted, and they are lost
 * with the program; a folder that may not be written any more would be noticed only at the end.
 */
public final class PlaceOfFile {
    private static final int MOST_BYTES = 255; // of a name, on the usual file systems
    private static final int HASH_DIGITS = 8;

    private final Path file;
    private final @Nullable Object key; // what the system knows the file by; null where it has no such thing

    private PlaceOfFile(Path file, @Nullable Object key) {
        this.file = file;
        this.key = key;
    }

    /**
     * Opens a file to go on with it, or a new one.
     *
     * @param onlyOurs whether nobody else may read a new one
     */
    public static FileChannel open(Path file, boolean onlyOurs) throws IOException, LoopscopeException {
        return FileChannel.open(
                OutputPath.of(file),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                FileAccess.ofNewFile(file, onlyOurs));
    }

    /** @param file as it is now */
    public static PlaceOfFile of(Path file) throws IOException {
        return new PlaceOfFile(
                file, Files.readAttributes(file, BasicFileAttributes.class).fileKey());
    }

    /** @throws LoopscopeException if the file is not there any more, or its folder may not be written any more */
    public void requireUnchanged() throws LoopscopeException {
        String name = ForeignText.shown(file.toString(), 160);
        try {
            Object now = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            if (!Objects.equals(now, key)) {
                throw new LoopscopeException(
                        name + " was replaced while it was written: the rows so far are lost, start again.");
            }
        } catch (IOException e) {
            throw new LoopscopeException(
                    name + " was deleted or moved away while it was written (" + IoReason.of(e)
                            + "): the rows so far are lost unless it is put back; start again.",
                    e);
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.isWritable(folder)) {
            throw new LoopscopeException(
                    "Cannot write " + name
                            + ": its folder may not be written any more; what is complete is kept, run the same again to go on.");
        }
    }

    /**
     * {@code file} with {@code ending} behind its name. A name that would be too long for a file system loses what does not
     * fit, and gets digits made of all of it instead.
     */
    public static Path beside(Path file, String ending) {
        String name = String.valueOf(file.getFileName());
        if (bytes(name + ending) <= MOST_BYTES) {
            return file.resolveSibling(name + ending);
        }
        String digits = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8))
                .toString()
                .substring(0, HASH_DIGITS);
        String end = "-" + digits + ending;
        String start = name;
        while (bytes(start + end) > MOST_BYTES) {
            start = start.substring(0, start.offsetByCodePoints(start.length(), -1));
        }
        return file.resolveSibling(start + end);
    }

    private static int bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }
}
