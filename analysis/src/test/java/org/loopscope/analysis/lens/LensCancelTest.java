package org.loopscope.analysis.lens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.loopscope.model.Capture;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Unembedding;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.shape.LoopConfig;

/** How much work lies between two looks of the lens at the cancel, at the sizes of Ouro-1.4B. */
class LensCancelTest {
    private static final int TOKENS = 100;
    private static final LoopConfig OURO =
            new LoopConfig(49_152, 2048, 5632, 24, 16, 16, 128, 4, 65_536, 1e-6, 1_000_000, false, Set.of());

    private long sinceLook;
    private long largest;
    private long total;

    @Test
    void theLensHearsACancelWithinHalfASecondOfProductsAt100GigaflopsASecond() {
        Capture capture = new Capture.Builder(
                        new ModelInfo("m", "00", 1, "F32", "float32", "CPU"), OURO, RunOptions.steps(4))
                .tokens(new int[TOKENS], Collections.nCopies(TOKENS, "a"), TOKENS)
                .states(new float[4][TOKENS], new float[4][TOKENS * OURO.hiddenSize()])
                .build();
        RunControl control = RunControl.of(
                () -> {
                    sinceLook = 0;
                    return false;
                },
                (stage, done, all) -> {});
        LogitLens.steps(capture, counting(), 1, control);
        assertEquals(2L * 4 * TOKENS * OURO.hiddenSize() * OURO.vocabSize(), total);
        assertTrue(largest <= 50_000_000_000L, "operations in one stretch: " + largest);
    }

    private Unembedding counting() {
        return new Unembedding() {
            @Override
            public int vocabSize() {
                return OURO.vocabSize();
            }

            @Override
            public int hiddenSize() {
                return OURO.hiddenSize();
            }

            @Override
            public void logits(float[] states, int rows, float[] out) {
                long operations = 2L * rows * hiddenSize() * vocabSize();
                total += operations;
                sinceLook += operations;
                largest = Math.max(largest, sinceLook);
            }

            @Override
            public void finalNorm(float[] states, int rows, float[] out) {
                throw new UnsupportedOperationException();
            }
        };
    }
}
