package org.loopscope.analysis.set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.model.base.LoopscopeException;

class ResumableCsvTest {
    private static final List<String> COLUMNS = List.of("item", "text");

    /** Items with one, two, no and one row; the last text would be hard to find the end of by looking for lines. */
    private static final List<List<List<String>>> ITEMS = List.of(
            List.of(List.of("0", "plain")),
            List.of(List.of("1", "with, comma"), List.of("1", "with \"quotes\"")),
            List.of(),
            List.of(List.of("3", "two\n#loopscope-rows 4 2 ab\nlines, ü")));

    private static final String CSV = "item,text\n0,plain\n1,\"with, comma\"\n1,\"with \"\"quotes\"\"\"\n"
            + "3,\"two\n#loopscope-rows 4 2 ab\nlines, ü\"\n";

    @TempDir
    Path folder;

    private Path out;
    private Path part;

    @BeforeEach
    void nameTheFiles() {
        out = folder.resolve("sweep.csv");
        part = folder.resolve("sweep.csv.part");
    }

    private static Map<String, String> identity() {
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put("weights", "abc");
        identity.put("steps", "4");
        return identity;
    }

    private ResumableCsv open() throws LoopscopeException {
        return ResumableCsv.open(out, COLUMNS, identity());
    }

    private void write(int from, int to) throws LoopscopeException {
        try (ResumableCsv csv = open()) {
            assertEquals(from, csv.items());
            for (List<List<String>> item : ITEMS.subList(from, to)) {
                csv.append(item);
            }
        }
    }

    private void finish() throws LoopscopeException {
        try (ResumableCsv csv = open()) {
            for (List<List<String>> item : ITEMS.subList(csv.items(), ITEMS.size())) {
                csv.append(item);
            }
            csv.finish();
        }
    }

    @Test
    void anUninterruptedRunWritesTheHeaderAndAllRowsAndLeavesNothingBeside() throws Exception {
        finish();
        assertEquals(CSV, Files.readString(out));
        assertFalse(Files.exists(part));
    }

    @Test
    void theOldFileStaysUntilTheNewOneIsFinished() throws Exception {
        Files.writeString(out, "old");
        write(0, 3);
        assertEquals("old", Files.readString(out));
        finish();
        assertEquals(CSV, Files.readString(out));
    }

    @Test
    void aRunCutOffAtAnyByteEndsInTheSameFile() throws Exception {
        write(0, ITEMS.size());
        byte[] whole = Files.readAllBytes(part);
        for (int length = 0; length <= whole.length; length++) {
            Files.write(part, Arrays.copyOf(whole, length));
            finish();
            assertEquals(CSV, Files.readString(out), "cut off after " + length + " bytes");
        }
    }

    @Test
    void anItemWhoseBytesWereLostIsWrittenAgain() throws Exception {
        write(0, 2);
        byte[] bytes = Files.readAllBytes(part);
        bytes[bytes.length - 3] = 0; // a file system that had promised the length but not the content
        Files.write(part, bytes);
        try (ResumableCsv csv = open()) {
            assertEquals(1, csv.items());
        }
        finish();
        assertEquals(CSV, Files.readString(out));
    }

    @Test
    void rowsOfAnotherMeasurementAreRefusedWithTheValueThatDiffers() throws Exception {
        write(0, 1);
        Map<String, String> other = identity();
        other.put("weights", "def");
        LoopscopeException e = assertThrows(LoopscopeException.class, () -> ResumableCsv.open(out, COLUMNS, other));
        assertTrue(
                e.getMessage().startsWith(part + " was begun with weights = abc, this run has weights = def: expected"),
                e.getMessage());
        finish(); // the refused one took nothing away and holds no lock
        assertEquals(CSV, Files.readString(out));
    }

    @Test
    void ofALongValueThePartThatDiffersIsTold() throws Exception {
        Map<String, String> identity = identity();
        String rules = "q:0.5+patience=2," + "entropy:1,".repeat(30);
        identity.put("exit rules", rules + "kl:1");
        try (ResumableCsv csv = ResumableCsv.open(out, COLUMNS, identity)) {
            csv.append(ITEMS.get(0));
        }
        identity.put("exit rules", rules + "kl:2");
        String told =
                String.valueOf(assertThrows(LoopscopeException.class, () -> ResumableCsv.open(out, COLUMNS, identity))
                        .getMessage());
        assertTrue(told.contains(" was begun with exit rules = …"), told);
        assertTrue(
                told.contains(",kl:1, this run has exit rules = …") && told.contains(",kl:2: expected the same"), told);
    }

    @Test
    void otherColumnsAreRefusedToo() throws Exception {
        write(0, 1);
        assertThrows(LoopscopeException.class, () -> ResumableCsv.open(out, List.of("item"), identity()));
    }

