package org.loopscope.model.ouro;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.loopscope.model.ouro.Numbers.assertClose;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.loopscope.model.Capture;
import org.loopscope.model.Decoding;
import org.loopscope.model.GenerationReport.DraftedTokens;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Sampling;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.checkpoint.OuroTensors;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.shape.LoopConfig;

/** Drafting at an early step changes what it costs, never the text. */
class DraftAndVerifyTest {
    private static final int VOCABULARY = 23;
    private static final int LAYERS = 2;
    private static final int STEPS = 4;
    private static final int GIVEN = 5;
    private static final int NEW = 20;
    private static final int[] IDS = new Random(9).ints(GIVEN, 0, VOCABULARY).toArray();
    private static final RunOptions PLAIN = RunOptions.steps(STEPS).withGenerate(NEW);

    @TempDir
    private Path folder;

    private final CountingKernels counting = new CountingKernels();
    private RandomCheckpoint checkpoint;
    private OuroModel model;
    private long bytesBefore;

    @BeforeEach
    void load() throws LoopscopeException {
        bytesBefore = Matrix.openBytes();
        checkpoint = new RandomCheckpoint(RandomCheckpoint.config(VOCABULARY, 20, 33, LAYERS, 4, 2, 6), 31);
        model = checkpoint.load(folder, counting.kernels());
        counting.reset();
    }

    @AfterEach
    void everythingIsFreed() {
        model.close();
        assertEquals(bytesBefore, Matrix.openBytes());
    }

    private Capture run(RunOptions options) throws LoopscopeException {
        return model.run(IDS, options, RunControl.none());
    }

