package org.loopscope.model.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.base.IoReason;

/** Files that are either the old one or the complete new one, never half of it. */
public final class AtomicFile {
    private AtomicFile() {}

    /** Writes the whole content to a channel. */
    @FunctionalInterface
    public interface Content {
        void writeTo(FileChannel channel) throws IOException, LoopscopeException;
    }

    /**
     * Writes {@code content} to a file beside {@code target} and moves it into place when it is on disk.
     *
     * @throws LoopscopeException if that fails; what was at {@code target} is unchanged and nothing is left beside it
     */
    public static void write(Path target, Content content) throws LoopscopeException {
        try {
            Path real = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
            if (Files.exists(real) && !Files.isRegularFile(real)) { // a device such as /dev/null would be replaced
                throw new LoopscopeException("Cannot write " + target + ": expected the name of a file, found "
                        + (Files.isDirectory(real) ? "a folder." : "something else of that name."));
            }
            Path folder = real.getParent();
            if (folder == null || !Files.isDirectory(folder)) {
                throw new LoopscopeException("Cannot write " + target + ": expected the folder to exist, found none.");
            }
            writeBeside(real, folder, content);
        } catch (IOException e) {
            throw new LoopscopeException(
                    "Cannot write " + target + " (" + IoReason.of(e) + "); what was there is unchanged.", e);
        }
    }

    private static void writeBeside(Path real, Path folder, Content content) throws IOException, LoopscopeException {
        Path part = folder.resolve("." + real.getFileName() + "." + UUID.randomUUID() + ".part");
        boolean moved = false;
        try {
            try (FileChannel channel =
                    FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.writeTo(channel);
                channel.force(true);
            }
            move(part, real);
            moved = true;
        } finally {
            if (!moved) {
                Files.deleteIfExists(part);
            }
        }
    }

    private static void move(Path part, Path target) throws IOException {
        try {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) { // some network file systems; the old file is replaced in one step
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
