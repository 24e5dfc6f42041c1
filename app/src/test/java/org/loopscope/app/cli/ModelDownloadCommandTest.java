package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command around the download; what servers do wrong is in HubDownloadTest of the model. */
class ModelDownloadCommandTest {
    @TempDir
    Path folder;

    private TinyHub hub;

    @BeforeEach
    void startTheHub() throws Exception {
        hub = new TinyHub(folder.resolve("made"));
    }

    @AfterEach
    void stopTheHub() {
        hub.close();
    }

    private Cli cli() {
        return Cli.in(folder)
                .variable("HF_HUB_CACHE", folder.resolve("cache").toString())
                .variable("HF_ENDPOINT", hub.address());
    }

    @Test
    void aDownloadedModelIsListedByName() {
        Cli.Result result = cli().execute("models", "download", "org/tiny");
        assertEquals(0, result.code(), result.err());
        Path snapshot = folder.resolve("cache/models--org--tiny/snapshots/" + "b".repeat(40));
        assertEquals(
                "Downloaded to " + snapshot + "; run it with --model org/tiny.",
                result.out().strip());
        assertEquals(
                "org/tiny: T = 3, 2 layers, d = 8; 2 files, 0.0 MB, of which 0.0 MB are to be fetched.",
                result.problem());
        assertTrue(cli().execute("models").out().contains("\norg/tiny "));
    }

    @Test
    void aDryRunFetchesNoWeights() {
        Cli.Result result = cli().execute("models", "download", "org/tiny", "--dry-run");
        assertEquals(0, result.code());
        assertEquals("", result.out());
        assertTrue(result.problem().startsWith("org/tiny: T = 3"), result.problem());
        assertEquals(
                List.of("/api/models/org/tiny/revision/main", "/org/tiny/resolve/" + "b".repeat(40) + "/config.json"),
                hub.asked());
        assertFalse(Files.exists(folder.resolve("cache")));
    }

    @Test
    void progressTellsTheFileAndItsBytes() {
        String err =
                cli().onTerminal().execute("models", "download", "org/tiny").err();
        assertTrue(err.contains("downloading model.safetensors (2 of 2 files)  0.0 MB of 0.0 MB"), err);
    }

    @Test
    void aCancelledDownloadSaysThatItCanGoOn() {
        Cli.Result result = cli().cancelledBy(() -> !hub.asked().isEmpty()).execute("models", "download", "org/tiny");
        assertEquals(130, result.code());
        assertEquals("Cancelled; what came is kept, and the same command goes on from there.", result.problem());
    }

    @Test
    void whatCannotBeDownloadedIsOneSentence() {
        Cli.Result unknown = cli().execute("models", "download", "org/other");
        assertEquals(2, unknown.code());
        assertEquals(hub.address() + " has no model org/other; check how it is written.", unknown.problem());
        assertEquals(
                "Model: expected ORG/NAME, such as ByteDance/Ouro-1.4B, found \"tiny\".",
                cli().execute("models", "download", "tiny").problem());
        assertEquals(
                hub.address() + " has no model org/tiny with the revision v2; check how it is written.",
                cli().execute("models", "download", "org/tiny", "--revision", "v2")
                        .problem());
    }

    @Test
    void helpFitsATerminalAndNamesTheCommands() {
        String help = Cli.run("models", "--help").out();
        for (String command : List.of("download", "check", "add", "remove")) {
            assertTrue(help.contains("\n  " + command + " "), help);
            Cli.Result own = Cli.run("models", command, "--help");
            assertTrue(own.out().startsWith("Usage: loopscope models " + command), own.out());
            own.out().lines().forEach(line -> assertTrue(line.length() <= 100, line));
        }
    }
}
