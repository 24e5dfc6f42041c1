package org.loopscope.model.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.support.Golden;

/** A Hub on this machine with one small model, an empty cache, and what a test wants to be different. */
@Timeout(60)
abstract class DownloadFixture {
    static final String WEIGHTS = "model.safetensors";
    static final RepoId REPO = new RepoId("org", "looped");

    @TempDir
    Path home;

    final List<Duration> waits = new ArrayList<>();
    final Map<String, String> variables = new HashMap<>();
    Duration silence = Duration.ofSeconds(30);
    Snapshot.Linker linker = Files::createSymbolicLink;
    long freeBytes = Long.MAX_VALUE;
    FakeHub hub;
    byte[] weights;

    @BeforeEach
    void fillTheHub() throws IOException {
        hub = new FakeHub("org/looped");
        weights = Files.readAllBytes(Golden.path("golden/mha/" + WEIGHTS));
        hub.add(".gitattributes", bytes("*.safetensors filter=lfs"), false);
        hub.add("README.md", bytes("# Looped"), false);
        hub.add("config.json", Files.readAllBytes(Golden.path("golden/mha/config.json")), false);
        hub.add(WEIGHTS, weights, true);
        hub.add("modeling_ouro.py", bytes("import torch"), false);
        hub.add("training.bin", new byte[9], true);
        variables.put("HF_HUB_CACHE", home.toString());
        variables.put("HF_ENDPOINT", hub.address());
    }

    @AfterEach
    void closeTheHub() {
        hub.close();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    HubEnvironment environment() {
        return HubEnvironment.of(variables, home);
    }

    HubDownload download() throws LoopscopeException {
        Patience patience = new Patience(silence, 3, (duration, control) -> waits.add(duration));
        return new HubDownload(environment(), patience, linker, folder -> freeBytes);
    }

    Path fetch(RunControl control) throws LoopscopeException {
        HubDownload download = download();
        return download.fetch(download.look(REPO, "main", control), control);
    }

    Path fetch() throws LoopscopeException {
        return fetch(RunControl.none());
    }

    String refusal() {
        return assertThrows(LoopscopeException.class, this::fetch).getMessage();
    }

    Path repoFolder() {
        return home.resolve("models--org--looped");
    }

    Path blob(String etag) {
        return repoFolder().resolve("blobs").resolve(etag);
    }

    Path incomplete() {
        return blob(FakeHub.sha256(weights) + ".incomplete");
    }

    List<String> names(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    void assertWholeSnapshot(Path snapshot) throws IOException {
        assertEquals(List.of("README.md", "config.json", WEIGHTS), names(snapshot));
        assertArrayEquals(weights, Files.readAllBytes(snapshot.resolve(WEIGHTS)));
        assertEquals(FakeHub.COMMIT, Files.readString(repoFolder().resolve("refs/main")));
        assertFalse(Files.exists(incomplete()));
    }

    /** Waits until the server is closed, which interrupts it. */
    static void holdTheLine(HttpExchange exchange) {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
