package org.loopscope.model.ouro;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.model.Capture;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.NonFiniteStateException;
import org.loopscope.model.Precision;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Sampling;
import org.loopscope.model.backend.BackendInfo;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.checkpoint.Checkpoint;
import org.loopscope.model.checkpoint.OuroTensors;
import org.loopscope.model.shape.LoopConfig;

/** What a run refuses, how it ends early, and what it leaves behind. */
class OuroModelTest {
    private static final int VOCABULARY = 31;
    private static final int[] IDS = new Random(5).ints(12, 0, VOCABULARY).toArray();
    private static final RunOptions THREE = RunOptions.steps(3);

    @TempDir
    private Path folder;

    private RandomCheckpoint checkpoint;
    private OuroModel model;
    private long bytesBefore;

    @BeforeEach
    void load() throws LoopscopeException {
        bytesBefore = Matrix.openBytes();
        checkpoint = new RandomCheckpoint(RandomCheckpoint.config(VOCABULARY, 20, 33, 2, 4, 2, 6), 21);
        model = checkpoint.load(folder, new HostKernels());
    }

    @AfterEach
    void everyMatrixIsFreedWhenTheModelIsClosed() {
        model.close();
        model.close(); // twice is fine
        assertEquals(bytesBefore, Matrix.openBytes());
    }

    private static String refused(LoopscopeCall call) {
        return assertThrows(LoopscopeException.class, call::run).getMessage();
    }

    @FunctionalInterface
    private interface LoopscopeCall {
        void run() throws LoopscopeException;
    }

    @Test
    void aPromptWithoutTokensIsRefused() {
        assertEquals(
                "Prompt: expected at least one token, found none.",
                refused(() -> model.run(new int[0], THREE, RunControl.none())));
    }

    @ParameterizedTest
    @CsvSource({"31", "-1", "2147483647"})
    void aTokenIdOutsideTheVocabularyIsRefusedWithItsPosition(int id) {
        assertEquals(
                "Token id at position 2: expected 0 to 30, found " + id + ".",
                refused(() -> model.run(new int[] {1, 30, id, 2}, THREE, RunControl.none())));
    }

    @Test
    void tokensAndGenerationBeyondTheContextAreRefusedWithTheNumbers() {
        assertEquals(
                "Length of the run: expected at most 4096 tokens, the context of the model, found 4100 (12 given and"
                        + " 4088 to generate).",
                refused(() -> model.run(IDS, THREE.withGenerate(4088), RunControl.none())));
        assertEquals(
                "Length of the run: expected at most 4096 tokens, the context of the model, found 2147483659 (12 given"
                        + " and 2147483647 to generate).",
                refused(() -> model.run(IDS, THREE.withGenerate(Integer.MAX_VALUE), RunControl.none())));
    }

    @Test
    void weightsThatDoNotFitAreRefusedBeforeAnythingIsAllocated() throws LoopscopeException {
        long before = Matrix.openBytes();
        try (Checkpoint open = Checkpoint.open(folder)) {
            long needed = 4 * open.parameterCount();
            String sentence = refused(() -> OuroModel.load(
                    open,
                    Precision.FLOAT32,
                    Optional.empty(),
                    "big",
                    RunControl.none(),
                    new HostKernels(),
                    budget(needed - 1, 1 << 30)));
            assertEquals(
                    "Weights of big: " + MemoryBudget.size(needed) + " of memory are needed, "
                            + MemoryBudget.size(needed - 1)
                            + " are free; close other programs or choose a smaller model.",
                    sentence);
        }
        assertEquals(before, Matrix.openBytes());
    }

    private static MemoryBudget budget(long nativeBytes, long heapBytes) {
        return new MemoryBudget() {
            @Override
            public long nativeBytes() {
                return nativeBytes;
            }

            @Override
            public long heapBytes() {
                return heapBytes;
            }
        };
    }

    @Test
    void aCacheThatDoesNotFitMemoryIsRefused() throws LoopscopeException {
        try (OuroModel small = withBudget(budget(200_000, 1 << 30))) {
            assertTrue(refused(() -> small.run(IDS, RunOptions.steps(64).withGenerate(500), RunControl.none()))
                    .matches(
                            "This run: \\d+\\.\\d MB of memory are needed, 200\\.0 kB are free; reduce the tokens or the"
                                    + " steps\\."));
            assertDoesNotThrow(() -> small.run(IDS, THREE, RunControl.none()));
        }
    }

