package org.loopscope.app.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.base.TemporaryFolder;

/**
 * The user's folders where the system gives none: a user without an entry has the home {@code ?}, which would become a folder
 * of that name in the current one, and libraries fall back to fixed names among everybody's temporary files, where a
 * neighbour could have put a library of his own to be loaded.
 */
public final class UserFolders {
    private static final String HOME = "user.home";

    private UserFolders() {}

    /** Sets the properties that the program and its libraries ask; to be called before any of them does. */
    public static void prepare(Map<String, String> variables) {
        try {
            Path home = Path.of(System.getProperty(HOME, ""));
            if (!home.isAbsolute()) {
                Path told = Path.of(variables.getOrDefault("HOME", ""));
                home = told.isAbsolute() && Files.isDirectory(told) ? told : TemporaryFolder.ofThisUser();
                System.setProperty(HOME, home.toString());
            }
            moveUnlessUsable(
                    "org.bytedeco.javacpp.cachedir", home.resolve(".javacpp").resolve("cache"), "javacpp");
            moveUnlessUsable("DJL_CACHE_DIR", home, "djl");
            moveUnlessUsable("javafx.cachedir", home.resolve(".openjfx").resolve("cache"), "openjfx");
        } catch (IOException e) {
            // no temporary folder either: what needs one tells it
        }
    }

    private static void moveUnlessUsable(String property, Path usual, String name) throws IOException {
        if (System.getProperty(property) == null && System.getenv(property) == null && !canBeWritten(usual)) {
            System.setProperty(
                    property, TemporaryFolder.ofThisUser().resolve(name).toString());
        }
    }

    /** Whether there is such a folder that may be written, or it can be made. */
    private static boolean canBeWritten(Path folder) {
        @Nullable Path there = folder;
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        return there != null && Files.isDirectory(there) && Files.isWritable(there);
    }
}
