package org.loopscope.model.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/** Where a result really goes that somebody gives a name to, and whether it can go there. */
public final class OutputPath {
    /** Places where the system shows devices and what is open: what is written there is replaced or lost. */
    private static final List<Path> SYSTEM = List.of(Path.of("/dev"), Path.of("/proc"), Path.of("/sys"));

    private static final Path MEMORY = Path.of("/dev/shm"); // ordinary files, in memory
    private static final int MOST_LINKS = 40; // as the system's own limit

    private OutputPath() {}

    /**
     * The file that {@code target} names, links followed; also of a link whose own target does not exist yet.
     *
     * @throws LoopscopeException with one sentence, if that is a folder, a device or a pipe, if its folder does not exist, or
     *     if it may not be written
     */
    public static Path of(Path target) throws LoopscopeException {
        if (target.toString().isEmpty() || Files.isDirectory(target)) {
            throw refused(target, "expected a file name, found a folder.");
        }
        try {
            Path file = linksFollowed(target);
            requireWritable(target, file);
            return file;
        } catch (IOException e) {
            throw new LoopscopeException(
                    "Cannot write " + name(target) + " (" + IoReason.of(e) + "); what was there is unchanged.", e);
        }
    }

    private static Path linksFollowed(Path target) throws IOException, LoopscopeException {
        Path at = target.toAbsolutePath();
        for (int links = 0; links <= MOST_LINKS; links++) {
            Path folder = folderOf(at, target);
            at = folder.resolve(at.getFileName());
            if (SYSTEM.stream().anyMatch(at::startsWith) && !at.startsWith(MEMORY)) {
                throw refused(target, "expected the name of a file, found a device or pipe of the system.");
            }
            if (!Files.isSymbolicLink(at)) {
                return at;
            }
            at = folder.resolve(Files.readSymbolicLink(at));
        }
        throw refused(target, "expected the name of a file, found links that lead in a circle.");
    }

    private static Path folderOf(Path file, Path target) throws IOException, LoopscopeException {
        Path folder = file.getParent();
        if (folder == null || !Files.exists(folder)) {
            throw refused(target, "expected the folder to exist, found none.");
        }
        if (!Files.isDirectory(folder)) {
            throw refused(target, "expected a folder before the last name, found a file.");
        }
        return folder.toRealPath();
    }

    private static void requireWritable(Path target, Path file) throws IOException, LoopscopeException {
        try {
            BasicFileAttributes found =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (found.isDirectory()) { // behind a link
                throw refused(target, "expected a file name, found a folder.");
            }
            if (!found.isRegularFile()) {
                throw refused(target, "expected the name of a file, found a device, pipe or socket.");
            }
            if (!Files.isWritable(file)) { // protected by somebody; replacing it would pass that over
                throw refused(target, "the file there is not to be written (read-only).");
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // the usual case; a name that is too long comes as another exception
        }
        Path folder = file.getParent();
        if (folder != null && !Files.isWritable(folder)) {
            throw refused(target, "this is not allowed in " + name(folder) + ".");
        }
    }

    private static LoopscopeException refused(Path target, String reason) {
        return new LoopscopeException("Cannot write " + name(target) + ": " + reason);
    }

    private static String name(Path path) {
        return ForeignText.shown(path.toString(), 160);
    }
}
