package org.loopscope.model.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class InputFileTest {
    @TempDir
    Path folder;

    @Test
    void aByteOrderMarkIsDroppedByBothWaysToRead() throws Exception {
        Path file = Files.writeString(folder.resolve("marked.txt"), "\uFEFFZürich\n");
        assertEquals("Zürich\n", InputFile.text(file, "text", 100));
        try (BufferedReader reader = InputFile.reader(file, "text")) {
            assertEquals("Zürich", reader.readLine());
        }
    }

    @Test
    void textShorterThanAMarkIsReadWhole() throws Exception {
        Path file = Files.writeString(folder.resolve("short.txt"), "ab");
        try (BufferedReader reader = InputFile.reader(file, "text")) {
            assertEquals("ab", reader.readLine());
        }
    }

    @Test
    void otherEncodingsAreToldFromUtf8() throws Exception {
        Path latin = Files.write(folder.resolve("latin.txt"), "é".getBytes(StandardCharsets.ISO_8859_1));
        Path utf16 = Files.write(folder.resolve("utf16.txt"), "é".getBytes(StandardCharsets.UTF_16));
        assertTrue(refusal(latin).endsWith("latin.txt: expected text in UTF-8, found other bytes."));
        assertTrue(refusal(utf16).endsWith("utf16.txt: expected text in UTF-8, found UTF-16."));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aDeviceThatNeverEndsIsRefused() {
        assertTrue(refusal(Path.of("/dev/zero")).endsWith("expected text, found a device, pipe or socket."));
    }

    @Test
    void foldersMissingFilesAndLongFilesAreRefused() throws Exception {
        Path large = Files.writeString(folder.resolve("large.txt"), "x".repeat(101));
        assertTrue(refusal(folder).endsWith("expected text, found a folder."));
        assertTrue(refusal(folder.resolve("none")).endsWith("expected text, found no such file."));
        assertTrue(refusal(large).endsWith("expected text of at most 100 bytes, found more."));
    }

    private static String refusal(Path file) {
        return assertThrows(LoopscopeException.class, () -> InputFile.text(file, "text", 100))
                .getMessage();
    }
}
