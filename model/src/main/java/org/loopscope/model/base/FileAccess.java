package org.loopscope.model.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who may read and write a file, where the system knows owners and modes; elsewhere the folder decides. */
public final class FileAccess {
    private static final String ONLY_OURS = "rw-------";

    private FileAccess() {}

    private static boolean known(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** What a new file is created with: {@code onlyOurs}, or nothing of its own, so that the process's rule holds. */
    public static FileAttribute<?>[] ofNewFile(Path path, boolean onlyOurs) {
        return onlyOurs && known(path)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(ONLY_OURS))
                }
                : new FileAttribute<?>[0];
    }

    /** Makes {@code file} readable for nobody but its owner, or {@code folder} if it is one. */
    public static void onlyOurs(Path file) throws IOException {
        if (known(file)) {
            boolean folder = Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(folder ? "rwx------" : ONLY_OURS));
        }
    }

    /** Makes {@code folder}, and those above it that do not exist, for this user alone; one that is there is closed to others. */
    public static Path privateFolder(Path folder) throws IOException {
        if (!known(folder)) {
            return Files.createDirectories(folder);
        }
        if (Files.isDirectory(folder)) {
            closeToOthers(folder);
            return folder;
        }
        return Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private static void closeToOthers(Path folder) {
        try {
            onlyOurs(folder);
        } catch (IOException e) {
            // somebody else's folder: who may read it is theirs to say
        }
    }

    /** Gives {@code file} the mode of {@code example}, and its owner and group as far as this user may. */
    static void copy(Path example, Path file) throws IOException {
        if (!known(file)) {
            return;
        }
        PosixFileAttributes old = Files.readAttributes(example, PosixFileAttributes.class);
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        PosixFileAttributes now = view.readAttributes();
        Set<PosixFilePermission> mode = EnumSet.noneOf(PosixFilePermission.class);
        mode.addAll(old.permissions());
        if (!now.owner().equals(old.owner())) {
            give(view, old.owner(), null);
        }
        if (!now.group().equals(old.group()) && !give(view, null, old.group())) {
            closeToGroup(mode); // another group is another set of readers
        }
        view.setPermissions(mode);
    }

    private static boolean give(
            PosixFileAttributeView view, @Nullable UserPrincipal owner, @Nullable GroupPrincipal group) {
        try {
            if (owner != null) {
                view.setOwner(owner);
            }
            if (group != null) {
                view.setGroup(group);
            }
            return true;
        } catch (IOException e) {
            return false; // only an administrator may, or a member of the group
        }
    }

    private static void closeToGroup(Set<PosixFilePermission> mode) {
        if (!mode.contains(PosixFilePermission.OTHERS_READ)) {
            mode.remove(PosixFilePermission.GROUP_READ);
        }
        if (!mode.contains(PosixFilePermission.OTHERS_WRITE)) {
            mode.remove(PosixFilePermission.GROUP_WRITE);
        }
    }
}
