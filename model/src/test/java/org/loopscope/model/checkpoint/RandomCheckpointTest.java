package org.loopscope.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;
import org.loopscope.model.shape.LoopConfig;
import org.loopscope.model.tokenizer.Tokenizer;

class RandomCheckpointTest {
    private static final LoopConfig SMALL =
            new LoopConfig(300, 12, 20, 2, 3, 1, 8, 3, 64, 1e-5, 10_000, false, Set.of(0, 2));

    @TempDir
    Path folder;

    private static RandomCheckpoint small(long seed) {
        return new RandomCheckpoint("small", SMALL, DType.BF16, seed);
    }

    private static float[] weights(Path folder, String tensor) throws LoopscopeException {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            return checkpoint.readFloat32(tensor);
        }
    }

    @Test
    void theFolderIsAnOuroModelOfTheShapeAskedFor() throws LoopscopeException {
        RandomCheckpoint small = small(5);
        try (Checkpoint checkpoint = Checkpoint.open(small.in(folder, RunControl.none()))) {
            assertEquals(SMALL, checkpoint.config());
            assertEquals(DType.BF16, checkpoint.dtype());
            assertEquals(small.weightBytes(), checkpoint.weightBytes());
            assertTrue(checkpoint.warnings().isEmpty(), checkpoint.warnings().toString());
        }
    }

    @Test
    void itRunsATextAndItsStatesAndGatesAreOfModerateSize() throws LoopscopeException {
        Path tiny = RandomCheckpoint.TINY.in(folder, RunControl.none());
        try (LoopedModel model = Models.open(tiny.toString(), RunControl.none())) {
            Tokenizer tokenizer = model.tokenizer().orElseThrow();
            int[] ids = tokenizer.encode("Hi, räksmörgås\n");
            assertEquals("Hi, räksmörgås\n", tokenizer.decode(ids));
            Capture capture = model.run(ids, RunOptions.steps(4), RunControl.none());
            int late = 0;
            for (int p = 0; p < capture.length(); p++) {
                late += capture.exitDistribution(p).exitStep(0.5) > 1 ? 1 : 0;
                for (float x : capture.hiddenState(4, p)) {
                    assertTrue(Math.abs(x) < 10, "state " + x);
                }
            }
            assertTrue(late > 0 && late < capture.length(), late + " of " + capture.length() + " leave after step 1");
        }
    }

    @Test
    void theLargeShapeIsThatOfOuro() {
        // 2 V d + 24 (4 d² + 3 d m + 4 d) + d for the final norm + d + 1 for the gate
        assertEquals(1_434_652_673L, RandomCheckpoint.OURO_1_4B.weightBytes() / 2);
        assertEquals(
                RandomCheckpoint.OURO_1_4B, RandomCheckpoint.named("ouro-1.4b").orElseThrow());
        assertTrue(RandomCheckpoint.named("embedded").isEmpty());
    }

    @Test
    void theSameSeedGivesTheSameWeightsAndAnotherSeedAnotherFolder() throws LoopscopeException {
        Path first = small(5).in(folder.resolve("a"), RunControl.none());
        Path again = small(5).in(folder.resolve("b"), RunControl.none());
        Path other = small(6).in(folder.resolve("a"), RunControl.none());
        assertEquals(first.getFileName(), again.getFileName());
        assertNotEquals(first, other);
        String tensor = "model.layers.1.mlp.down_proj.weight";
        assertArrayEquals(weights(first, tensor), weights(again, tensor));
        assertFalse(Arrays.equals(weights(first, tensor), weights(other, tensor)));
        assertFalse(Arrays.equals(weights(first, tensor), weights(first, "model.layers.0.mlp.down_proj.weight")));
    }

    @Test
    void aCompleteFolderIsUsedAgainAndATruncatedOneIsWrittenAnew() throws LoopscopeException, IOException {
        Path made = small(5).in(folder, RunControl.none());
        Path file = made.resolve("model.safetensors");
        FileTime old = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(file, old);
        assertEquals(made, small(5).in(folder, RunControl.none()));
        assertEquals(old, Files.getLastModifiedTime(file));
        long size = Files.size(file);
        try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
            cut.setLength(size - 1);
        }
        small(5).in(folder, RunControl.none());
        assertEquals(size, Files.size(file));
    }

    @Test
    void aCancelLeavesNoWeightsBehind() throws IOException {
        RunControl cancelled = RunControl.of(() -> true, (stage, done, total) -> {});
        assertThrows(CancellationException.class, () -> small(5).in(folder, cancelled));
        try (Stream<Path> files = Files.walk(folder)) {
            assertTrue(files.noneMatch(f -> f.toString().contains("safetensors")));
        }
    }

    @Test
    void aFullDiskIsToldWithTheNumbersBeforeAnythingIsWritten() {
        LoopscopeException e = assertThrows(
                LoopscopeException.class,
                () -> RandomCheckpoint.OURO_1_4B.requireRoom(Path.of("models", "x"), 1_234_567_890L));
        assertEquals(
                "Random checkpoint ouro-1.4b: 2.9 GB of disk space are needed in models, 1.2 GB are free; choose another"
                        + " folder.",
                e.getMessage());
    }

    @Test
    void aBaseThatIsAFileIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        LoopscopeException e = assertThrows(LoopscopeException.class, () -> small(5).in(file, RunControl.none()));
        assertTrue(e.getMessage().startsWith("Random checkpoint small: expected to be able to make the folder "));
    }
}
