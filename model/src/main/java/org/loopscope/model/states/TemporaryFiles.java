package org.loopscope.model.states;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;

/**
 * Names and ends of the files of states. A name carries the number of the process, so that what a program left behind
 * that was killed is known and deleted by the next one. Some systems do not delete a file that is mapped; such a file is
 * tried again whenever another one is made, and when the program ends.
 */
final class TemporaryFiles {
    private static final Pattern NAME = Pattern.compile("loopscope-states-(\\d+)-.*\\.tmp");
    private static final Set<Path> USED = ConcurrentHashMap.newKeySet(); // and the system knows their names
    private static final Set<Path> LEFT = ConcurrentHashMap.newKeySet(); // not used any more, but not deleted yet

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            USED.forEach(TemporaryFiles::tryDelete);
            LEFT.forEach(TemporaryFiles::tryDelete);
        }));
    }

    private TemporaryFiles() {}

    /** A name that is free; deletes what is left of earlier files. */
    static Path newPath(Path folder) throws IOException {
        LEFT.removeIf(TemporaryFiles::tryDelete);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "loopscope-states-*.tmp")) {
            files.forEach(TemporaryFiles::deleteIfItsProgramIsGone);
        }
        return folder.resolve("loopscope-states-" + ProcessHandle.current().pid() + "-" + UUID.randomUUID() + ".tmp");
    }

    private static void deleteIfItsProgramIsGone(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (name.matches() && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty() && !tryDelete(file)) {
            LoggerFactory.getLogger(TemporaryFiles.class).warn("{} is left over and could not be deleted", file);
        }
    }

    /** A new file that only its owner can read, where the system knows owners; it goes at the latest with the program. */
    static FileChannel create(Path path) throws IOException {
        FileChannel channel = FileChannel.open(
                path,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                attributes(path));
        USED.add(path);
        return channel;
    }

    private static FileAttribute<?>[] attributes(Path path) {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /** Deletes it now if the system lets, else later. */
    static void delete(Path path) {
        USED.remove(path);
        if (!tryDelete(path)) {
            LEFT.add(path);
        }
    }

    private static boolean tryDelete(Path path) {
        try {
            Files.deleteIfExists(path);
            return true;
        } catch (IOException e) {
            return false; // still mapped, on a system that minds
        }
    }
}
