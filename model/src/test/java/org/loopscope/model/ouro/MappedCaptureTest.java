package org.loopscope.model.ouro;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.loopscope.model.Capture;
import org.loopscope.model.Decoding;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.NonFiniteStateException;
import org.loopscope.model.Precision;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.capture.CaptureFile;
import org.loopscope.model.checkpoint.Checkpoint;
import org.loopscope.model.checkpoint.OuroTensors;
import org.loopscope.model.checkpoint.SafetensorsFile;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.states.SmallDisk;
import org.loopscope.model.states.StateSpace;

/** A run whose states do not fit the heap leaves the same capture in a mapped file. */
class MappedCaptureTest {
    private static final int VOCABULARY = 31;
    private static final int[] IDS = new Random(5).ints(12, 0, VOCABULARY).toArray();

    @TempDir
    private Path folder;

    private RandomCheckpoint checkpoint;
    private SmallDisk disk;
    private OuroModel model;
    private OuroModel small;
    private long filesBefore;

    @BeforeEach
    void load() throws LoopscopeException, IOException {
        filesBefore = StateSpace.openFileBytes();
        checkpoint = new RandomCheckpoint(RandomCheckpoint.config(VOCABULARY, 20, 33, 2, 4, 2, 6), 21);
        model = checkpoint.load(folder.resolve("model"), new HostKernels());
        disk = new SmallDisk(Files.createDirectory(folder.resolve("states")), 1 << 20, false);
        small = withHeap(0, disk);
    }

    private OuroModel withHeap(long heapBytes, SmallDisk folderOfStates) throws LoopscopeException {
        MemoryBudget budget = new MemoryBudget() {
            @Override
            public long nativeBytes() {
                return 1 << 30;
            }

            @Override
            public long heapBytes() {
                return heapBytes;
            }

            @Override
            public StateSpace states() {
                return new StateSpace(this::heapBytes, folderOfStates);
            }
        };
        try (Checkpoint open = Checkpoint.open(folder.resolve("model"))) {
            return OuroModel.load(
                    open, Precision.FLOAT32, Optional.empty(), "model", RunControl.none(), new HostKernels(), budget);
        }
    }

    @AfterEach
    void close() {
        model.close();
        small.close();
    }

    static Stream<RunOptions> options() {
        RunOptions plain = RunOptions.steps(3);
        return Stream.of(
                plain,
                plain.withLayers(true),
                plain.withLayers(true).withGenerate(6),
                plain.withLayers(true).withGenerate(6).withStopIds(Set.of(1, 2, 3, 4, 5, 6, 7, 8, 9)),
                plain.withGenerate(5).withKvPolicy(KvPolicy.AVERAGED),
                plain.withLayers(true)
                        .withGenerate(6)
                        .withExitRule(ExitRule.fixed(2))
                        .withDecoding(Decoding.skipLoops()),
                plain.withGenerate(6)
                        .withExitRule(ExitRule.fixed(2))
                        .withKvPolicy(KvPolicy.LAST_STEP)
                        .withDecoding(Decoding.skipLoops()),
                plain.withLayers(true).withGenerate(6).withDecoding(Decoding.draftAndVerify(1, 3)));
    }

    @ParameterizedTest
    @MethodSource("options")
    void theCaptureInAFileIsThatOfTheHeapInEveryNumberAndInTheFileWrittenFromIt(RunOptions options)
            throws LoopscopeException {
        Capture heap = model.run(IDS, options, RunControl.none());
        Capture mapped = small.run(IDS, options, RunControl.none());
        assertEquals(0, heap.mappedBytes());
        assertEquals(Optional.empty(), heap.mappedStates());
        long gates = 4L * mapped.steps() * mapped.length();
        assertEquals(mapped.sizeBytes() - gates, mapped.mappedBytes());
        assertSameNumbers(heap, mapped);
        assertSameFile(heap, mapped);
    }

    private static void assertSameNumbers(Capture heap, Capture mapped) {
        assertEquals(heap.sizeBytes(), mapped.sizeBytes());
        assertArrayEquals(heap.tokenIds(), mapped.tokenIds());
        assertArrayEquals(Numbers.gateLogits(heap), Numbers.gateLogits(mapped));
        assertArrayEquals(Numbers.hiddenStates(heap), Numbers.hiddenStates(mapped));
        for (int position = 0; position < heap.length(); position++) {
            assertArrayEquals(heap.hiddenState(2, position), mapped.hiddenState(2, position));
        }
        assertEquals(heap.hasLayerStates(), mapped.hasLayerStates());
        if (heap.hasLayerStates()) {
            assertArrayEquals(Numbers.layerStates(heap), Numbers.layerStates(mapped));
        }
    }

    private void assertSameFile(Capture heap, Capture mapped) throws LoopscopeException {
        Path first = folder.resolve("heap.safetensors");
        Path second = folder.resolve("mapped.safetensors");
        CaptureFile.write(heap, first, Optional.of(model.unembedding()), RunControl.none());
        CaptureFile.write(mapped, second, Optional.of(small.unembedding()), RunControl.none());
        try (SafetensorsFile a = SafetensorsFile.open(first);
                SafetensorsFile b = SafetensorsFile.open(second)) {
            assertEquals(heap.hasLayerStates(), a.find("layer_states").isPresent());
            for (String name : new String[] {
                "token_ids", "hidden_states", "gate_logits", "exit_pdf", "exit_cdf", "layer_states", "step_logits"
            }) {
                if (a.find(name).isPresent()) {
                    assertEquals(a.tensor(name).shape(), b.tensor(name).shape());
                    assertEquals(a.bytes(name), b.bytes(name), name);
                }
            }
        }
    }