    private static DraftedTokens report(Capture capture) {
        return (DraftedTokens) capture.generationReport().orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"1,1", "1,2", "1,3", "1,7", "1,50", "2,1", "2,4", "2,19", "3,1", "3,5", "3,20"})
    void textAndStatesAreThoseOfFullDepth(int step, int tokens) throws LoopscopeException {
        Capture plain = run(PLAIN.withLayers(true));
        counting.reset();
        Capture drafted = run(PLAIN.withLayers(true).withDecoding(Decoding.draftAndVerify(step, tokens)));
        assertArrayEquals(plain.tokenIds(), drafted.tokenIds());
        assertClose(Numbers.layerStates(plain), Numbers.layerStates(drafted), 1e-4, "layer states");
        assertClose(Numbers.hiddenStates(plain), Numbers.hiddenStates(drafted), 1e-4, "hidden states");
        assertClose(Numbers.gateLogits(plain), Numbers.gateLogits(drafted), 1e-4, "gate logits");
        for (int position = GIVEN; position < plain.length(); position++) {
            assertEquals(STEPS, drafted.generationExitStep(position));
        }
        DraftedTokens report = report(drafted);
        assertTrue(report.accepted() < report.drafted(), "a random model drafts wrongly: rows were rolled back");
        assertEquals(LAYERS * (STEPS + report.cost().stackPasses()), counting.calls.get());
        assertEquals(LAYERS * (STEPS * GIVEN + report.cost().loopsRun()), counting.rows.get());
        // Each round begins with a token that full depth chose, so these and the accepted drafts are the text.
        assertEquals(NEW, report.rounds() + report.accepted());
        assertEquals(
                (long) step * (report.rounds() + report.drafted()) + (long) (STEPS - step) * report.rounds(),
                report.cost().stackPasses());
    }

    @ParameterizedTest
    @ValueSource(longs = {200, 201, 202, 203, 204, 205, 206, 207, 208, 209, 210, 211})
    void modelsOfAllShapesGiveTheTextOfFullDepth(long seed) throws LoopscopeException {
        Random random = new Random(seed);
        int kvHeads = 1 + random.nextInt(3);
        LoopConfig shape = RandomCheckpoint.config(
                2 + random.nextInt(40),
                2 + random.nextInt(40),
                1 + random.nextInt(50),
                1 + random.nextInt(3),
                kvHeads * (1 + random.nextInt(3)),
                kvHeads,
                2 * (1 + random.nextInt(5)));
        int[] ids = random.ints(1 + random.nextInt(20), 0, shape.vocabSize()).toArray();
        int steps = 2 + random.nextInt(6);
        RunOptions options = RunOptions.steps(steps).withGenerate(1 + random.nextInt(40));
        try (OuroModel other = new RandomCheckpoint(shape, seed).load(folder.resolve("other"), new HostKernels())) {
            Capture plain = other.run(ids, options, RunControl.none());
            for (int step = 1; step < steps; step++) {
                Decoding draft = Decoding.draftAndVerify(step, 1 + random.nextInt(9));
                Capture drafted = other.run(ids, options.withDecoding(draft), RunControl.none());
                assertArrayEquals(plain.tokenIds(), drafted.tokenIds(), draft.toString());
                assertClose(Numbers.hiddenStates(plain), Numbers.hiddenStates(drafted), 1e-3, draft.toString());
            }
        }
    }

    @Test
    void aStopIdEndsTheTextWhereFullDepthEndsIt() throws LoopscopeException {
        for (int stop :
                Arrays.stream(run(PLAIN).tokenIds()).skip(GIVEN).distinct().toArray()) {
            RunOptions stopping = PLAIN.withStopIds(Set.of(stop, 1));
            Capture plain = run(stopping);
            for (int tokens : new int[] {1, 3, 8}) {
                for (int step = 1; step < STEPS; step++) {
                    Capture drafted = run(stopping.withDecoding(Decoding.draftAndVerify(step, tokens)));
                    assertArrayEquals(plain.tokenIds(), drafted.tokenIds(), "stop " + stop + ", step " + step);
                    assertClose(Numbers.hiddenStates(plain), Numbers.hiddenStates(drafted), 1e-4, "hidden states");
                }
            }
        }
    }

    /** Layers that add nothing: every step says the same, so every draft is right. */
    private OuroModel sayingTheSameAtEveryStep() throws LoopscopeException {
        for (int layer = 0; layer < LAYERS; layer++) {
            String prefix = OuroTensors.layerPrefix(layer);
            Arrays.fill(checkpoint.tensors.get(prefix + "input_layernorm_2.weight"), 0);
            Arrays.fill(checkpoint.tensors.get(prefix + "post_attention_layernorm_2.weight"), 0);
        }
        Arrays.fill(checkpoint.tensors.get(OuroTensors.FINAL_NORM), 1);
        return checkpoint.load(folder.resolve("same"), new HostKernels());
    }

    @Test
    void draftsThatAreAllRightAreAllAcceptedAndCountedByHand() throws LoopscopeException {
        try (OuroModel same = sayingTheSameAtEveryStep()) {
            Capture capture = same.run(
                    IDS, PLAIN.withGenerate(10).withDecoding(Decoding.draftAndVerify(1, 4)), RunControl.none());
            // The first token is known from the prompt. Round 1: it and 4 drafts; round 2: the next one and 4 drafts.
            DraftedTokens report = report(capture);
            assertEquals(2, report.rounds());
            assertEquals(8, report.drafted());
            assertEquals(8, report.accepted());
            assertEquals(1.0, report.acceptanceRate());
            assertEquals(10 + 2 * 3, report.cost().stackPasses()); // step 1 of each token, steps 2 to 4 of each round
            assertEquals(10 * 4, report.cost().loopsRun());
            assertEquals(10 * 4, report.cost().fullDepthLoops());
        }
    }

    @Test
    void aStopIdAmongAcceptedDraftsEndsTheText() throws LoopscopeException {
        try (OuroModel same = sayingTheSameAtEveryStep()) {
            int[] text = same.run(IDS, PLAIN, RunControl.none()).tokenIds();
            RunOptions stopping = PLAIN.withStopIds(Set.of(text[GIVEN + 1])); // the first draft, unless it is repeated
            Capture plain = same.run(IDS, stopping, RunControl.none());
            Capture drafted = same.run(IDS, stopping.withDecoding(Decoding.draftAndVerify(2, 6)), RunControl.none());
            assertArrayEquals(plain.tokenIds(), drafted.tokenIds());
            assertEquals(1, report(drafted).rounds());
        }
    }

    @Test
    void aWrongDraftWhoseStatesAreNotFiniteDoesNotStopTheRun() throws LoopscopeException {
        int[] text = run(PLAIN).tokenIds();
        Set<Integer> inText = new HashSet<>(Arrays.stream(text).boxed().toList());
        float[] embedding = checkpoint.tensors.get(OuroTensors.EMBEDDING);
        for (int id = 0; id < VOCABULARY; id++) {
            if (!inText.contains(id)) {
                Arrays.fill(embedding, id * 20, id * 20 + 20, Float.NaN);
            }
        }
        try (OuroModel fragile = checkpoint.load(folder.resolve("fragile"), new HostKernels())) {
            int notVerified = 0;
            for (int step = 1; step < STEPS; step++) {
                Capture capture =
                        fragile.run(IDS, PLAIN.withDecoding(Decoding.draftAndVerify(step, 5)), RunControl.none());
                assertArrayEquals(text, capture.tokenIds());
                Capture sound = run(PLAIN.withDecoding(Decoding.draftAndVerify(step, 5)));
                notVerified += report(sound).drafted() - report(capture).drafted();
            }
            assertTrue(notVerified > 0, "no draft met a NaN");
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "7"})
    void theLastTokenIsNeverFollowedByDrafts(int tokens) throws LoopscopeException {
        Capture capture = run(PLAIN.withGenerate(1).withDecoding(Decoding.draftAndVerify(2, tokens)));
        assertEquals(GIVEN + 1, capture.length());
        assertEquals(0, report(capture).drafted());
        assertTrue(Double.isNaN(report(capture).acceptanceRate()));
        assertEquals(STEPS, report(capture).cost().stackPasses());
    }

    private String refused(RunOptions options) {
        return assertThrows(LoopscopeException.class, () -> run(options.withDecoding(Decoding.draftAndVerify(2, 3))))
                .getMessage();
    }

    @Test
    void whatIsNotGreedyTextAtFullDepthIsRefused() {
        assertEquals(
                "Draft step: expected a step before the last, T = 2, found 2.",
                refused(RunOptions.steps(2).withGenerate(1)));
        String start = "Draft and verify gives the greedy text of full depth: expected ";
        assertEquals(start + "the exit rule full, found q:0.5.", refused(PLAIN.withExitRule(ExitRule.q(0.5))));
        assertEquals(start + "temperature 0, found 0.7.", refused(PLAIN.withSampling(new Sampling(0.7, 1, 1))));
        assertEquals(start + "the KV policy full, found averaged.", refused(PLAIN.withKvPolicy(KvPolicy.AVERAGED)));
    }

    @Test
    void cancelIsHeardAnywhereAndFreesTheMemory() throws LoopscopeException {
        long open = Matrix.openBytes();
        RunOptions options = PLAIN.withDecoding(Decoding.draftAndVerify(1, 3));
        AtomicInteger asked = new AtomicInteger();
        model.run(IDS, options, RunControl.of(() -> asked.incrementAndGet() < 0, (stage, done, total) -> {}));
        int all = asked.get();
        assertTrue(all > LAYERS * (STEPS + NEW), "asked in every layer");
        for (int limit = 0; limit < all; limit += 7) {
            int stop = limit;
            asked.set(0);
            RunControl control = RunControl.of(() -> asked.getAndIncrement() >= stop, (stage, done, total) -> {});
            assertThrows(CancellationException.class, () -> model.run(IDS, options, control));
            assertEquals(stop + 1, asked.get(), "work went on after the cancel");
            assertEquals(open, Matrix.openBytes());
        }
    }
}
