package org.loopscope.model.ouro;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.loopscope.model.ouro.Numbers.assertClose;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.loopscope.model.Capture;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.checkpoint.OuroTensors;
import org.loopscope.model.shape.LoopConfig;

/** The model on random checkpoints of many shapes against the plain version in double. */
class RandomShapesTest {
    private static final double TOLERANCE = 2e-4;

    @TempDir
    private Path folder;

    record Case(long seed, LoopConfig config, int tokens, int steps) {
        @Override
        public String toString() {
            return "seed " + seed + ", d " + config.hiddenSize() + ", m " + config.intermediateSize() + ", layers "
                    + config.layers() + ", heads " + config.heads() + "/" + config.kvHeads() + " of " + config.headDim()
                    + (config.tiedEmbeddings() ? ", tied" : "") + ", tokens " + tokens + ", T " + steps;
        }
    }

    static Stream<Case> cases() {
        List<Case> byHand = List.of(
                new Case(1, RandomCheckpoint.config(3, 5, 7, 1, 1, 1, 2), 1, 1), // one token, one head, one step
                new Case(2, RandomCheckpoint.config(11, 9, 13, 2, 1, 1, 6), 17, 3), // one head, odd sizes
                new Case(3, RandomCheckpoint.config(29, 15, 8, 3, 6, 2, 4), 23, 4), // GQA, heads * headDim > d
                new Case(4, RandomCheckpoint.config(29, 40, 8, 2, 3, 1, 2), 9, 5), // one kv head, heads * headDim < d
                new Case(5, RandomCheckpoint.config(17, 8, 12, 1, 2, 2, 4), 6, 64), // the most steps
                new Case(6, RandomCheckpoint.config(17, 6, 10, 1, 3, 3, 2), 700, 2), // more than a chunk of positions
                new Case(7, RandomCheckpoint.config(17, 6, 10, 2, 3, 3, 2), Scratch.CHUNK + 1, 1)); // a chunk of one
        return Stream.concat(
                byHand.stream(), Stream.iterate(100L, s -> s + 1).limit(25).map(RandomShapesTest::random));
    }

    private static Case random(long seed) {
        Random r = new Random(seed);
        int kvHeads = 1 + r.nextInt(4);
        LoopConfig config = new LoopConfig(
                2 + r.nextInt(60),
                1 + r.nextInt(50),
                1 + r.nextInt(70),
                1 + r.nextInt(4),
                kvHeads * (1 + r.nextInt(3)),
                kvHeads,
                2 * (1 + r.nextInt(8)),
                4,
                4096,
                Math.pow(10, -4 - r.nextInt(5)),
                Math.pow(10, 2 + 5 * r.nextDouble()),
                r.nextBoolean(),
                Set.of());
        return new Case(seed, config, 1 + r.nextInt(80), 1 + r.nextInt(9));
    }

