package org.loopscope.analysis.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.model.LoopscopeException;

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
        assertEquals("Cannot write " + missing + ".part (the folder does not exist).", e.getMessage());
    }

    @Test
    void whatWasWrittenIsOnDiskBeforeTheWriterCloses() throws IOException, LoopscopeException {
        try (ResumableCsv csv = open()) {
            csv.append(ITEMS.get(0));
            String text = Files.readString(part, StandardCharsets.UTF_8);
            assertTrue(text.endsWith("0,plain\n"), text);
        }
    }
}
