package org.loopscope.model.ouro;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.loopscope.model.ouro.Numbers.assertClose;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;
import org.loopscope.model.Capture;
import org.loopscope.model.Decoding;
import org.loopscope.model.GenerationReport.SkippedLoops;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.NonFiniteStateException;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Sampling;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.checkpoint.OuroTensors;
import org.loopscope.model.exit.ExitDistribution;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.shape.LoopConfig;

/** Generation that leaves the loop where the rule says: what it computes, what it leaves out, and what it records. */
class SkipLoopsTest {
    private static final int VOCABULARY = 31;
    private static final int LAYERS = 2;
    private static final int STEPS = 5;
    private static final int GIVEN = 7;
    private static final int NEW = 24;
    private static final int[] IDS = new Random(8).ints(GIVEN, 0, VOCABULARY).toArray();
    private static final RunOptions SKIPPING = RunOptions.steps(STEPS)
            .withGenerate(NEW)
            .withExitRule(ExitRule.q(0.6))
            .withDecoding(Decoding.skipLoops());

    @TempDir
    private Path folder;

    private final CountingKernels counting = new CountingKernels();
    private RandomCheckpoint checkpoint;
    private OuroModel model;
    private long bytesBefore;

    @BeforeEach
    void load() throws LoopscopeException {
        bytesBefore = Matrix.openBytes();
        checkpoint = checkpoint(RandomCheckpoint.config(VOCABULARY, 20, 33, LAYERS, 4, 2, 6), 21);
        model = checkpoint.load(folder, counting.kernels());
        counting.reset();
    }

    /** With a gate that decides late often enough: exit steps from 1 to T occur. */
    private static RandomCheckpoint checkpoint(LoopConfig config, long seed) {
        RandomCheckpoint checkpoint = new RandomCheckpoint(config, seed);
        float[] gate = checkpoint.tensors.get(OuroTensors.GATE_WEIGHT);
        for (int i = 0; i < gate.length; i++) {
            gate[i] *= 2;
        }
        checkpoint.tensors.get(OuroTensors.GATE_BIAS)[0] = -1.2f;
        return checkpoint;
    }

    @AfterEach
    void everythingIsFreed() {
        model.close();
        assertEquals(bytesBefore, Matrix.openBytes());
    }

    private Capture run(RunOptions options) throws LoopscopeException {
        return model.run(IDS, options, RunControl.none());
    }

    private static SkippedLoops report(Capture capture) {
        return (SkippedLoops) capture.generationReport().orElseThrow();
    }

