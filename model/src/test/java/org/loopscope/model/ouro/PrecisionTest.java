package org.loopscope.model.ouro;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.loopscope.model.ouro.Numbers.assertClose;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.loopscope.model.Capture;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.Precision;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.checkpoint.Checkpoint;
import org.loopscope.model.checkpoint.DType;

/** A model in each precision, against the exact one. */
class PrecisionTest {
    private static final int[] IDS = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5};

    @TempDir
    static Path temp;

    private static Path bfloat16;
    private static Path float32;

    @BeforeAll
    static void write() throws LoopscopeException {
        RandomCheckpoint random = new RandomCheckpoint(RandomCheckpoint.config(97, 72, 130, 2, 4, 2, 18), 11);
        bfloat16 = random.write(temp.resolve("bf16"), DType.BF16);
        float32 = random.write(temp.resolve("f32"));
    }

    private static OuroModel open(Path folder, Precision precision) throws LoopscopeException {
        return GoldenSet.load(folder, precision, new HostKernels(precision == Precision.BFLOAT16));
    }

    private static Capture run(Path folder, Precision precision, RunOptions options) throws LoopscopeException {
        try (OuroModel model = open(folder, precision)) {
            return model.run(IDS, options, RunControl.none());
        }
    }

    @Test
    void weightsHeldInBfloat16GiveTheNumbersOfTheExactMode() throws LoopscopeException {
        RunOptions options = RunOptions.steps(4).withGenerate(6);
        Capture exact = run(bfloat16, Precision.FLOAT32, options);
        Capture held = run(bfloat16, Precision.BFLOAT16_WEIGHTS, options);
        assertArrayEquals(exact.tokenIds(), held.tokenIds());
        assertClose(Numbers.hiddenStates(exact), Numbers.hiddenStates(held), 1e-4, "hidden states");
        assertClose(Numbers.gateLogits(exact), Numbers.gateLogits(held), 1e-4, "gate logits");
    }

    @ParameterizedTest
    @EnumSource(
            value = Precision.class,
            names = {"BFLOAT16", "INT8_WEIGHTS"})
    void roundedModesAreNearTheExactOneAndNotTheSame(Precision precision) throws LoopscopeException {
        float[] exact = Numbers.hiddenStates(run(float32, Precision.FLOAT32, RunOptions.steps(1)));
        float[] rounded = Numbers.hiddenStates(run(float32, precision, RunOptions.steps(1)));
        assertClose(exact, rounded, 0.2, "hidden states");
        double difference = 0;
        double size = 0;
        for (int i = 0; i < exact.length; i++) {
            difference += Math.pow(exact[i] - rounded[i], 2);
            size += Math.pow(exact[i], 2);
        }
        double relative = Math.sqrt(difference / size);
        assertTrue(relative > 1e-4 && relative < 0.05, "relative difference " + relative);
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void cachedTokensGiveTheStatesOfOneCall(Precision precision) throws LoopscopeException {
        try (OuroModel model = open(bfloat16, precision)) {
            RunOptions options = RunOptions.steps(2);
            Capture whole = model.run(IDS, options, RunControl.none());
            Capture single = model.decode(IDS, 1, options, RunControl.none());
            double tolerance = precision == Precision.BFLOAT16 ? 0.2 : 1e-4;
            assertClose(Numbers.hiddenStates(whole), Numbers.hiddenStates(single), tolerance, "hidden states");
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void theModelNamesItsPrecisionAndTakesTheMemoryThatWasPlanned(Precision precision) throws LoopscopeException {
        long before = Matrix.openBytes();
        try (Checkpoint checkpoint = Checkpoint.open(bfloat16);
                OuroModel model = open(bfloat16, precision)) {
            ModelInfo info = model.info();
            assertEquals(precision.computeDtype(), info.computeDtype());
            assertEquals(Optional.of(precision), Precision.ofComputeDtype(info.computeDtype()));
            Kernels kernels = new HostKernels(precision == Precision.BFLOAT16);
            assertEquals(WeightReader.bytes(checkpoint, precision, kernels), Matrix.openBytes() - before);
            assertEquals(checkpoint.weightHash(RunControl.none()), info.weightHash());
        }
        assertEquals(before, Matrix.openBytes());
    }

    @Test
    void heldWeightsAreRefusedWhereTheyWouldHaveToBeRounded() {
        LoopscopeException refused =
                assertThrows(LoopscopeException.class, () -> open(float32, Precision.BFLOAT16_WEIGHTS)
                        .close());
        assertEquals(
                "lm_head.weight: bf16-weights holds bfloat16 weights as they are stored: expected BF16, found F32;"
                        + " choose float32.",
                refused.getMessage());
    }

    @Test
    void whatCannotBeRunHereIsRefused() throws LoopscopeException {
        for (Precision precision : Precision.values()) {
            OuroModel.requireRunnable(precision, true);
        }
        OuroModel.requireRunnable(Precision.FLOAT32, false);
        assertThrows(LoopscopeException.class, () -> OuroModel.requireRunnable(Precision.BFLOAT16, false));
        assertThrows(LoopscopeException.class, () -> OuroModel.requireRunnable(Precision.INT8_WEIGHTS, false));
    }

    @Test
    void namesAreRead() throws LoopscopeException {
        for (Precision precision : Precision.values()) {
            assertEquals(precision, Precision.parse(" " + precision.cliName().toUpperCase(java.util.Locale.ROOT)));
        }
        LoopscopeException refused = assertThrows(LoopscopeException.class, () -> Precision.parse("half"));
        assertEquals(
                "Precision: expected float32, bf16-weights, bfloat16, int8-weights, found \"half\".",
                refused.getMessage());
    }
}
