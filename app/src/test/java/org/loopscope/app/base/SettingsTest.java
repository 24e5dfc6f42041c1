package org.loopscope.app.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    @TempDir
    Path folder;

    @Test
    void pathsThatNoFolderCanHaveAreLeftOutAndTold() throws Exception {
        Path file = Files.writeString(
                folder.resolve("settings.json"),
                "{\"dark\": true, \"modelFolders\": [\"\\u0000\", \"models\"], \"recentModels\": [\"a\\u0000b\", \"m\"]}");
        Settings settings = Settings.in(file);
        assertEquals(List.of(Path.of("models")), settings.modelFolders());
        assertEquals(List.of("m"), settings.recentModels());
        assertTrue(settings.dark(), "the rest is used");
        assertEquals(2, settings.problems().size());
        assertEquals(
                "Settings: expected the path of a folder, found \"a\\u0000b\", which no folder can have; it is left out.",
                settings.problems().get(0));
    }

    @Test
    void aDamagedFileIsToldAndPutAside() throws Exception {
        Path file = Files.writeString(folder.resolve("settings.json"), "{\"dark\": tru");
        Settings settings = Settings.in(file);
        assertFalse(settings.dark());
        assertEquals(
                List.of(file
                        + ": expected settings, found text that is no JSON at line 1, column 13; the usual settings are"
                        + " used, and the file is kept as settings.json.damaged."),
                settings.problems());
        settings.setDark(true);
        assertTrue(Settings.in(file).dark());
        assertEquals("{\"dark\": tru", Files.readString(folder.resolve("settings.json.damaged")));
    }

    @Test
    void aFolderInPlaceOfTheFileIsTold() throws Exception {
        Path file = Files.createDirectories(folder.resolve("settings.json"));
        assertTrue(Settings.in(file).problems().get(0).contains("found a folder"));
    }

    @Test
    void aDamagedFileWithALongNameInItIsToldInOneShortSentence() throws Exception {
        Path file = Files.writeString(
                folder.resolve("settings.json"), "{\"generation\": {\"" + "\\u202e".repeat(400) + "\": 1}}");
        String told = Settings.in(file).problems().get(0);
        assertTrue(told.length() <= 300, told);
        assertTrue(told.endsWith("is kept as settings.json.damaged."), told);
    }
}