    private static int[] ids(Case c) {
        return new Random(c.seed).ints(c.tokens, 0, c.config.vocabSize()).toArray();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void statesGatesAndLogitsAreThoseOfThePlainVersion(Case c) throws LoopscopeException {
        RandomCheckpoint checkpoint = new RandomCheckpoint(c.config, c.seed);
        PlainTransformer plain = new PlainTransformer(checkpoint);
        int[] ids = ids(c);
        try (OuroModel model = checkpoint.load(folder, new HostKernels())) {
            Capture capture = model.run(ids, RunOptions.steps(c.steps).withLayers(true), RunControl.none());
            double[][] x = plain.embed(ids);
            for (int t = 1; t <= c.steps; t++) {
                assertStepIsPlain(plain, capture, t, x);
                // The next step is compared from the state that the run really had: a step is what is tested, and over
                // many steps of a random model rounding grows.
                x = states(capture, t, ids.length, c.config.hiddenSize());
            }
            double[][] logits = plain.linear(
                    x,
                    c.config.tiedEmbeddings() ? OuroTensors.EMBEDDING : OuroTensors.UNEMBEDDING,
                    c.config.vocabSize());
            assertClose(
                    PlainTransformer.flat(logits),
                    Numbers.logits(capture, c.steps, model.unembedding()),
                    TOLERANCE,
                    "logits");
        }
    }

    private static void assertStepIsPlain(PlainTransformer plain, Capture capture, int t, double[][] input) {
        int tokens = capture.length();
        int d = capture.config().hiddenSize();
        float[] actual = new float[tokens * d];
        capture.layerStates(t, -1, 0, tokens, actual, 0);
        assertArrayEquals(PlainTransformer.flat(input), actual, "input of step " + t);
        double[][] x = input;
        for (int layer = 0; layer < capture.config().layers(); layer++) {
            x = plain.layer(layer, x);
            capture.layerStates(t, layer, 0, tokens, actual, 0);
            assertClose(PlainTransformer.flat(x), actual, TOLERANCE, "step " + t + ", layer " + layer);
        }
        x = plain.norm(x, OuroTensors.FINAL_NORM);
        capture.hiddenStates(t, 0, tokens, actual, 0);
        assertClose(PlainTransformer.flat(x), actual, TOLERANCE, "output of step " + t);
        for (int position = 0; position < tokens; position++) {
            double gate = plain.gateLogit(states(capture, t, tokens, d)[position]);
            assertEquals(gate, capture.gateLogit(t, position), 1e-5, "gate of step " + t + ", token " + position);
        }
    }

    private static double[][] states(Capture capture, int step, int tokens, int d) {
        double[][] result = new double[tokens][d];
        for (int s = 0; s < tokens; s++) {
            float[] state = capture.hiddenState(step, s);
            for (int i = 0; i < d; i++) {
                result[s][i] = state[i];
            }
        }
        return result;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void bothKernelsGiveTheSameStates(Case c) throws LoopscopeException {
        RandomCheckpoint checkpoint = new RandomCheckpoint(c.config, c.seed);
        RunOptions options = RunOptions.steps(Math.min(c.steps, 4));
        try (OuroModel host = checkpoint.load(folder, new HostKernels());
                OuroModel nd4j = checkpoint.load(folder, new Nd4jKernels())) {
            Capture a = host.run(ids(c), options, RunControl.none());
            Capture b = nd4j.run(ids(c), options, RunControl.none());
            assertClose(Numbers.hiddenStates(a), Numbers.hiddenStates(b), 1e-3, "hidden states");
            assertClose(Numbers.gateLogits(a), Numbers.gateLogits(b), 1e-3, "gate logits");
        }
    }

    @Test
    void aModelOfOneStepIsAPlainTransformer() throws LoopscopeException {
        RandomCheckpoint checkpoint = new RandomCheckpoint(RandomCheckpoint.config(31, 20, 33, 4, 4, 2, 6), 12);
        int[] ids = new Random(12).ints(30, 0, 31).toArray();
        PlainTransformer plain = new PlainTransformer(checkpoint);
        try (OuroModel model = checkpoint.load(folder, new HostKernels())) {
            Capture capture = model.run(ids, RunOptions.steps(1), RunControl.none());
            assertClose(
                    PlainTransformer.flat(plain.pass(plain.embed(ids))),
                    Numbers.hiddenStates(capture),
                    TOLERANCE,
                    "states");
        }
    }

    @Test
    void earlierStepsDoNotDependOnHowManyFollow() throws LoopscopeException {
        RandomCheckpoint checkpoint = new RandomCheckpoint(RandomCheckpoint.config(31, 20, 33, 3, 4, 2, 6), 13);
        int[] ids = new Random(13).ints(41, 0, 31).toArray();
        try (OuroModel model = checkpoint.load(folder, new HostKernels())) {
            Capture deep = model.run(ids, RunOptions.steps(9), RunControl.none());
            for (int steps = 1; steps < 9; steps++) {
                Capture shallow = model.run(ids, RunOptions.steps(steps), RunControl.none());
                for (int position = 0; position < ids.length; position++) {
                    assertArrayEquals(
                            shallow.hiddenState(steps, position), deep.hiddenState(steps, position), "T = " + steps);
                    assertEquals(shallow.gateLogit(steps, position), deep.gateLogit(steps, position));
                }
            }
        }
    }

    @Test
    void aLaterTokenDoesNotChangeEarlierStates() throws LoopscopeException {
        RandomCheckpoint checkpoint = new RandomCheckpoint(RandomCheckpoint.config(31, 20, 33, 2, 4, 2, 6), 14);
        int[] ids = new Random(14).ints(130, 0, 31).toArray();
        try (OuroModel model = checkpoint.load(folder, new HostKernels())) {
            Capture before = model.run(ids, RunOptions.steps(3), RunControl.none());
            ids[100] = (ids[100] + 1) % 31;
            Capture after = model.run(ids, RunOptions.steps(3), RunControl.none());
            for (int position = 0; position < 100; position++) {
                assertArrayEquals(before.hiddenState(3, position), after.hiddenState(3, position));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void decodingThroughTheCacheGivesTheStatesOfOnePass(Case c) throws LoopscopeException {
        RunOptions options = RunOptions.steps(Math.min(c.steps, 5)).withLayers(true);
        int[] ids = java.util.Arrays.copyOf(ids(c), Math.min(c.tokens, 40));
        RandomCheckpoint checkpoint = new RandomCheckpoint(c.config, c.seed);
        try (OuroModel model = checkpoint.load(folder, new HostKernels())) {
            Capture whole = model.run(ids, options, RunControl.none());
            Capture cached = model.decode(ids, (ids.length + 2) / 3, options, RunControl.none());
            assertClose(Numbers.layerStates(whole), Numbers.layerStates(cached), 1e-3, "layer states");
            assertClose(Numbers.hiddenStates(whole), Numbers.hiddenStates(cached), 1e-3, "hidden states");
        }
    }

    @Test
    void withOneStepEveryKvPolicyIsTheFullOne() throws LoopscopeException {
        RandomCheckpoint checkpoint = new RandomCheckpoint(RandomCheckpoint.config(31, 20, 33, 2, 4, 2, 6), 15);
        int[] ids = new Random(15).ints(25, 0, 31).toArray();
        try (OuroModel model = checkpoint.load(folder, new HostKernels())) {
            Capture full = model.decode(ids, 10, RunOptions.steps(1), RunControl.none());
            for (KvPolicy policy : KvPolicy.values()) {
                Capture other = model.decode(ids, 10, RunOptions.steps(1).withKvPolicy(policy), RunControl.none());
                assertClose(Numbers.hiddenStates(full), Numbers.hiddenStates(other), 1e-6, policy.cliName());
            }
        }
    }
}