    private static int[] stepsRun(Capture capture) {
        SkippedLoops report = report(capture);
        return java.util.stream.IntStream.range(0, report.gateLogits().size())
                .map(report::stepsRun)
                .toArray();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "q:0",
                "q:0.3",
                "q:0.6",
                "q:0.9",
                "q:1",
                "fixed:1",
                "fixed:3",
                "fixed:9",
                "full",
                "entropy:3.0",
                "max-prob:0.15",
                "margin:0.03",
                "kl:0.05",
                "same-top1:1",
                "same-top1:2",
                "state-diff:0.5",
                "accel:0.6",
                "state-cosine:0.3",
                "entropy-diff:0.2",
                "contraction:2",
                "q:0.3+min-steps=3",
                "state-diff:0.5+patience=2",
                "all(max-prob:0.15,q:0.3)",
                "any(entropy:3.0,q:0.9)+min-steps=2"
            })
    void withTheFullPolicyTextAndStatesAreThoseOfEveryLoop(String rule) throws LoopscopeException {
        RunOptions options = SKIPPING.withLayers(true).withExitRule(ExitRule.parse(rule));
        Capture every = run(options.withDecoding(Decoding.everyLoop()));
        Capture skipped = run(options);
        assertArrayEquals(every.tokenIds(), skipped.tokenIds());
        assertClose(Numbers.layerStates(every), Numbers.layerStates(skipped), 1e-4, "layer states");
        assertClose(Numbers.hiddenStates(every), Numbers.hiddenStates(skipped), 1e-4, "hidden states");
        assertClose(Numbers.gateLogits(every), Numbers.gateLogits(skipped), 1e-4, "gate logits");
        for (int position = GIVEN; position < every.length(); position++) {
            assertEquals(every.generationExitStep(position), skipped.generationExitStep(position));
        }
    }

    @ParameterizedTest
    @EnumSource(KvPolicy.class)
    void aRuleOnPredictionsSkipsLoopsToo(KvPolicy policy) throws LoopscopeException {
        Capture capture = run(SKIPPING.withKvPolicy(policy).withExitRule(ExitRule.sameTop1(1)));
        int[] ran = stepsRun(capture);
        assertTrue(Arrays.stream(ran).allMatch(step -> step >= 2), "the first prediction has none before it");
        assertTrue(Arrays.stream(ran).anyMatch(step -> step < STEPS), "nothing was skipped: " + Arrays.toString(ran));
    }

    @Test
    void aNonFiniteLogitThatOnlyARuleReadsStopsTheRun() throws LoopscopeException {
        checkpoint.tensors.get(OuroTensors.UNEMBEDDING)[3] = Float.POSITIVE_INFINITY;
        try (OuroModel broken = checkpoint.load(folder.resolve("broken"), new HostKernels())) {
            NonFiniteStateException e = assertThrows(
                    NonFiniteStateException.class,
                    () -> broken.run(IDS, SKIPPING.withExitRule(ExitRule.parse("entropy:1")), RunControl.none()));
            assertEquals(1, e.step());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {100, 101, 102, 103, 104, 105, 106, 107, 108, 109})
    void withTheFullPolicyModelsOfAllShapesGiveTheStatesOfOnePass(long seed) throws LoopscopeException {
        Random random = new Random(seed);
        int kvHeads = 1 + random.nextInt(3);
        LoopConfig shape = RandomCheckpoint.config(
                2 + random.nextInt(60),
                1 + random.nextInt(40),
                1 + random.nextInt(50),
                1 + random.nextInt(3),
                kvHeads * (1 + random.nextInt(3)),
                kvHeads,
                2 * (1 + random.nextInt(5)));
        int[] ids = random.ints(1 + random.nextInt(20), 0, shape.vocabSize()).toArray();
        RunOptions options = RunOptions.steps(1 + random.nextInt(8))
                .withGenerate(1 + random.nextInt(30))
                .withExitRule(ExitRule.q(random.nextDouble()))
                .withDecoding(Decoding.skipLoops());
        try (OuroModel other = checkpoint(shape, seed).load(folder.resolve("other"), new HostKernels())) {
            Capture skipped = other.run(ids, options, RunControl.none());
            Capture whole = other.run(skipped.tokenIds(), RunOptions.steps(options.steps()), RunControl.none());
            assertClose(Numbers.hiddenStates(whole), Numbers.hiddenStates(skipped), 1e-3, "hidden states");
            assertClose(Numbers.gateLogits(whole), Numbers.gateLogits(skipped), 1e-3, "gate logits");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "LAST_STEP, 0.3", "LAST_STEP, 0.6", "LAST_STEP, 0.9",
        "FIRST_STEP, 0.3", "FIRST_STEP, 0.6", "FIRST_STEP, 0.9",
        "AVERAGED, 0.3", "AVERAGED, 0.6", "AVERAGED, 0.9"
    })
    void withASharingPolicyEntriesAreFoldedFromTheStepsThatRan(KvPolicy policy, double q) throws LoopscopeException {
        PlainSkipping plain = new PlainSkipping(checkpoint, STEPS, q, policy);
        plain.generate(IDS, NEW);
        Capture capture = run(SKIPPING.withKvPolicy(policy).withExitRule(ExitRule.q(q)));
        assertEquals(plain.generated, generated(capture));
        List<List<Double>> gates = report(capture).gateLogits();
        assertEquals(
                plain.gates.stream().map(List::size).toList(),
                gates.stream().map(List::size).toList());
        for (int i = 0; i < NEW; i++) {
            for (int t = 0; t < gates.get(i).size(); t++) {
                assertEquals(plain.gates.get(i).get(t), gates.get(i).get(t), 1e-4, "token " + i + ", step " + (t + 1));
            }
        }
    }

    private static List<Integer> generated(Capture capture) {
        return Arrays.stream(capture.tokenIds())
                .skip(capture.promptLength())
                .boxed()
                .toList();
    }

    @ParameterizedTest
    @EnumSource(KvPolicy.class)
    void tokensLeaveWhereTheRuleLeavesOnTheGatesOfTheRun(KvPolicy policy) throws LoopscopeException {
        Capture capture = run(SKIPPING.withKvPolicy(policy));
        int[] ran = stepsRun(capture);
        assertTrue(Arrays.stream(ran).distinct().count() >= 3, "exit steps of all kinds: " + Arrays.toString(ran));
        for (int i = 0; i < NEW; i++) {
            double[] gates = report(capture).gateLogits().get(i).stream()
                    .mapToDouble(g -> g)
                    .toArray();
            for (double later :
                    new double[] {-30, 0, 30}) { // whatever the gates that were not computed would have been
                double[] all = Arrays.copyOf(gates, STEPS);
                Arrays.fill(all, gates.length, STEPS, later);
                assertEquals(ran[i], ExitRule.q(0.6).exitStep(ExitDistribution.fromGateLogits(all)), "token " + i);
            }
            if (i + 1 < NEW) {
                assertEquals(ran[i], capture.generationExitStep(GIVEN + i + 1), "the next token is read there");
            }
        }
    }

    @Test
    void withTheFullPolicyTheRuleLeavesAtTheSameStepsOnTheCapture() throws LoopscopeException {
        Capture capture = run(SKIPPING);
        for (int i = 0; i < NEW; i++) {
            assertEquals(
                    report(capture).stepsRun(i),
                    ExitRule.q(0.6).exitStep(capture.exitDistribution(GIVEN + i)),
                    "token " + i);
            for (int t = 1; t <= report(capture).stepsRun(i); t++) {
                assertEquals(report(capture).gateLogits().get(i).get(t - 1), capture.gateLogit(t, GIVEN + i));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = KvPolicy.class, mode = Mode.EXCLUDE, names = "FULL")
    void withASharingPolicyOnlyTheLoopsOfTheRuleRun(KvPolicy policy) throws LoopscopeException {
        Capture capture = run(SKIPPING.withKvPolicy(policy));
        int loops = Arrays.stream(stepsRun(capture)).sum();
        assertTrue(loops < STEPS * NEW, "nothing was skipped");
        assertEquals(loops, report(capture).cost().loopsRun());
        assertEquals(loops, report(capture).cost().stackPasses());
        assertEquals(STEPS * NEW, report(capture).cost().fullDepthLoops());
        int replay = STEPS; // passes, over all tokens
        assertEquals(LAYERS * (STEPS + loops + replay), counting.calls.get());
        assertEquals(LAYERS * (STEPS * GIVEN + loops + STEPS * (GIVEN + NEW)), counting.rows.get());
    }

    @Test
    void withTheFullPolicyNoLoopIsComputedTwice() throws LoopscopeException {
        Capture capture = run(SKIPPING);
        assertEquals(LAYERS * STEPS * (GIVEN + NEW), counting.rows.get());
        long loops = report(capture).cost().loopsRun();
        assertTrue(loops >= Arrays.stream(stepsRun(capture)).sum(), "less than the rule asks for");
        // A token that goes to step t takes those before it along, so each of its steps is one pass.
        int passes = Arrays.stream(stepsRun(capture)).sum();
        assertEquals(passes, report(capture).cost().stackPasses());
        assertTrue(passes < STEPS * NEW, "nothing was skipped");
    }

    @Test
    void aTextThatNeverGoesDeepLeavesItsDeeperStepsToTheEnd() throws LoopscopeException {
        Capture capture = run(SKIPPING.withExitRule(ExitRule.fixed(1)));
        assertEquals(NEW, report(capture).cost().loopsRun());
        assertEquals(NEW, report(capture).cost().stackPasses());
        int afterwards = STEPS - 1; // one pass a step for all new tokens
        assertEquals(LAYERS * (STEPS + NEW + afterwards), counting.calls.get());
    }

    @ParameterizedTest
    @EnumSource(KvPolicy.class)
    void theCaptureHoldsTheStatesOfOnePassOverTheText(KvPolicy policy) throws LoopscopeException {
        Capture capture = run(SKIPPING.withKvPolicy(policy).withLayers(true));
        assertEquals(policy != KvPolicy.FULL, report(capture).replayed());
        Capture whole = model.run(capture.tokenIds(), RunOptions.steps(STEPS).withLayers(true), RunControl.none());
        assertClose(Numbers.layerStates(whole), Numbers.layerStates(capture), 1e-4, "layer states");
        assertClose(Numbers.hiddenStates(whole), Numbers.hiddenStates(capture), 1e-4, "hidden states");
        assertClose(Numbers.gateLogits(whole), Numbers.gateLogits(capture), 1e-4, "gate logits");
    }

    @ParameterizedTest
    @EnumSource(KvPolicy.class)
    void departuresAreTheTokensThatFullDepthWouldNotHaveChosen(KvPolicy policy) throws LoopscopeException {
        Capture capture = run(SKIPPING.withKvPolicy(policy));
        int[] top = Numbers.argmax(Numbers.logits(capture, STEPS, model.unembedding()), VOCABULARY);
        int expected = 0;
        for (int position = GIVEN; position < capture.length(); position++) {
            expected += top[position - 1] == capture.tokenId(position) ? 0 : 1;
        }
        assertTrue(expected > 0, "a random model departs");
        assertEquals(expected, report(capture).departures());
        assertEquals(0, report(run(SKIPPING.withExitRule(ExitRule.full()))).departures());
    }

    @ParameterizedTest
    @EnumSource(KvPolicy.class)
    void aStopIdEndsTheTextAndWhatCameBeforeIsTheSame(KvPolicy policy) throws LoopscopeException {
        Capture all = run(SKIPPING.withKvPolicy(policy));
        int stop = all.tokenId(GIVEN + 4);
        int end = GIVEN;
        while (all.tokenId(end) != stop) {
            end++;
        }
        Capture ended = run(SKIPPING.withKvPolicy(policy).withStopIds(Set.of(stop)));
        assertArrayEquals(Arrays.copyOf(all.tokenIds(), end + 1), ended.tokenIds());
        assertArrayEquals(Arrays.copyOf(stepsRun(all), end + 1 - GIVEN), stepsRun(ended));
    }

    @ParameterizedTest
    @EnumSource(KvPolicy.class)
    void theSameRunGivesTheSameBits(KvPolicy policy) throws LoopscopeException {
        RunOptions options = SKIPPING.withKvPolicy(policy).withSampling(new Sampling(1, 0.9, 3));
        Capture first = run(options);
        Capture second = run(options);
        assertArrayEquals(first.tokenIds(), second.tokenIds());
        assertArrayEquals(Numbers.hiddenStates(first), Numbers.hiddenStates(second));
        assertEquals(report(first).gateLogits(), report(second).gateLogits());
    }

    @ParameterizedTest
    @EnumSource(KvPolicy.class)
    void cancelIsHeardAnywhereAndFreesTheMemory(KvPolicy policy) {
        long open = Matrix.openBytes();
        List<Integer> ended = new ArrayList<>();
        for (int after = 0; after < 60; after += 3) {
            int limit = after;
            AtomicInteger reports = new AtomicInteger();
            RunControl control =
                    RunControl.of(() -> reports.get() >= limit, (stage, done, total) -> reports.incrementAndGet());
            try {
                model.run(IDS, SKIPPING.withKvPolicy(policy), control);
                ended.add(limit);
            } catch (CancellationException e) {
                assertEquals(limit, reports.get(), "work went on after the cancel");
            } catch (LoopscopeException e) {
                throw new AssertionError(e);
            }
            assertEquals(open, Matrix.openBytes());
        }
        // reports: layers of the prompt, tokens, and at least one more step or the replay
        assertTrue(ended.isEmpty() || ended.get(0) > LAYERS * STEPS + NEW, "ended at " + ended);
    }

    @ParameterizedTest
    @EnumSource(KvPolicy.class)
    void aGeneratedStateThatIsNotFiniteKeepsTheTokensThatHaveAllSteps(KvPolicy policy) throws LoopscopeException {
        int[] text = run(SKIPPING.withKvPolicy(policy)).tokenIds();
        int bad = Arrays.stream(text)
                .filter(id -> Arrays.stream(IDS).noneMatch(given -> given == id))
                .findFirst()
                .orElseThrow();
        Arrays.fill(checkpoint.tensors.get(OuroTensors.EMBEDDING), bad * 20, bad * 20 + 20, Float.NaN);
        try (OuroModel broken = checkpoint.load(folder.resolve("broken"), new HostKernels())) {
            NonFiniteStateException e = assertThrows(
                    NonFiniteStateException.class,
                    () -> broken.run(IDS, SKIPPING.withKvPolicy(policy), RunControl.none()));
            assertTrue(e.getMessage().endsWith("; the first 7 tokens are kept."), e.getMessage());
            Capture partial = e.partial().orElseThrow();
            assertEquals(GIVEN, partial.length());
            assertTrue(partial.generationReport().isEmpty());
        }
    }

    @ParameterizedTest
    @EnumSource(KvPolicy.class)
    void theMemoryAskedForBeforeTheRunIsWhatTheRunTakes(KvPolicy policy) throws LoopscopeException {
        RunOptions options = SKIPPING.withKvPolicy(policy).withGenerate(90); // the replay is larger than the prompt
        List<RunOptions> all = policy == KvPolicy.FULL
                ? List.of(options, options.withExitRule(ExitRule.full()).withDecoding(Decoding.draftAndVerify(2, 30)))
                : List.of(options);
        for (RunOptions asked : all) {
            long open = Matrix.openBytes();
            AtomicLong peak = new AtomicLong();
            model.run(
                    IDS,
                    asked,
                    RunControl.of(
                            () -> {
                                peak.accumulateAndGet(Matrix.openBytes() - open, Math::max);
                                return false;
                            },
                            (stage, done, total) -> {}));
            int tokens = GIVEN + 90;
            long planned = OuroRun.nativeBytes(new HostKernels(), checkpoint.config, GIVEN, tokens, asked);
            long folds = policy == KvPolicy.FIRST_STEP || policy == KvPolicy.AVERAGED ? 2L * LAYERS * 2 * 6 * 4 : 0;
            assertEquals(planned, peak.get(), folds, asked.decoding().name());
        }
    }

    @Test
    void aRunThatGeneratesNothingSkipsNothing() throws LoopscopeException {
        Capture capture = run(SKIPPING.withGenerate(0));
        assertTrue(capture.generationReport().isEmpty());
        assertArrayEquals(Numbers.hiddenStates(run(RunOptions.steps(STEPS))), Numbers.hiddenStates(capture));
    }

    @Test
    void everyLoopReportsNothing() throws LoopscopeException {
        assertTrue(run(SKIPPING.withDecoding(Decoding.everyLoop()))
                .generationReport()
                .isEmpty());
    }
}
