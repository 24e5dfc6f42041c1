package org.loopscope.model.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Files that are either the old one or the complete new one, never half of it. An existing file keeps its mode, and its owner
 * and group as far as the system lets; a link stays a link. Another name of the same file (a hard link) keeps the old text.
 */
public final class AtomicFile {
    private AtomicFile() {}

    /** Writes the whole content to a channel. */
    @FunctionalInterface
    public interface Content {
        void writeTo(FileChannel channel) throws IOException, LoopscopeException;
    }

    /**
     * Writes {@code content} to a file beside {@code target} and moves it into place when it is on disk. Removes what
     * earlier programs left beside it that were killed while they wrote.
     *
     * @throws LoopscopeException if that fails; what was at {@code target} is unchanged and nothing is left beside it
     */
    public static void write(Path target, Content content) throws LoopscopeException {
        write(target, false, content);
    }

    /** The same of text, in UTF-8. */
    public static void write(Path target, String text) throws LoopscopeException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
        write(target, channel -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    /** The same for a file that nobody but this user may read, whatever was there. */
    public static void writePrivate(Path target, Content content) throws LoopscopeException {
        write(target, true, content);
    }

    private static void write(Path target, boolean onlyOurs, Content content) throws LoopscopeException {
        Path file = OutputPath.of(target);
        Path folder = Objects.requireNonNull(file.getParent()); // OutputPath gives absolute ones
        PartFile.removeLeft(folder);
        boolean replaces = Files.exists(file);
        try (PartFile part = PartFile.create(folder, onlyOurs || replaces)) {
            content.writeTo(part.channel());
            if (replaces && !onlyOurs) {
                FileAccess.copy(file, part.path());
            }
            part.moveTo(file);
        } catch (IOException e) {
            throw new LoopscopeException(
                    "Cannot write " + ForeignText.shown(target.toString(), 160) + " (" + IoReason.of(e)
                            + "); what was there is unchanged.",
                    e);
        }
    }
}