    @Test
    void aFileOfSomebodyElseIsRefusedAndLeftAlone() throws Exception {
        Files.writeString(part, "my notes");
        LoopscopeException e = assertThrows(LoopscopeException.class, this::open);
        assertTrue(e.getMessage().contains("expected the unfinished rows of an earlier run"), e.getMessage());
        assertEquals("my notes", Files.readString(part));
    }

    @Test
    void twoWritersAtOnceAreRefused() throws Exception {
        try (ResumableCsv first = open()) {
            first.append(ITEMS.get(0));
            LoopscopeException e = assertThrows(LoopscopeException.class, this::open);
            assertTrue(e.getMessage().contains("another run is writing it"), e.getMessage());
        }
    }

    @Test
    void aRunStoppedBeforeItsFirstItemLeavesNothing() throws Exception {
        write(0, 0);
        assertFalse(Files.exists(part));
    }

    @Test
    void aMissingFolderIsOneSentence() {
        Path missing = folder.resolve("none").resolve("sweep.csv");
        LoopscopeException e =
                assertThrows(LoopscopeException.class, () -> ResumableCsv.open(missing, COLUMNS, identity()));
        assertEquals("Cannot write " + missing + ": expected the folder to exist, found none.", e.getMessage());
    }

    @Test
    void whatWasWrittenIsOnDiskBeforeTheWriterCloses() throws IOException, LoopscopeException {
        try (ResumableCsv csv = open()) {
            csv.append(ITEMS.get(0));
            String text = Files.readString(part, StandardCharsets.UTF_8);
            assertTrue(text.endsWith("0,plain\n"), text);
        }
    }

    @Test
    void aDeletedFileOrFolderIsToldAtTheNextItemNotAtTheEnd() throws Exception {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        try (ResumableCsv csv = ResumableCsv.open(inner.resolve("sweep.csv"), COLUMNS, identity())) {
            csv.append(ITEMS.get(0));
            Files.delete(inner.resolve("sweep.csv.part"));
            Files.delete(inner);
            LoopscopeException e = assertThrows(LoopscopeException.class, () -> csv.append(ITEMS.get(1)));
            assertTrue(e.getMessage().contains("was deleted or moved away while it was written"), e.getMessage());
        }
    }

    @Test
    void anotherFileInItsPlaceIsTold() throws Exception {
        try (ResumableCsv csv = open()) {
            csv.append(ITEMS.get(0));
            Files.move(part, folder.resolve("moved"));
            Files.writeString(part, "another");
            LoopscopeException e = assertThrows(LoopscopeException.class, () -> csv.append(ITEMS.get(1)));
            assertTrue(e.getMessage().contains("was replaced while it was written"), e.getMessage());
            Files.delete(part);
        }
    }

    @Test
    void aFolderInPlaceOfTheUnfinishedRowsIsOneSentence() throws Exception {
        Files.createDirectory(part);
        LoopscopeException e = assertThrows(LoopscopeException.class, this::open);
        assertEquals("Cannot write " + part + ": expected a file name, found a folder.", e.getMessage());
    }

    @Test
    void anOutputThatCannotBeMovedIntoPlaceIsRefusedBeforeTheFirstItem() throws Exception {
        Files.createDirectory(out);
        LoopscopeException e = assertThrows(LoopscopeException.class, this::open);
        assertEquals("Cannot write " + out + ": expected a file name, found a folder.", e.getMessage());
        assertFalse(Files.exists(part));
    }

    @Test
    void theRowsOfAFileThatIsClosedToOthersAreClosedToThemFromTheStart() throws Exception {
        assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
        Files.writeString(out, "old");
        Files.setPosixFilePermissions(out, PosixFilePermissions.fromString("rw-------"));
        write(0, 1);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(part)));
        finish();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(out)));
    }

    @ParameterizedTest
    @CsvSource({"n, 251", "n, 255", "猫, 84", "ü, 127"})
    void aLongNameGoesOnWhereItStopped(String letter, int times) throws Exception {
        out = folder.resolve(letter.repeat(times));
        part = ResumableCsv.partOf(out);
        write(0, 2);
        assertTrue(Files.exists(part));
        finish();
        assertEquals(CSV, Files.readString(out));
        assertFalse(Files.exists(part));
    }

    @Test
    void longNamesThatDifferOnlyAtTheirEndKeepTheirRowsApart() {
        Path one = folder.resolve("n".repeat(254) + "1");
        Path two = folder.resolve("n".repeat(254) + "2");
        assertNotEquals(ResumableCsv.partOf(one), ResumableCsv.partOf(two));
    }
}
