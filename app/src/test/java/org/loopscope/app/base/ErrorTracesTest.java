package org.loopscope.app.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErrorTracesTest {
    @TempDir
    Path folder;

    @Test
    void theNewestTenAreKeptAndOtherFilesStay() throws Exception {
        Path state = folder.resolve("state");
        Files.createDirectory(state);
        Files.writeString(state.resolve("notes.txt"), "the user's own");
        for (int day = 10; day < 25; day++) {
            Files.writeString(state.resolve("loopscope-error-202001" + day + "-120000-0.txt"), "old");
        }
        Path newest = new ErrorTraces(state)
                .keep(new IllegalStateException("a defect"))
                .orElseThrow();
        assertTrue(Files.readString(newest).contains("a defect"));
        assertTrue(Files.exists(state.resolve("notes.txt")));
        assertTrue(Files.exists(state.resolve("loopscope-error-20200124-120000-0.txt")));
        assertFalse(Files.exists(state.resolve("loopscope-error-20200115-120000-0.txt")));
        try (Stream<Path> files = Files.list(state)) {
            assertEquals(ErrorTraces.KEPT + 1, files.count());
        }
    }

    @Test
    void theFolderIsMadeAndClosedToOthers() throws Exception {
        Path state = folder.resolve("a/b/loopscope");
        Path trace = new ErrorTraces(state).keep(new StackOverflowError()).orElseThrow();
        if (state.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(state)));
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(trace)));
        }
    }

    @Test
    void aFolderThatCannotBeMadeIsNoSecondFailure() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertEquals(Optional.empty(), new ErrorTraces(file.resolve("state")).keep(new IllegalStateException()));
    }

    @Test
    void eachSystemHasItsPlace() {
        Path home = Path.of("/home/ann");
        assertEquals(home.resolve(".local/state/loopscope"), StateHome.of("Linux", home, Map.of()));
        assertEquals(Path.of("/state/loopscope"), StateHome.of("Linux", home, Map.of("XDG_STATE_HOME", "/state")));
        assertEquals(
                home.resolve(".local/state/loopscope"), StateHome.of("Linux", home, Map.of("XDG_STATE_HOME", "rel")));
        assertEquals(home.resolve("Library/Logs/Loopscope"), StateHome.of("Mac OS X", home, Map.of()));
        assertEquals(home.resolve("AppData/Local/Loopscope/State"), StateHome.of("Windows 11", home, Map.of()));
    }
}