    @Test
    void statesThatNoArrayCanHoldAreRefused() throws LoopscopeException {
        LoopConfig wide = new LoopConfig(3, 128, 2, 1, 1, 1, 2, 1, 1 << 24, 1e-6, 10_000, false, Set.of());
        Path wideFolder = new RandomCheckpoint(wide, 1).write(folder.resolve("wide"));
        MemoryBudget endless = budget(Long.MAX_VALUE, Long.MAX_VALUE);
        try (Checkpoint open = Checkpoint.open(wideFolder);
                OuroModel large = OuroModel.load(
                        open,
                        Precision.FLOAT32,
                        Optional.empty(),
                        "wide",
                        RunControl.none(),
                        new HostKernels(),
                        endless)) {
            RunOptions options = RunOptions.steps(1).withGenerate((1 << 24) - 1);
            assertEquals(
                    "States of this run: expected at most 2147483647 numbers a step, found 2147483648 (16777216 tokens"
                            + " of 128); reduce the tokens.",
                    refused(() -> large.run(new int[] {0}, options, RunControl.none())));
        }
    }

    private OuroModel withBudget(MemoryBudget budget) throws LoopscopeException {
        try (Checkpoint open = Checkpoint.open(folder)) {
            return OuroModel.load(
                    open, Precision.FLOAT32, Optional.empty(), "small", RunControl.none(), new HostKernels(), budget);
        }
    }

    @Test
    void theEstimateIsWhatTheCaptureHoldsPlusTheCache() throws LoopscopeException {
        RunOptions options = THREE.withLayers(true).withGenerate(5);
        Capture capture = model.run(IDS, options, RunControl.none());
        long cache = 2L * 4 * (3 * 2) * 17 * (2 * 6); // K and V, float32, (step, layer) slots, tokens, width
        assertEquals(capture.sizeBytes() + cache, model.estimateBytes(IDS.length, options));
        long shared = 2L * 4 * 2 * 17 * (2 * 6); // a slot per layer
        assertEquals(
                capture.sizeBytes() + shared,
                model.estimateBytes(IDS.length, options.withKvPolicy(KvPolicy.LAST_STEP)));
    }

    @Test
    void cancelStopsAtTheNextLayerAndFreesTheMemoryOfTheRun() {
        long open = Matrix.openBytes();
        // A whole run reports 3 steps * 2 layers and 4 tokens.
        for (int calls = 0; calls < 10; calls++) {
            CountingControl control = new CountingControl(calls);
            assertThrows(
                    CancellationException.class,
                    () -> model.run(IDS, THREE.withGenerate(4), control),
                    "cancelled after " + calls + " reports");
            assertEquals(calls, control.reports.get(), "work went on after the cancel");
            assertEquals(open, Matrix.openBytes());
        }
    }

    /** Cancelled once so many progress reports have come. */
    private static final class CountingControl implements RunControl {
        private final int limit;
        private final AtomicInteger reports = new AtomicInteger();
        private final List<String> stages =
                Collections.synchronizedList(new ArrayList<>()); // loading reports from several threads

        CountingControl(int limit) {
            this.limit = limit;
        }

        @Override
        public boolean isCancelled() {
            return reports.get() >= limit;
        }

        @Override
        public void progress(String stage, long done, long total) {
            reports.incrementAndGet();
            stages.add(stage + " " + done + "/" + total);
        }
    }

    @Test
    void progressCountsLayersOfAllStepsAndThenTokens() throws LoopscopeException {
        CountingControl control = new CountingControl(Integer.MAX_VALUE);
        model.run(IDS, RunOptions.steps(2).withGenerate(2), control);
        assertEquals(
                List.of(
                        "step 1 of 2 1/4",
                        "step 1 of 2 2/4",
                        "step 2 of 2 3/4",
                        "step 2 of 2 4/4",
                        "token 1 of 2 1/2",
                        "token 2 of 2 2/2"),
                control.stages);
    }

    @Test
    void loadingCanBeCancelledAndLeavesNothing() throws LoopscopeException {
        long before = Matrix.openBytes();
        try (Checkpoint open = Checkpoint.open(folder)) {
            for (int calls : new int[] {0, 1, 7, 26, 27}) { // it has 27 tensors, of which several are read at a time
                assertThrows(
                        CancellationException.class,
                        () -> OuroModel.load(
                                open, Precision.FLOAT32, Optional.empty(), "x", new CountingControl(calls)));
                assertEquals(before, Matrix.openBytes());
            }
        }
    }

    @Test
    void aNanInALayerStopsTheRunAtItsFirstStepWithNothingKept() throws LoopscopeException {
        checkpoint.tensors.get("model.layers.1.mlp.down_proj.weight")[3] = Float.NaN;
        try (OuroModel broken = checkpoint.load(folder, new HostKernels())) {
            NonFiniteStateException e =
                    assertThrows(NonFiniteStateException.class, () -> broken.run(IDS, THREE, RunControl.none()));
            assertEquals(
                    "The run stopped at step 1, layer 1: the state at position 0 holds NaN or infinity where finite numbers"
                            + " were expected; no step was complete.",
                    e.getMessage());
            assertEquals(Optional.empty(), e.partial());
        }
    }

