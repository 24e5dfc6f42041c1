package org.loopscope.model.ouro;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.loopscope.model.Capture;
import org.loopscope.model.Intervention;
import org.loopscope.model.NonFiniteStateException;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.shape.Site;

/** What follows when states are changed while a run computes. */
class InterventionTest {
    private static final int VOCABULARY = 31;
    private static final int D = 20;
    private static final int LAYERS = 2;
    private static final int S = 9;
    private static final int[] IDS = new Random(5).ints(S, 0, VOCABULARY).toArray();
    private static final int[] OTHER = new Random(6).ints(S, 0, VOCABULARY).toArray();

    @TempDir
    private Path folder;

    private RandomCheckpoint checkpoint;
    private OuroModel model;

    @BeforeEach
    void load() throws LoopscopeException {
        checkpoint = new RandomCheckpoint(RandomCheckpoint.config(VOCABULARY, D, 33, LAYERS, 4, 2, 6), 21);
        model = checkpoint.load(folder, new HostKernels());
    }

    @AfterEach
    void close() {
        model.close();
    }

    private Capture run(int[] ids, int steps, Intervention intervention) throws LoopscopeException {
        return model.run(ids, RunOptions.steps(steps).withLayers(true), intervention, RunControl.none());
    }

    private static float[] states(Capture c, int step) {
        float[] out = new float[c.length() * D];
        c.hiddenStates(step, 0, c.length(), out, 0);
        return out;
    }

    private static float[] layer(Capture c, int step, int layer) {
        float[] out = new float[c.length() * D];
        c.layerStates(step, layer, 0, c.length(), out, 0);
        return out;
    }

    private static float[] layerState(Capture c, int step, int layer, int position) {
        float[] out = new float[D];
        c.layerStates(step, layer, position, 1, out, 0);
        return out;
    }

