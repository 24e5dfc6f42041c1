package org.loopscope.app.workbench;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.base.FileAccess;

/**
 * A folder that one running window owns. The lock on a file in it goes with its process, however that ends: a folder whose
 * lock can be taken was left behind.
 */
final class SessionFolder implements AutoCloseable {
    private static final String LOCK = "lock";

    private final Path folder;
    private final FileChannel channel;
    private final FileLock lock;

    private SessionFolder(Path folder, FileChannel channel, FileLock lock) {
        this.folder = folder;
        this.channel = channel;
        this.lock = lock;
    }

    /** A new, empty folder under {@code base}. */
    static SessionFolder create(Path base) throws IOException {
        FileAccess.privateFolder(base); // prompts and states are nobody else's to read
        Path folder = FileAccess.privateFolder(base.resolve(UUID.randomUUID().toString()));
        SessionFolder taken = take(folder);
        if (taken == null) {
            throw new IOException(folder + " belongs to another window");
        }
        return taken;
    }

    /** The folders under {@code base} that no window owns any more, each owned by the caller now. */
    static List<SessionFolder> leftBehind(Path base) throws IOException {
        List<SessionFolder> left = new ArrayList<>();
        if (!Files.isDirectory(base)) {
            return left;
        }
        List<Path> folders;
        try (Stream<Path> children = Files.list(base)) {
            folders = children.filter(Files::isDirectory).sorted().toList();
        }
        for (Path folder : folders) {
            SessionFolder taken = take(folder);
            if (taken != null) {
                left.add(taken);
            }
        }
        return left;
    }

    /** Null if another window has it. */
    private static @Nullable SessionFolder take(Path folder) throws IOException {
        FileChannel channel = FileChannel.open(
                folder.resolve(LOCK),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                FileAccess.ofNewFile(folder, true));
        @Nullable FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // a window of this process
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        return lock == null ? null : new SessionFolder(folder, channel, lock);
    }

    Path path() {
        return folder;
    }

    /** Deletes the folder with all that is in it. */
    void delete() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> !f.endsWith(LOCK)).toList()) {
                Files.delete(file);
            }
        }
        close();
        Files.deleteIfExists(folder.resolve(LOCK));
        Files.delete(folder);
    }

    /** Gives the folder up without deleting it; the next start finds it. */
    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }
}
