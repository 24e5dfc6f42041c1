package org.loopscope.model.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One folder in the system's place for temporary files that nobody but this user can write: for what needs a place when the
 * user's own folders have none. It has a fixed name, so that a thousand starts leave one, and is used only if owner and mode
 * show that nobody else can have put something there; otherwise a new one is made that goes with the program.
 */
public final class TemporaryFolder {
    private static final Set<PosixFilePermission> OWNERS =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private static @Nullable Path used;

    private TemporaryFolder() {}

    /** The folder, made if need be. */
    public static synchronized Path ofThisUser() throws IOException {
        Path known = used;
        if (known == null || !Files.isDirectory(known)) {
            known = in(Path.of(System.getProperty("java.io.tmpdir")));
            used = known;
        }
        return known;
    }

    static Path in(Path temporary) throws IOException {
        Path made = Files.createTempDirectory(temporary, "loopscope-"); // of this user, and closed to others
        UserPrincipal owner = Files.getOwner(made);
        Path fixed = temporary.resolve("loopscope-" + userNumber(made));
        if (!Files.exists(fixed, LinkOption.NOFOLLOW_LINKS)) {
            try {
                Files.move(made, fixed);
            } catch (IOException e) {
                // another start was quicker; whether it was one of this user is asked next
            }
        }
        if (isOnlyOurs(fixed, owner)) {
            Files.deleteIfExists(made);
            return fixed;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(made)));
        return made;
    }

    /** The number that the system knows the user by, or "files" where it has none and the place is each user's own. */
    private static Object userNumber(Path ofUser) throws IOException {
        try {
            return Files.getAttribute(ofUser, "unix:uid");
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return "files";
        }
    }

    private static boolean isOnlyOurs(Path folder, UserPrincipal owner) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                || !Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(owner)) {
            return false;
        }
        boolean modes = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        return !modes
                || Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS)
                        .equals(OWNERS);
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // the system clears its temporary files some day
        }
    }
}
