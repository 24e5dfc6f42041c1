package org.loopscope.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

class SafetensorsWriterTest {
    @TempDir
    Path folder;

    private List<String> filesInFolder() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void everyTypeReadsBackAsItWasWritten() throws LoopscopeException {
        Path path = folder.resolve("x.safetensors");
        new SafetensorsWriter()
                .metadata("note", "räksmörgås \"1\"")
                .ints("i", (first, rows, out) -> out[0] = -5, 1)
                .bfloat16("b", (first, rows, out) -> out[0] = 0.5f, 1)
                .floats("f", (first, rows, out) -> fill(first, rows, out), 3, 2)
                .longs("l", (first, rows, out) -> out[0] = 1L << 40, 1)
                .doubles("d", (first, rows, out) -> out[0] = Math.PI, 1, 1)
                .write(path, RunControl.none());
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertEquals("räksmörgås \"1\"", file.metadata().get("note"));
            assertEquals(-5, file.bytes("i").getInt());
            assertEquals(1L << 40, file.bytes("l").getLong());
            assertEquals(Math.PI, file.bytes("d").getDouble());
            float[] values = new float[7];
            file.readFloat32("f", values, 0);
            file.readFloat32("b", values, 6);
            assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5, 0.5f}, values);
            assertEquals(List.of(3L, 2L), file.tensor("f").shape());
        }
    }

    private static void fill(long firstRow, int rows, float[] out) {
        for (int i = 0; i < rows * 2; i++) {
            out[i] = firstRow * 2 + i;
        }
    }

    @Test
    void everyTensorStartsAtAMultipleOfItsElementSize() throws LoopscopeException {
        Path path = folder.resolve("x.safetensors");
        new SafetensorsWriter()
                .bfloat16("b", (first, rows, out) -> out[0] = 1, 1)
                .ints("i", (first, rows, out) -> out[0] = 1, 1)
                .doubles("d", (first, rows, out) -> out[0] = 1, 1)
                .write(path, RunControl.none());
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            for (TensorInfo tensor : file.tensors()) {
                assertEquals(0, tensor.offset() % tensor.dtype().sizeBytes(), tensor.name());
            }
        }
    }

    @Test
    void aLargeTensorIsAskedForInRisingBlocksAndReadsBackWhole() throws LoopscopeException {
        Path path = folder.resolve("x.safetensors");
        int rowLength = 1000;
        int rowCount = 10_000; // ten million elements: three blocks of at most 2^22
        List<Long> firsts = new ArrayList<>();
        new SafetensorsWriter()
                .floats(
                        "f",
                        (first, rows, out) -> {
                            firsts.add(first);
                            for (int r = 0; r < rows; r++) {
                                out[r * rowLength] = first + r;
                            }
                        },
                        100,
                        100,
                        rowLength)
                .write(path, RunControl.none());
        assertEquals(List.of(0L, 4194L, 8388L), firsts);
        float[] values = new float[rowCount * rowLength];
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            file.readFloat32("f", values, 0);
        }
        for (int row = 0; row < rowCount; row++) {
            assertEquals(row, values[row * rowLength]);
        }
    }

    @Test
    void aSupplierThatFailsLeavesTheOldFileAndNothingElse() throws IOException {
        Path path = Files.writeString(folder.resolve("x.safetensors"), "old");
        SafetensorsWriter writer =
                new SafetensorsWriter().floats("f", (first, rows, out) -> failOnSecondBlock(first), 3, 1 << 22);
        assertThrows(IllegalStateException.class, () -> writer.write(path, RunControl.none()));
        assertEquals("old", Files.readString(path));
        assertEquals(List.of("x.safetensors"), filesInFolder());
    }

    private static void failOnSecondBlock(long first) {
        if (first > 0) {
            throw new IllegalStateException("a supplier that fails");
        }
    }

    @Test
    void cancellingLeavesTheOldFileAndNothingElse() throws IOException {
        Path path = Files.writeString(folder.resolve("x.safetensors"), "old");
        AtomicInteger blocks = new AtomicInteger();
        SafetensorsWriter writer =
                new SafetensorsWriter().floats("f", (first, rows, out) -> blocks.incrementAndGet(), 3, 1 << 22);
        RunControl control = RunControl.of(() -> blocks.get() == 1, (stage, done, total) -> {});
        assertThrows(CancellationException.class, () -> writer.write(path, control));
        assertEquals("old", Files.readString(path));
        assertEquals(List.of("x.safetensors"), filesInFolder());
    }

    @Test
    void aCompleteFileReplacesTheOldOne() throws IOException, LoopscopeException {
        Path path = Files.writeString(folder.resolve("x.safetensors"), "old");
        new SafetensorsWriter().longs("l", (first, rows, out) -> out[0] = 1, 1).write(path, RunControl.none());
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertEquals(1, file.bytes("l").getLong());
        }
        assertEquals(List.of("x.safetensors"), filesInFolder());
    }

    @Test
    void aTargetThatCannotBeAFileIsTold() {
        SafetensorsWriter writer = new SafetensorsWriter();
        Path nowhere = folder.resolve("absent").resolve("x.safetensors");
        assertEquals(
                "Cannot write " + nowhere + ": expected the folder to exist, found none.",
                assertThrows(LoopscopeException.class, () -> writer.write(nowhere, RunControl.none()))
                        .getMessage());
        assertEquals(
                "Cannot write " + folder + ": expected a file name, found a folder.",
                assertThrows(LoopscopeException.class, () -> writer.write(folder, RunControl.none()))
                        .getMessage());
    }

    @Test
    void progressEndsAtTheNumberOfBytesOfAllTensors() throws LoopscopeException {
        List<Long> done = new ArrayList<>();
        RunControl control = RunControl.of(() -> false, (stage, d, total) -> {
            assertEquals(24, total);
            done.add(d);
        });
        new SafetensorsWriter()
                .floats("f", (first, rows, out) -> out[0] = 1, 2, 2)
                .longs("l", (first, rows, out) -> out[0] = 1, 1)
                .write(folder.resolve("x.safetensors"), control);
        assertEquals(List.of(8L, 24L), done);
    }

    @Test
    void aNameCannotBeTakenTwice() {
        SafetensorsWriter writer = new SafetensorsWriter().longs("l", (first, rows, out) -> {}, 1);
        assertThrows(IllegalArgumentException.class, () -> writer.longs("l", (first, rows, out) -> {}, 1));
    }
}
