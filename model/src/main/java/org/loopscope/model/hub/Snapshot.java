package org.loopscope.model.hub;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.IoReason;
import org.loopscope.model.base.LoopscopeException;

/** Puts names on blobs: the files of a snapshot, and the ref that says which snapshot a revision is. */
final class Snapshot {
    private final Path repoFolder;
    private final Path folder;
    private final Linker linker;

    /** Makes {@code link} lead to {@code target}, a path relative to the link's folder. */
    @FunctionalInterface
    interface Linker {
        void link(Path link, Path target) throws IOException;
    }

    Snapshot(Path repoFolder, String commit, Linker linker) throws LoopscopeException {
        this.repoFolder = repoFolder;
        this.folder = repoFolder.resolve("snapshots").resolve(commit);
        this.linker = linker;
        try {
            Files.createDirectories(folder);
            Files.createDirectories(blobs());
        } catch (IOException e) {
            throw unwritable(folder, e);
        }
    }

    Path folder() {
        return folder;
    }

    Path blobs() {
        return repoFolder.resolve("blobs");
    }

    /**
     * Makes {@code blob} a file of the snapshot: a relative symbolic link, and where the system allows none (Windows,
     * some shared disks) a second name of the same file, or else a copy.
     */
    void add(String name, Path blob) throws LoopscopeException {
        Path file = folder.resolve(name);
        Path part = folder.resolve("." + name + ".part");
        try {
            if (Files.exists(file) && Files.isSameFile(file, blob)) {
                return;
            }
            Files.deleteIfExists(part);
            try {
                linker.link(
                        part, Path.of("..", "..", "blobs", blob.getFileName().toString()));
            } catch (UnsupportedOperationException | FileSystemException e) {
                linkOrCopy(part, blob);
            }
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            Files.deleteIfExists(part); // left by a move between two names of one file
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    private static void linkOrCopy(Path file, Path blob) throws IOException {
        try {
            Files.createLink(file, blob);
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.copy(blob, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Says that {@code revision} is this snapshot; nothing for a revision that is the commit. */
    void name(String revision) throws LoopscopeException {
        String commit = folder.getFileName().toString();
        if (revision.equals(commit)) {
            return;
        }
        Path ref = repoFolder.resolve("refs").resolve(revision);
        try {
            Files.createDirectories(ref.getParent());
            // no temporary file of the system, which nobody else could read: a cache may be shared
            Path part = ref.resolveSibling(".ref" + UUID.randomUUID() + ".part");
            try {
                Files.writeString(part, commit, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                Files.move(part, ref, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw unwritable(ref, e);
        }
    }

    private static LoopscopeException unwritable(Path path, IOException e) {
        return new LoopscopeException(
                ForeignText.shown(path.toString(), 160) + ": could not be written (" + IoReason.of(e) + ").", e);
    }
}
