package org.loopscope.model.base;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A hidden file that a result is written to before it gets its name. Its writer holds a lock on it, which goes with the
 * process however that ends: a file whose lock can be taken was left by a program that was killed.
 */
final class PartFile implements AutoCloseable {
    private static final String BEGIN = ".loopscope-";
    private static final String END = ".part";
    private static final Pattern NAME = Pattern.compile("\\.loopscope-[0-9a-f]{32}\\.part");

    /** Those of this process: asking for a lock of one's own file and closing it again would give the lock away. */
    private static final Set<Path> IN_USE = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel channel;
    private boolean moved;

    private PartFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * A new file in {@code folder}.
     *
     * @param onlyOurs whether nobody else may read it while it is written; else the process's own rule for new files holds
     */
    static PartFile create(Path folder, boolean onlyOurs) throws IOException {
        while (true) {
            PartFile part =
                    open(folder.resolve(BEGIN + UUID.randomUUID().toString().replace("-", "") + END), onlyOurs);
            if (part.locked()) {
                return part;
            }
            part.close(); // another program took it for one that was left, in the moment before it was locked
        }
    }

    private static PartFile open(Path path, boolean onlyOurs) throws IOException {
        IN_USE.add(path);
        try {
            return new PartFile(
                    path,
                    FileChannel.open(
                            path,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            FileAccess.ofNewFile(path, onlyOurs)));
        } catch (IOException e) {
            IN_USE.remove(path);
            throw e;
        }
    }

    private boolean locked() {
        try {
            return channel.tryLock() != null && Files.exists(path);
        } catch (IOException e) {
            return true; // no locks on this file system: nobody can take it for left there either
        }
    }

    FileChannel channel() {
        return channel;
    }

    Path path() {
        return path;
    }

    /** Gives it its name, when it is on disk. */
    void moveTo(Path target) throws IOException {
        channel.force(true);
        try {
            Files.move(path, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) { // some network file systems; the old file is replaced in one step
            Files.move(path, target, StandardCopyOption.REPLACE_EXISTING);
        }
        moved = true;
    }

    /** Deletes it, unless it got its name. */
    @Override
    public void close() throws IOException {
        try {
            if (!moved) {
                Files.deleteIfExists(path);
            }
        } finally {
            channel.close();
            IN_USE.remove(path);
        }
    }

    /** Deletes what programs left in {@code folder} that were killed while they wrote; nothing else. */
    static void removeLeft(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, BEGIN + "*" + END)) {
            for (Path file : files) {
                if (NAME.matcher(file.getFileName().toString()).matches()
                        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        && !IN_USE.contains(file)) {
                    removeUnlessWritten(file);
                }
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            // a folder that can be written but not listed: what was left stays
        }
    }

    private static void removeUnlessWritten(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            java.nio.channels.@Nullable FileLock lock = channel.tryLock();
            if (lock != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | OverlappingFileLockException e) {
            // somebody else's, or being written: not ours to remove
        }
    }
}