    private static float[] noise(long seed) {
        Random random = new Random(seed);
        float[] vector = new float[D];
        for (int i = 0; i < D; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    private static void assertSame(Capture expected, int expectedStep, Capture actual, int actualStep) {
        assertArrayEquals(states(expected, expectedStep), states(actual, actualStep), "output of step " + actualStep);
        for (int p = 0; p < expected.length(); p++) {
            assertEquals(expected.gateLogit(expectedStep, p), actual.gateLogit(actualStep, p));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aStateThatIsReplacedByItselfChangesNoBit(int step) throws LoopscopeException {
        Capture plain = run(IDS, 3, Intervention.none());
        Intervention same = Intervention.none();
        for (int p = 0; p < S; p += 2) {
            same = same.replace(Site.stepOutput(step), p, plain.hiddenState(step, p), "itself")
                    .replace(Site.stepInput(step), p, layerState(plain, step, -1, p), "itself")
                    .replace(Site.afterLayer(step, 0), p, layerState(plain, step, 0, p), "itself");
        }
        Capture again = run(IDS, 3, same);
        for (int t = 1; t <= 3; t++) {
            assertSame(plain, t, again, t);
            for (int l = -1; l < LAYERS; l++) {
                assertArrayEquals(layer(plain, t, l), layer(again, t, l));
            }
        }
    }

    @Test
    void allStatesOfAStepFromAnotherPromptGiveThatPromptsLaterStates() throws LoopscopeException {
        Capture plain = run(IDS, 4, Intervention.none());
        Capture other = run(OTHER, 4, Intervention.none());
        Intervention swap = Intervention.none();
        for (int p = 0; p < S; p++) {
            swap = swap.replace(Site.stepOutput(2), p, other.hiddenState(2, p), "the other prompt");
        }
        Capture patched = run(IDS, 4, swap);
        assertSame(plain, 1, patched, 1);
        for (int t = 2; t <= 4; t++) {
            assertSame(other, t, patched, t);
        }
        assertFalse(java.util.Arrays.equals(states(plain, 3), states(other, 3)), "the prompts differ");
    }

    @Test
    void allStatesAfterALayerFromAnotherPromptGiveThatPromptsLaterStates() throws LoopscopeException {
        Capture plain = run(IDS, 3, Intervention.none());
        Capture other = run(OTHER, 3, Intervention.none());
        Intervention swap = Intervention.none();
        for (int p = 0; p < S; p++) {
            swap = swap.replace(Site.afterLayer(2, 0), p, layerState(other, 2, 0, p), "the other prompt");
        }
        Capture patched = run(IDS, 3, swap);
        assertSame(plain, 1, patched, 1);
        assertArrayEquals(layer(plain, 2, -1), layer(patched, 2, -1));
        assertArrayEquals(layer(other, 2, 0), layer(patched, 2, 0));
        assertSame(other, 2, patched, 2);
        assertSame(other, 3, patched, 3);
    }

    @Test
    void aChangeReachesItsOwnAndLaterTokensOnlyAndItsOwnAndLaterStepsOnly() throws LoopscopeException {
        Capture plain = run(IDS, 3, Intervention.none());
        Capture patched = run(IDS, 3, Intervention.none().add(Site.stepOutput(2), 4, noise(1), "noise"));
        assertSame(plain, 1, patched, 1);
        for (int p = 0; p < S; p++) {
            boolean own = p == 4;
            assertEquals(
                    !own, java.util.Arrays.equals(plain.hiddenState(2, p), patched.hiddenState(2, p)), "step 2, " + p);
            assertEquals(
                    p < 4, java.util.Arrays.equals(plain.hiddenState(3, p), patched.hiddenState(3, p)), "step 3, " + p);
        }
    }

    @Test
    void aVectorIsAddedToTheStateAndReadByTheGate() throws LoopscopeException {
        Capture plain = run(IDS, 2, Intervention.none());
        float[] vector = noise(3);
        Capture patched = run(IDS, 2, Intervention.none().add(Site.stepOutput(1), 3, vector, "noise"));
        float[] expected = plain.hiddenState(1, 3);
        for (int i = 0; i < D; i++) {
            expected[i] += vector[i];
        }
        assertArrayEquals(expected, patched.hiddenState(1, 3));
        assertEquals((float) model.gateLogit(expected), patched.gateLogit(1, 3));
    }

    @Test
    void aChangedInputOfAStepIsNotReadByTheGateOfTheStepBefore() throws LoopscopeException {
        Capture plain = run(IDS, 2, Intervention.none());
        Capture patched = run(IDS, 2, Intervention.none().replace(Site.stepInput(2), 3, new float[D], "zero"));
        assertSame(plain, 1, patched, 1);
        assertArrayEquals(new float[D], layerState(patched, 2, -1, 3));
    }

    @Test
    void aSkippedLoopLeavesTheStepsOfAShallowerRun() throws LoopscopeException {
        Capture plain = run(IDS, 4, Intervention.none());
        Capture skipped = run(IDS, 4, Intervention.none().skip(2));
        assertSame(plain, 1, skipped, 1);
        assertSame(plain, 1, skipped, 2);
        assertSame(plain, 2, skipped, 3);
        assertSame(plain, 3, skipped, 4);
        assertArrayEquals(states(plain, 1), layer(skipped, 2, 1), "nothing is added in a skipped loop");
    }

    @Test
    void aRepeatedLoopIsTheStackAppliedTwiceByHand() throws LoopscopeException {
        Capture repeated = run(IDS, 3, Intervention.none().repeat(2));
        PlainTransformer plain = new PlainTransformer(checkpoint);
        double[][] h1 = plain.pass(plain.embed(IDS));
        double[][] twice = plain.pass(plain.pass(h1));
        double[][] h3 = plain.pass(twice);
        assertClose(h1, states(repeated, 1));
        assertClose(twice, states(repeated, 2));
        assertClose(h3, states(repeated, 3));
        assertSame(run(IDS, 4, Intervention.none()), 4, repeated, 3);
    }

    private static void assertClose(double[][] expected, float[] actual) {
        for (int p = 0; p < expected.length; p++) {
            for (int i = 0; i < D; i++) {
                assertEquals(expected[p][i], actual[p * D + i], 2e-5);
            }
        }
    }

    @Test
    void aTokenSkipsALoopWhenItKeepsItsStateWhileTheOthersGoOn() throws LoopscopeException {
        Capture plain = run(IDS, 3, Intervention.none());
        Capture held =
                run(IDS, 3, Intervention.none().replace(Site.stepOutput(2), 5, plain.hiddenState(1, 5), "step 1"));
        // By hand: the same loop on h_2 of the others and h_1 of token 5.
        PlainTransformer oracle = new PlainTransformer(checkpoint);
        double[][] h1 = oracle.pass(oracle.embed(IDS));
        double[][] mixed = oracle.pass(h1);
        mixed[5] = h1[5];
        assertClose(oracle.pass(mixed), states(held, 3));
    }

    @Test
    void theCaptureSaysWhatWasChanged() throws LoopscopeException {
        Intervention intervention = Intervention.none()
                .replace(Site.stepOutput(2), 4, new float[D], "zero")
                .add(Site.afterLayer(1, 0), 0, noise(1), "noise")
                .skip(1)
                .apply(2, 3);
        assertEquals(
                List.of(
                        "step 2, output, position 4: replaced by zero",
                        "step 1, layer 0, position 0: added noise",
                        "step 1: loop skipped",
                        "step 2: loop applied 3 times"),
                run(IDS, 2, intervention).withPrompt("text").interventions());
        assertEquals(List.of(), run(IDS, 2, Intervention.none()).interventions());
    }

    @Test
    void whatDoesNotFitTheRunIsRefused() {
        assertEquals(
                "Intervention at step 3, output: expected a step from 1 to 2.",
                refused(Intervention.none().replace(Site.stepOutput(3), 0, new float[D], "zero")));
        assertEquals(
                "Intervention at step 1, layer 2: expected a layer from 0 to 1.",
                refused(Intervention.none().replace(Site.afterLayer(1, 2), 0, new float[D], "zero")));
        assertEquals(
                "Intervention at step 1, output: expected a position from 0 to 8, found 9.",
                refused(Intervention.none().replace(Site.stepOutput(1), S, new float[D], "zero")));
        assertEquals(
                "Intervention at step 1, input: expected a state of 20 numbers, found 3.",
                refused(Intervention.none().replace(Site.stepInput(1), 0, new float[3], "zero")));
        assertEquals(
                "Intervention at step 3: expected a step from 1 to 2.",
                refused(Intervention.none().repeat(3)));
        assertEquals(
                "A run with an intervention: expected no tokens to generate, found 2.",
                assertThrows(
                                LoopscopeException.class,
                                () -> model.run(
                                        IDS,
                                        RunOptions.steps(2).withGenerate(2),
                                        Intervention.none().skip(1),
                                        RunControl.none()))
                        .getMessage());
    }

    private String refused(Intervention intervention) {
        return assertThrows(LoopscopeException.class, () -> run(IDS, 2, intervention))
                .getMessage();
    }

    @Test
    void aVectorIsCopiedAndMustBeFinite() throws LoopscopeException {
        float[] vector = new float[D];
        Intervention zero = Intervention.none().replace(Site.stepOutput(1), 2, vector, "zero");
        vector[0] = 5;
        assertArrayEquals(new float[D], run(IDS, 1, zero).hiddenState(1, 2));
        vector[1] = Float.NaN;
        assertThrows(IllegalArgumentException.class, () -> Intervention.none()
                .replace(Site.stepOutput(1), 2, vector, "broken"));
    }

    @Test
    void anOverflowThatAChangeCausesStopsTheRunWithItsPlace() {
        float[] huge = new float[D];
        java.util.Arrays.fill(huge, Float.MAX_VALUE);
        Intervention twice = Intervention.none()
                .add(Site.stepOutput(1), 2, huge, "too much")
                .add(Site.stepOutput(1), 2, huge, "too much");
        NonFiniteStateException e = assertThrows(NonFiniteStateException.class, () -> run(IDS, 2, twice));
        assertEquals(2, e.position());
        assertEquals(1, e.step());
    }
}