    @Test
    void aStateThatOverflowsInALaterStepKeepsTheStepsBefore() throws LoopscopeException {
        overflowInTheSecondStep();
        try (OuroModel broken = checkpoint.load(folder, new HostKernels())) {
            NonFiniteStateException e = assertThrows(
                    NonFiniteStateException.class, () -> broken.run(IDS, THREE.withLayers(true), RunControl.none()));
            assertEquals(
                    "The run stopped at step 2, layer 0: the state at position 0 holds NaN or infinity where finite numbers"
                            + " were expected; step 1 is kept.",
                    e.getMessage());
            Capture partial = e.partial().orElseThrow();
            assertEquals(Optional.of(e.getMessage()), partial.problem());
            assertEquals(1, partial.steps());
            assertEquals(IDS.length, partial.length());
            Capture complete = broken.run(IDS, RunOptions.steps(1).withLayers(true), RunControl.none());
            assertArrayEquals(Numbers.layerStates(complete), Numbers.layerStates(partial));
            assertArrayEquals(Numbers.hiddenStates(complete), Numbers.hiddenStates(partial));
            assertArrayEquals(Numbers.gateLogits(complete), Numbers.gateLogits(partial));
        }
    }

    /**
     * Embeddings so small that eps keeps them small in the first step, and a post norm that then adds 1e17 or so; the
     * second step starts from states of ordinary size, which the same norm multiplies beyond float32.
     */
    private void overflowInTheSecondStep() {
        float[] embedding = checkpoint.tensors.get(OuroTensors.EMBEDDING);
        for (int i = 0; i < embedding.length; i++) {
            embedding[i] *= 1e-27f;
        }
        java.util.Arrays.fill(checkpoint.tensors.get("model.layers.0.input_layernorm_2.weight"), 3e38f);
    }

    @Test
    void aNanThatOnlyADecodedTokenMeetsKeepsTheTokensBefore() throws LoopscopeException {
        int bad = 30;
        java.util.Arrays.fill(checkpoint.tensors.get(OuroTensors.EMBEDDING), bad * 20, (bad + 1) * 20, Float.NaN);
        int[] ids = {1, 2, 3, 4, bad};
        try (OuroModel broken = checkpoint.load(folder, new HostKernels())) {
            NonFiniteStateException e =
                    assertThrows(NonFiniteStateException.class, () -> broken.decode(ids, 2, THREE, RunControl.none()));
            assertEquals(
                    "The run stopped at step 1, layer 0: the state at position 4 holds NaN or infinity where finite numbers"
                            + " were expected; the first 4 tokens are kept.",
                    e.getMessage());
            Capture partial = e.partial().orElseThrow();
            assertEquals(4, partial.length());
            assertEquals(3, partial.steps());
        }
    }

    @ParameterizedTest
    @CsvSource({"model.norm.weight, final norm", "model.early_exit_gate.weight, exit gate"})
    void aNanAfterTheLastLayerIsNamedByItsPlace(String tensor, String place) throws LoopscopeException {
        checkpoint.tensors.get(tensor)[0] = Float.NaN;
        try (OuroModel broken = checkpoint.load(folder, new HostKernels())) {
            assertEquals(
                    "The run stopped at step 1, " + place
                            + ": the state at position 0 holds NaN or infinity where finite"
                            + " numbers were expected; no step was complete.",
                    refused(() -> broken.run(IDS, THREE, RunControl.none())));
        }
    }

    @Test
    void aNanInTheUnembeddingStopsTheGenerationAndKeepsTheTokens() throws LoopscopeException {
        checkpoint.tensors.get(OuroTensors.UNEMBEDDING)[0] = Float.NaN;
        try (OuroModel broken = checkpoint.load(folder, new HostKernels())) {
            NonFiniteStateException e = assertThrows(
                    NonFiniteStateException.class, () -> broken.run(IDS, THREE.withGenerate(2), RunControl.none()));
            assertEquals(
                    "The run stopped at step 3, unembedding: the state at position 11 holds NaN or infinity where finite"
                            + " numbers were expected; the first 12 tokens are kept.",
                    e.getMessage());
            assertEquals(12, e.partial().orElseThrow().length());
        }
    }

