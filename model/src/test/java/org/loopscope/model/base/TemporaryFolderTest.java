package org.loopscope.model.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class TemporaryFolderTest {
    @TempDir
    Path temporary;

    private List<Path> there() throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.toList();
        }
    }

    @Test
    void everyStartUsesTheSameOne() throws Exception {
        Path first = TemporaryFolder.in(temporary);
        Files.writeString(first.resolve("kept"), "");
        assertEquals(first, TemporaryFolder.in(temporary));
        assertEquals(List.of(first), there());
    }

    @DisabledOnOs(OS.WINDOWS)
    @Test
    void onlyItsOwnerMayEnter() throws Exception {
        assertEquals(
                "rwx------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(TemporaryFolder.in(temporary))));
    }

    @DisabledOnOs(OS.WINDOWS)
    @Test
    void aFolderThatOthersCouldWriteIsNotUsed() throws Exception {
        Path planted = TemporaryFolder.in(temporary);
        Files.setPosixFilePermissions(planted, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path used = TemporaryFolder.in(temporary);
        assertNotEquals(planted, used);
        assertTrue(Files.isDirectory(used, LinkOption.NOFOLLOW_LINKS));
    }

    @DisabledOnOs(OS.WINDOWS)
    @Test
    void aLinkInItsPlaceIsNotFollowed() throws Exception {
        Path name = TemporaryFolder.in(temporary);
        Path elsewhere = Files.move(name, temporary.resolve("elsewhere"));
        Files.createSymbolicLink(name, elsewhere);
        Path used = TemporaryFolder.in(temporary);
        assertFalse(used.toRealPath().equals(elsewhere.toRealPath()), used.toString());
    }

    @Test
    void aFileInItsPlaceIsNotInTheWay() throws Exception {
        Path name = TemporaryFolder.in(temporary);
        Files.delete(name);
        Files.writeString(name, "");
        assertTrue(Files.isDirectory(TemporaryFolder.in(temporary)));
    }
}
