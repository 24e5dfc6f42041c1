package org.loopscope.model.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AtomicFileTest {
    /** As a program names it that is killed while it writes. */
    private static final String LEFT = ".loopscope-0123456789abcdef0123456789abcdef.part";

    @TempDir
    Path folder;

    private static void write(Path target, String text) throws LoopscopeException {
        AtomicFile.write(target, channel -> channel.write(StandardCharsets.UTF_8.encode(text)));
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @DisabledOnOs(OS.WINDOWS)
    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "rw-r-----", "rw-rw-rw-", "rwxr-xr-x", "r--r--r--"})
    void theModeOfAnExistingFileStays(String mode) throws Exception {
        Path file = Files.writeString(folder.resolve("a.csv"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        if (Files.isWritable(file)) { // always so for an administrator
            write(file, "new");
            assertEquals("new", Files.readString(file));
        } else {
            assertThrows(LoopscopeException.class, () -> write(file, "new"));
            assertEquals("old", Files.readString(file));
        }
        assertEquals(mode, mode(file));
    }

    @DisabledOnOs(OS.WINDOWS)
    @Test
    void aNewFileGetsTheModeThatEveryNewFileGets() throws Exception {
        write(folder.resolve("ours"), "new");
        assertEquals(mode(Files.createFile(folder.resolve("any"))), mode(folder.resolve("ours")));
    }

    @DisabledOnOs(OS.WINDOWS)
    @Test
    void aPrivateFileIsClosedToOthersWhateverWasThere() throws Exception {
        Path file = Files.writeString(folder.resolve("session.json"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        AtomicFile.writePrivate(file, channel -> channel.write(StandardCharsets.UTF_8.encode("new")));
        assertEquals("rw-------", mode(file));
        assertEquals("new", Files.readString(file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"n", "ü", "猫"})
    void aNameMayBeAsLongAsTheFileSystemTakes(String letter) throws Exception {
        int bytes = letter.getBytes(StandardCharsets.UTF_8).length;
        Path file = folder.resolve(letter.repeat(255 / bytes));
        write(file, "text");
        assertEquals("text", Files.readString(file));
    }

    @DisabledOnOs(OS.WINDOWS) // where the limit is another one
    @Test
    void aNameThatIsTooLongIsRefusedBeforeTheContentIsMade() {
        Path file = folder.resolve("n".repeat(256));
        LoopscopeException e = assertThrows(
                LoopscopeException.class,
                () -> AtomicFile.write(file, channel -> {
                    throw new AssertionError("asked for the content");
                }));
        assertTrue(e.getMessage().endsWith("(File name too long); what was there is unchanged."), e.getMessage());
    }

    @DisabledOnOs(OS.WINDOWS)
    @Test
    void aLinkThatLeadsNowhereYetIsFollowed() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path second = Files.createSymbolicLink(elsewhere.resolve("second"), Path.of("real.csv"));
        Path first = Files.createSymbolicLink(folder.resolve("first"), Path.of("elsewhere/second"));
        write(first, "text");
        assertTrue(Files.isSymbolicLink(first) && Files.isSymbolicLink(second));
        assertEquals("text", Files.readString(elsewhere.resolve("real.csv"), StandardCharsets.UTF_8));
        assertTrue(Files.isRegularFile(elsewhere.resolve("real.csv"), LinkOption.NOFOLLOW_LINKS));
    }

    @DisabledOnOs(OS.WINDOWS)
    @Test
    void linksInACircleAndIntoAFolderThatIsNotThereAreRefused() throws Exception {
        Path one = Files.createSymbolicLink(folder.resolve("one"), Path.of("two"));
        Files.createSymbolicLink(folder.resolve("two"), Path.of("one"));
        assertTrue(assertThrows(LoopscopeException.class, () -> write(one, ""))
                .getMessage()
                .contains("links that lead in a circle"));
        Path lost = Files.createSymbolicLink(folder.resolve("lost"), Path.of("none/file"));
        assertTrue(assertThrows(LoopscopeException.class, () -> write(lost, ""))
                .getMessage()
                .contains("expected the folder to exist"));
        assertEquals(List.of("lost", "one", "two"), names());
    }

    @DisabledOnOs(OS.WINDOWS)
    @ParameterizedTest
    @ValueSource(strings = {"/dev/null", "/dev/stdout", "/dev/fd/1", "/dev/full"})
    void devicesAndWhatIsOpenAreRefused(String device) {
        LoopscopeException e = assertThrows(LoopscopeException.class, () -> write(Path.of(device), "text"));
        assertEquals(
                "Cannot write " + device + ": expected the name of a file, found a device or pipe of the system.",
                e.getMessage());
    }

    @Test
    void whatAKilledProgramLeftIsRemovedAndNothingElse() throws Exception {
        Files.writeString(folder.resolve(LEFT), "half a capture");
        List<String> others = List.of(
                ".loopscope-notes.part", // not a name that we give
                ".loopscope-0123456789ABCDEF0123456789ABCDEF.part",
                ".other.csv.part",
                "a.csv.part",
                "x" + LEFT);
        for (String other : others) {
            Files.writeString(folder.resolve(other), "the user's own");
        }
        write(folder.resolve("b.csv"), "text");
        assertEquals(Stream.concat(others.stream(), Stream.of("b.csv")).sorted().toList(), names());
    }

    @Test
    void whatThisProgramIsWritingAtTheMomentStays() throws Exception {
        AtomicFile.write(folder.resolve("outer"), channel -> {
            channel.write(StandardCharsets.UTF_8.encode("outer"));
            write(folder.resolve("inner"), "inner");
        });
        assertEquals(List.of("inner", "outer"), names());
        assertEquals("outer", Files.readString(folder.resolve("outer")));
    }

    @Test
    void whatAnotherProgramIsWritingStaysUntilThatIsKilled() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HalfWritten.class.getName(),
                        folder.resolve("other").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertEquals('r', other.getInputStream().read(), "the other program writes now");
            write(folder.resolve("ours"), "text");
            assertEquals(2, names().size(), names().toString());
            other.destroyForcibly().waitFor();
            assertFalse(Files.exists(folder.resolve("other")));
            write(folder.resolve("ours"), "text");
            assertEquals(List.of("ours"), names());
        } finally {
            other.destroyForcibly();
        }
    }

    /** Begins a file, says so, and never ends it. */
    static final class HalfWritten {
        private HalfWritten() {}

        public static void main(String[] args) throws Exception {
            AtomicFile.write(Path.of(args[0]), channel -> {
                channel.write(StandardCharsets.UTF_8.encode("half"));
                System.out.println("ready");
                System.out.flush();
                try {
                    new java.util.concurrent.CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            });
        }
    }
}