    @Test
    void runsAtTheSameTimeGiveWhatEachGivesAlone() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(6);
        try {
            List<Future<Capture>> futures = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                futures.add(executor.submit(job(i)));
            }
            for (int i = 0; i < futures.size(); i++) {
                Capture alone = job(i).call();
                Capture together = futures.get(i).get();
                assertArrayEquals(alone.tokenIds(), together.tokenIds(), "run " + i);
                assertArrayEquals(Numbers.hiddenStates(alone), Numbers.hiddenStates(together), "run " + i);
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private Callable<Capture> job(int i) {
        int[] ids = new Random(i).ints(3 + 5 * i, 0, VOCABULARY).toArray();
        RunOptions options = RunOptions.steps(1 + i % 5)
                .withGenerate(i % 4)
                .withKvPolicy(KvPolicy.values()[i % 4])
                .withSampling(new Sampling(0.8, 0.9, i));
        return () -> model.run(ids, options, RunControl.none());
    }

    @Test
    void sampledTextIsReproducedByItsSeed() throws LoopscopeException {
        RunOptions options = THREE.withGenerate(20).withSampling(new Sampling(1, 0.95, 4));
        int[] first = model.run(IDS, options, RunControl.none()).tokenIds();
        assertArrayEquals(first, model.run(IDS, options, RunControl.none()).tokenIds());
        int[] other = model.run(IDS, options.withSampling(new Sampling(1, 0.95, 5)), RunControl.none())
                .tokenIds();
        assertFalse(java.util.Arrays.equals(first, other));
    }

    @Test
    void aStopIdEndsTheGenerationAndIsTheLastToken() throws LoopscopeException {
        Capture all = model.run(IDS, THREE.withGenerate(8), RunControl.none());
        int stop = all.tokenId(IDS.length + 2);
        int first = IDS.length;
        while (all.tokenId(first) != stop) {
            first++;
        }
        Capture ended = model.run(IDS, THREE.withGenerate(8).withStopIds(Set.of(stop)), RunControl.none());
        assertEquals(first + 1, ended.length());
        assertEquals(stop, ended.tokenId(first));
        for (int position = 0; position <= first; position++) {
            assertArrayEquals(all.hiddenState(3, position), ended.hiddenState(3, position));
        }
    }

    @Test
    void withoutATokenizerTokensAreShownByTheirIds() throws LoopscopeException {
        Capture capture = model.run(new int[] {3, 17}, THREE, RunControl.none());
        assertEquals(List.of("#3", "#17"), capture.tokenTexts());
        assertEquals("", capture.prompt());
        assertEquals(2, capture.promptLength());
    }

    @Test
    void aClosedModelRefusesToRun() {
        model.close();
        assertThrows(IllegalStateException.class, () -> model.run(IDS, THREE, RunControl.none()));
        assertThrows(IllegalStateException.class, () -> model.unembedding().logits(new float[20], 1, new float[31]));
    }

    @Test
    void closingDuringARunLetsTheRunEndAndThenFreesTheWeights() throws LoopscopeException {
        Capture undisturbed = model.run(IDS, THREE, RunControl.none());
        Capture capture = model.run(IDS, THREE, RunControl.of(() -> false, (stage, done, total) -> model.close()));
        assertArrayEquals(Numbers.hiddenStates(undisturbed), Numbers.hiddenStates(capture));
        assertEquals(bytesBefore, Matrix.openBytes());
    }

    @Test
    void logitsOfManyRowsAreThoseOfEachRowAlone() {
        Random random = new Random(3);
        int rows = 700_000 / VOCABULARY;
        float[] states = new float[rows * 20];
        for (int i = 0; i < states.length; i++) {
            states[i] = (float) random.nextGaussian();
        }
        float[] together = new float[rows * VOCABULARY];
        model.unembedding().logits(states, rows, together);
        for (int row : new int[] {0, 1, rows / 2, rows - 1}) {
            float[] alone = new float[VOCABULARY];
            model.unembedding().logits(java.util.Arrays.copyOfRange(states, row * 20, row * 20 + 20), 1, alone);
            Numbers.assertClose(
                    alone,
                    java.util.Arrays.copyOfRange(together, row * VOCABULARY, (row + 1) * VOCABULARY),
                    1e-5,
                    "row " + row);
        }
    }

    @Test
    void theFinalNormOfTheLastLayersStreamIsTheStepOutput() throws LoopscopeException {
        Capture capture = model.run(IDS, THREE.withLayers(true), RunControl.none());
        float[] stream = new float[IDS.length * 20];
        float[] output = new float[IDS.length * 20];
        capture.layerStates(2, 1, 0, IDS.length, stream, 0);
        capture.hiddenStates(2, 0, IDS.length, output, 0);
        model.unembedding().finalNorm(stream, IDS.length, stream);
        assertArrayEquals(output, stream);
        assertEquals(capture.gateLogit(2, 4), (float) model.gateLogit(capture.hiddenState(2, 4)));
    }

    @Test
    void theModelTellsWhatItIs() throws LoopscopeException {
        try (Checkpoint open = Checkpoint.open(folder)) {
            assertEquals(open.weightHash(RunControl.none()), model.info().weightHash());
            assertEquals(open.parameterCount(), model.info().parameters());
        }
        assertEquals("F32", model.info().checkpointDtype());
        assertEquals("float32", model.info().computeDtype());
        assertEquals(BackendInfo.current().description(), model.info().backend());
    }
}
