package org.loopscope.model.ouro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.model.Capture;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.shape.LoopConfig;

/** Prompts of thousands of tokens: memory grows with their length, not with its square, and the beginning stays the same. */
class LongPromptTest {
    @TempDir
    private static Path folder;

    @Test
    void theMemoryOfARunGrowsWithTheTokensNotWithTheirSquare() {
        HostKernels kernels = new HostKernels();
        RunOptions options = RunOptions.steps(4);
        LoopConfig wide = WideCheckpoint.CONFIG;
        // By hand, 4 bytes a number: stream 4096 * 2048; normed, queries, attended, added 512 * 2048 each; gate and up
        // 512 *
        // 5632 each; scores 2^22; one layer's keys and values 2 * 4096 * 2048; rotary angles 4096 * 128.
        long numbers = 4096L * 2048 + 4 * 512 * 2048 + 2 * 512 * 5632 + (1 << 22) + 2 * 4096L * 2048 + 4096 * 128;
        assertEquals(4 * numbers, OuroRun.nativeBytes(kernels, wide, 4096, 4096, options));
        assertTrue(4 * numbers < 4L * 4096 * 4096 * 16, "scores of all heads at once would take more");
        for (int tokens = 1024; tokens <= 32_768; tokens *= 2) {
            long once = OuroRun.nativeBytes(kernels, wide, tokens, tokens, options);
            assertTrue(OuroRun.nativeBytes(kernels, wide, 2 * tokens, 2 * tokens, options) <= 2 * once);
            assertTrue(kernels.attentionScratch(512, tokens, 16) <= Math.max(1 << 22, 64 * tokens));
        }
    }

    @Test
    void aPromptOf4096TokensBeginsAsItsFirst64TokensAloneAndTakesTheMemoryThatWasTold() throws LoopscopeException {
        RandomCheckpoint checkpoint = new RandomCheckpoint(RandomCheckpoint.config(61, 32, 40, 2, 4, 2, 8), 3);
        try (OuroModel model = checkpoint.load(folder.resolve("small"), new HostKernels())) {
            assertBeginsAlike(model, 4096, RunOptions.steps(3).withLayers(true));
        }
    }

    @Test
    void aPromptOf1024TokensAtTheWidthOfOuroBeginsAsItsFirst64TokensAlone() throws LoopscopeException {
        try (OuroModel model = WideCheckpoint.load(folder, new HostKernels())) {
            assertBeginsAlike(model, 1024, RunOptions.steps(2));
        }
    }

    private static void assertBeginsAlike(OuroModel model, int tokens, RunOptions options) throws LoopscopeException {
        int[] ids = new Random(8).ints(tokens, 0, model.config().vocabSize()).toArray();
        long before = Matrix.openBytes();
        long[] most = {0};
        RunControl watch = RunControl.of(
                () -> false, (stage, done, total) -> most[0] = Math.max(most[0], Matrix.openBytes() - before));
        Capture all = model.run(ids, options, watch);
        Capture beginning = model.run(Arrays.copyOf(ids, 64), options, RunControl.none());
        assertEquals(OuroRun.nativeBytes(new HostKernels(), model.config(), tokens, tokens, options), most[0]);
        assertEquals(all.sizeBytes(), model.memory(tokens, options).keptBytes());
        for (int step = 1; step <= options.steps(); step++) {
            assertBeginsAlike(beginning, all, step);
        }
    }

    private static void assertBeginsAlike(Capture beginning, Capture all, int step) {
        int size = 64 * all.config().hiddenSize();
        float[] expected = new float[size];
        float[] actual = new float[size];
        for (int layer = -1; all.hasLayerStates() && layer < all.config().layers(); layer++) {
            beginning.layerStates(step, layer, 0, 64, expected, 0);
            all.layerStates(step, layer, 0, 64, actual, 0);
            Numbers.assertClose(expected, actual, 1e-4, "step " + step + ", layer " + layer);
        }
        beginning.hiddenStates(step, 0, 64, expected, 0);
        all.hiddenStates(step, 0, 64, actual, 0);
        Numbers.assertClose(expected, actual, 1e-4, "step " + step);
        for (int position = 0; position < 64; position++) {
            assertEquals(beginning.gateLogit(step, position), all.gateLogit(step, position), 1e-4);
        }
    }
}
