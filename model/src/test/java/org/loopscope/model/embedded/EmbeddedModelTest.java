package org.loopscope.model.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.checkpoint.Checkpoint;
import org.loopscope.model.support.Golden;

class EmbeddedModelTest {
    @TempDir
    Path base;

    private static void assertComplete(Path folder) throws IOException {
        for (String name : List.of("config.json", "model.safetensors", "tokenizer.json")) {
            assertEquals(
                    -1,
                    Files.mismatch(folder.resolve(name), Golden.path("org/loopscope/model/embedded/" + name)),
                    name);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(3, files.count());
        }
    }

    @Test
    void theUnpackedFolderIsACheckpointOfTheStatedSize() throws IOException, LoopscopeException {
        try (Checkpoint checkpoint = Checkpoint.open(EmbeddedModel.unpack(base))) {
            assertEquals(196_225, checkpoint.parameterCount());
            assertEquals(4, checkpoint.config().trainedSteps());
            assertEquals(List.of(), checkpoint.warnings());
        }
    }

    @Test
    void aSecondUseWritesNothing() throws IOException, LoopscopeException {
        Path weights = EmbeddedModel.unpack(base).resolve("model.safetensors");
        FileTime past = FileTime.fromMillis(0);
        Files.setLastModifiedTime(weights, past);
        EmbeddedModel.unpack(base);
        assertEquals(past, Files.getLastModifiedTime(weights));
    }

    @Test
    void aDamagedFileIsWrittenAnew() throws IOException, LoopscopeException {
        Path folder = EmbeddedModel.unpack(base);
        Path weights = folder.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 1] ^= 1;
        Files.write(weights, bytes);
        Files.delete(folder.resolve("config.json"));
        assertComplete(EmbeddedModel.unpack(base));
    }

    @Test
    void severalAtATimeEndWithACompleteFolder() throws IOException, InterruptedException, ExecutionException {
        ExecutorService executor = Executors.newFixedThreadPool(8);
        try {
            Callable<Path> unpack = () -> EmbeddedModel.unpack(base);
            List<Future<Path>> folders = executor.invokeAll(
                    IntStream.range(0, 8).mapToObj(i -> unpack).toList());
            for (Future<Path> folder : folders) {
                assertComplete(folder.get());
            }
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void aBaseThatCannotBeWrittenIsAnErrorThatTheCallerCanActOn() throws IOException {
        Path file = Files.writeString(base.resolve("a-file"), "");
        assertThrows(IOException.class, () -> EmbeddedModel.unpack(file));
    }

    @Test
    void cacheFoldersFollowTheConventionOfTheSystem() {
        assertEquals(Path.of("/home/a/.cache/loopscope"), CacheFolder.of("Linux", "/home/a", Map.of()));
        assertEquals(Path.of("/x/loopscope"), CacheFolder.of("Linux", "/home/a", Map.of("XDG_CACHE_HOME", "/x")));
        assertEquals(
                Path.of("/home/a/.cache/loopscope"),
                CacheFolder.of("Linux", "/home/a", Map.of("XDG_CACHE_HOME", "relative")));
        assertEquals(Path.of("/Users/a/Library/Caches/Loopscope"), CacheFolder.of("Mac OS X", "/Users/a", Map.of()));
    }
}
