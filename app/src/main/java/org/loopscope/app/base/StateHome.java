package org.loopscope.app.base;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Where a program keeps what outlives a start but is no setting and no document, such as the traces of its defects. */
public final class StateHome {
    private StateHome() {}

    /** The convention of each system: XDG_STATE_HOME, macOS Library/Logs, Windows local application data. */
    public static Path of(String osName, Path home, Map<String, String> environment) {
        String os = osName.toLowerCase(Locale.ROOT);
        if (os.contains("mac")) {
            return home.resolve("Library").resolve("Logs").resolve("Loopscope");
        }
        boolean windows = os.contains("win");
        String base = environment.getOrDefault(windows ? "LOCALAPPDATA" : "XDG_STATE_HOME", "");
        boolean told = !base.isBlank() && Path.of(base).isAbsolute(); // XDG: relative paths are to be ignored
        if (windows) {
            return (told ? Path.of(base) : home.resolve("AppData").resolve("Local"))
                    .resolve("Loopscope")
                    .resolve("State");
        }
        return (told ? Path.of(base) : home.resolve(".local").resolve("state")).resolve("loopscope");
    }
}