    @Test
    void onlyLayerStatesGoToTheFileWhenTheStepStatesFit() throws LoopscopeException {
        // 12 tokens, 3 steps: gates 144, step states 2,880, layer states 8,640 bytes; half of the heap is for them.
        try (OuroModel some = withHeap(2 * (144 + 2880), disk)) {
            Capture capture = some.run(IDS, RunOptions.steps(3).withLayers(true), RunControl.none());
            assertEquals(8640, capture.mappedBytes());
            assertEquals(Optional.of("layer states: 8.6 kB in a mapped file"), capture.mappedStates());
            assertEquals(
                    Optional.of("layer states: 8.6 kB in a mapped file"),
                    capture.withPrompt("x").mappedStates());
            assertEquals(
                    Optional.empty(),
                    some.run(IDS, RunOptions.steps(3), RunControl.none()).mappedStates());
        }
        Capture both = small.run(IDS, RunOptions.steps(3).withLayers(true), RunControl.none());
        assertEquals(Optional.of("all states: 11.5 kB in a mapped file"), both.mappedStates());
        Capture steps = small.run(IDS, RunOptions.steps(3), RunControl.none());
        assertEquals(Optional.of("step states: 2.9 kB in a mapped file"), steps.mappedStates());
    }

    @Test
    void whatARunWillTakeIsToldBeforeItIsRun() throws LoopscopeException {
        RunOptions options = RunOptions.steps(3).withLayers(true);
        long work = OuroRun.nativeBytes(new HostKernels(), model.config(), 12, 12, options);
        assertEquals(
                "11.7 kB (step and layer states; all states in a mapped file), and takes " + MemoryBudget.size(work)
                        + " more while it runs",
                small.memory(12, options).text());
        assertEquals(
                "11.7 kB (step and layer states), and takes " + MemoryBudget.size(work) + " more while it runs",
                model.memory(12, options).text());
        assertEquals(
                small.run(IDS, options, RunControl.none()).sizeBytes(),
                small.memory(12, options).keptBytes());
    }

    @Test
    void aCancelledRunLeavesNoFileWhereverItIsCancelled() throws IOException {
        // A whole run reports 3 steps * 2 layers and 4 tokens.
        for (int limit = 0; limit < 10; limit++) {
            int reports = limit;
            int[] seen = {0};
            RunControl control = RunControl.of(() -> seen[0] >= reports, (stage, done, total) -> seen[0]++);
            RunOptions options = RunOptions.steps(3).withLayers(true).withGenerate(4);
            assertThrows(CancellationException.class, () -> small.run(IDS, options, control));
            assertEquals(0, disk.files(), "cancelled after " + reports + " reports");
            assertTrue(StateSpace.openFileBytes() <= filesBefore); // below, where older captures were given up
        }
    }

    @Test
    void aDiskThatStopsTakingStatesInTheMiddleOfARunIsToldInOneSentence() throws IOException {
        int[] reports = {0};
        RunControl control = RunControl.of(() -> false, (stage, done, total) -> {
            if (++reports[0] == 4) {
                Thread.currentThread().interrupt(); // the next write finds its file closed, as good as any failure
            }
        });
        LoopscopeException e = assertThrows(
                LoopscopeException.class,
                () -> small.run(IDS, RunOptions.steps(3).withLayers(true), control));
        assertTrue(Thread.interrupted());
        assertEquals(
                "The file of states in " + disk.folder() + " could not be written or read (input or output failed);"
                        + " make room there, or name another folder by LOOPSCOPE_STATES.",
                e.getMessage());
        assertEquals(4, reports[0]);
        assertEquals(0, disk.files());
    }

    @Test
    void aRunThatStopsAtANanKeepsItsStepsInTheFile() throws LoopscopeException {
        int bad = 30;
        java.util.Arrays.fill(checkpoint.tensors.get(OuroTensors.EMBEDDING), bad * 20, (bad + 1) * 20, Float.NaN);
        checkpoint.load(folder.resolve("model"), new HostKernels()).close();
        int[] ids = {1, 2, 3, 4, bad};
        RunOptions options = RunOptions.steps(3).withLayers(true);
        try (OuroModel broken = withHeap(0, disk)) {
            NonFiniteStateException e = assertThrows(
                    NonFiniteStateException.class, () -> broken.decode(ids, 2, options, RunControl.none()));
            Capture partial = e.partial().orElseThrow();
            assertEquals(4, partial.length());
            assertTrue(partial.mappedBytes() > 0);
            assertSameNumbers(model.decode(new int[] {1, 2, 3, 4}, 2, options, RunControl.none()), partial);
        }
    }

    @Test
    void aDiskWithoutRoomIsToldBeforeTheRunInOneSentence() throws LoopscopeException, IOException {
        SmallDisk full = new SmallDisk(disk.folder(), 11_519, false); // all states but the gates: 11,520 bytes
        try (OuroModel none = withHeap(100, full)) {
            assertEquals(
                    "States of this run: 11.7 kB are needed, 0.1 kB are free on the Java heap and 11.5 kB on the disk,"
                            + " in " + disk.folder() + "; reduce the tokens or the steps, or do not capture layer"
                            + " states, or name a folder with more room by LOOPSCOPE_STATES.",
                    assertThrows(
                                    LoopscopeException.class,
                                    () -> none.run(IDS, RunOptions.steps(3).withLayers(true), RunControl.none()))
                            .getMessage());
        }
        assertEquals(0, disk.files());
    }
}
