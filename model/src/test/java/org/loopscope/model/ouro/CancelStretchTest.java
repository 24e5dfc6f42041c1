package org.loopscope.model.ouro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.model.Decoding;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.Precision;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Unembedding;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.checkpoint.Checkpoint;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.ouro.ForwardPass.NonFiniteStream;
import org.loopscope.model.states.StateSpace;

/**
 * A cancel is heard within half a second of matrix products at 100 GFLOP/s, which two cores reach, wherever a run of a
 * model of the width of Ouro-1.4B is.
 */
class CancelStretchTest {
    private static final long HALF_A_SECOND = 50_000_000_000L;

    @TempDir
    private static Path folder;

    private static void assertHeard(int tokens, RunOptions options) throws LoopscopeException {
        WorkCounter counter = new WorkCounter();
        try (OuroModel counted = WideCheckpoint.load(folder, counter.kernels())) {
            counted.run(new int[tokens], options, counter);
        }
        assertTrue(counter.total() > HALF_A_SECOND, "the run is too short to show anything: " + counter.total());
        assertTrue(counter.largest() <= HALF_A_SECOND, "operations in one stretch: " + counter.largest());
        assertTrue(counter.largest() > 1_000_000_000L, "the run looks at the cancel too often: " + counter.largest());
    }

    @Test
    void aCancelIsHeardWithinALayerOverALongPrompt() throws LoopscopeException {
        assertHeard(16_384, RunOptions.steps(1));
    }

    @Test
    void aCancelIsHeardWhileSkippedStepsAreComputedAfterGenerating() throws LoopscopeException {
        RunOptions options = RunOptions.steps(3)
                .withGenerate(600)
                .withExitRule(ExitRule.fixed(1))
                .withDecoding(Decoding.skipLoops());
        assertHeard(4, options);
        assertHeard(4, options.withKvPolicy(KvPolicy.LAST_STEP));
    }

    @Test
    void aCancelIsHeardBetweenTheLogitsOfManyTokens() throws LoopscopeException, NonFiniteStream {
        int tokens = 300;
        WorkCounter counter = new WorkCounter();
        StateSpace space = StateSpace.ofThisMachine();
        try (Checkpoint open = Checkpoint.open(WideCheckpoint.in(folder));
                Weights weights =
                        new WeightReader(open, Precision.FLOAT32, new HostKernels(), RunControl.none()).read();
                Recording recording = new Recording(
                        weights, open.config(), 1, tokens, false, space, new StateSpace.Plan(false, false))) {
            int[] top = new Readout(recording, vocabularyOfOuro(counter)).top(1, 0, tokens, counter);
            assertEquals(tokens, top.length);
        }
        assertTrue(counter.total() > HALF_A_SECOND);
        assertTrue(counter.largest() <= HALF_A_SECOND, "operations in one stretch: " + counter.largest());
    }

    /** Computes nothing. */
    private static Unembedding vocabularyOfOuro(WorkCounter work) {
        return new Unembedding() {
            @Override
            public int vocabSize() {
                return 49_152;
            }

            @Override
            public int hiddenSize() {
                return 2048;
            }

            @Override
            public void logits(float[] states, int rows, float[] out) {
                work.work(2L * rows * hiddenSize() * vocabSize());
            }

            @Override
            public void finalNorm(float[] states, int rows, float[] out) {
                throw new UnsupportedOperationException();
            }
        };
    }
}
