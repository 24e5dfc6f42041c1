package org.loopscope.model.embedded;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Where this user's programs keep files that can be made again. */
public final class CacheFolder {
    private CacheFolder() {}

    /** That of the user who runs this process. */
    public static Path ofThisUser() {
        return of(System.getProperty("os.name", ""), System.getProperty("user.home", "."), System.getenv());
    }

    /** The convention of each system: XDG base directories, macOS Library/Caches, Windows local application data. */
    static Path of(String osName, String home, Map<String, String> environment) {
        String os = osName.toLowerCase(Locale.ROOT);
        if (os.contains("mac")) {
            return Path.of(home, "Library", "Caches", "Loopscope");
        }
        String variable = os.contains("win") ? "LOCALAPPDATA" : "XDG_CACHE_HOME";
        String base = environment.getOrDefault(variable, "");
        if (base.isBlank() || !Path.of(base).isAbsolute()) { // XDG: relative paths are to be ignored
            return os.contains("win")
                    ? Path.of(home, "AppData", "Local", "Loopscope")
                    : Path.of(home, ".cache", "loopscope");
        }
        return Path.of(base, os.contains("win") ? "Loopscope" : "loopscope");
    }
}
