package org.loopscope.analysis.lens.tuned;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.analysis.TinyCaptures;
import org.loopscope.analysis.lens.DepthPoint;
import org.loopscope.analysis.lens.GroupTrajectories;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.analysis.lens.PredictionDepth;
import org.loopscope.analysis.lens.TokenGroup;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.prompts.SampleCatalog;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.checkpoint.SafetensorsWriter;
import org.loopscope.model.open.Models;

class TunedLensTest {
    private static LoopedModel model;
    private static LensTexts texts;
    private static TunedLensTrainer.Result shared;

    @TempDir
    Path folder;

    @BeforeAll
    static void train() throws LoopscopeException {
        model = Models.open(Models.EMBEDDED, RunControl.none());
        SampleCatalog catalog = SampleCatalog.builtIn();
        List<String> prompts = catalog.read(catalog.sets().get(0)).prompts().stream()
                .map(Prompt::prompt)
                .toList();
        texts = LensTexts.of("people", prompts, model.tokenizer().orElseThrow(), 64, 600);
        shared = TunedLensTrainer.train(model, texts, settings(false, 6), RunControl.none());
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static TunedLensTrainer.Settings settings(boolean perStep, int epochs) {
        return new TunedLensTrainer.Settings(4, perStep, epochs, 32, 0.002, 5_000, 1);
    }

    @Test
    void onHeldOutTextItDivergesLessThanTheLogitLens() {
        LensFit fit = shared.fit();
        assertTrue(fit.meanTuned() < 0.9 * fit.meanPlain(), fit.meanTuned() + " against " + fit.meanPlain());
        assertTrue(fit.tuned(1, 0) < fit.plain(1, 0), "first layer: " + fit.tuned(1, 0) + " / " + fit.plain(1, 0));
        assertEquals(8, fit.toTable().rowCount());
    }

    @Test
    void theLastLayerOfTheLastStepIsTheModelItself() {
        LensFit fit = shared.fit();
        assertEquals(0, fit.plain(4, 1), 1e-6);
        assertEquals(0, fit.tuned(4, 1), 1e-6);
    }

    @Test
    void oneTranslatorPerStepGivesOneForEveryStepAndLayer() throws LoopscopeException {
        TunedLensTrainer.Result perStep = TunedLensTrainer.train(model, texts, settings(true, 2), RunControl.none());
        assertEquals(8, perStep.lens().info().slots());
        assertTrue(perStep.fit().meanTuned() < perStep.fit().meanPlain());
        assertArrayEquals(new float[96 * 96], perStep.lens().matrix(7)); // the reference is never trained
        assertFalse(
                java.util.Arrays.equals(perStep.lens().matrix(0), perStep.lens().matrix(2)));
    }

    @Test
    void theSameSeedGivesTheSameLens() throws LoopscopeException {
        TunedLensTrainer.Result a = TunedLensTrainer.train(model, texts, settings(false, 1), RunControl.none());
        TunedLensTrainer.Result b = TunedLensTrainer.train(model, texts, settings(false, 1), RunControl.none());
        assertArrayEquals(a.lens().matrix(0), b.lens().matrix(0));
        assertArrayEquals(a.lens().bias(1), b.lens().bias(1));
    }

    @Test
    void aLensThatChangesNothingIsTheLogitLens() throws LoopscopeException {
        Capture capture = capture();
        LensGrid plain = LogitLens.layers(capture, model.unembedding(), 3, RunControl.none());
        LensGrid same = TunedLens.identity(shared.lens().info())
                .read(capture, model.unembedding(), Optional.empty(), 3, RunControl.none());
        LensGrid tuned = shared.lens().read(capture, model.unembedding(), Optional.empty(), 3, RunControl.none());
        assertEquals(plain.klToLast(0, 5), same.klToLast(0, 5), 1e-9);
        assertTrue(Math.abs(tuned.klToLast(0, 5) - plain.klToLast(0, 5)) > 1e-3);
        assertEquals(plain.entropy(7, 5), tuned.entropy(7, 5), 1e-7); // last layer of the last step
        assertTrue(
                tuned.statement().startsWith("tuned lens (shared over steps, trained on people, "), tuned.statement());
    }

    private static Capture capture() throws LoopscopeException {
        int[] ids = model.tokenizer().orElseThrow().encode(SampleCatalog.WELCOME_PROMPT);
        return model.run(ids, RunOptions.steps(4).withLayers(true), RunControl.none());
    }

    @Test
    void translatorsAreAppliedAsWritten() {
        TunedLens.Info info = new TunedLens.Info("m", "h", 2, 1, 3, true, "x", 1, Optional.of("float32"));
        TunedLens lens = new TunedLens(
                info, new float[][] {{0, 1, 0, 0}, {1, 0, 0, 1}, {5, 5, 5, 5}}, new float[][] {{10, 20}, {0, 0}, {9, 9}
                });
        float[] state = {3, 4};
        lens.translator(3).translate(DepthPoint.layer(1, 0), state, 0, 1);
        assertArrayEquals(new float[] {3 + 4 + 10, 4 + 20}, state);
        lens.translator(3).translate(DepthPoint.layer(2, 0), state, 0, 1);
        assertArrayEquals(new float[] {34, 48}, state); // x + 1 x
        lens.translator(3).translate(DepthPoint.layer(3, 0), state, 0, 1);
        assertArrayEquals(new float[] {34, 48}, state); // the reference
        lens.translator(9).translate(DepthPoint.layer(8, 0), state, 0, 1);
        assertArrayEquals(new float[] {34 + 410 + 9, 48 + 410 + 9}, state); // beyond: the last one's
    }

    @Test
    void aFileGivesTheSameLensBack() throws LoopscopeException {
        Path file = folder.resolve("lens.safetensors");
        TunedLensFile.write(shared.lens(), file, RunControl.none());
        TunedLens read = TunedLensFile.read(file);
        assertEquals(shared.lens().info(), read.info());
        for (int slot = 0; slot < 2; slot++) {
            assertArrayEquals(shared.lens().matrix(slot), read.matrix(slot));
            assertArrayEquals(shared.lens().bias(slot), read.bias(slot));
        }
    }

    @Test
    void aLensOfAnotherModelIsRefused() {
        Capture other = TinyCaptures.random(1, 5, 96, 2, 4, 3);
        LoopscopeException e = assertThrows(LoopscopeException.class, () -> shared.lens()
                .read(other, TinyCaptures.Matrix.random(1, 5, 96), Optional.empty(), 2, RunControl.none()));
        assertTrue(
                e.getMessage()
                        .matches("This lens is a tuned lens of the model embedded \\(weights [0-9a-f]{12}\\),"
                                + " expected one of tiny \\(weights 00\\)\\."),
                e.getMessage());
    }

    /** Weights of {@link TinyCaptures}, d = 2, one layer, two steps. */
    private static TunedLens tiny(Optional<String> computeDtype, float[] matrix, float[] bias) {
        return new TunedLens(
                new TunedLens.Info("tiny", "00", 2, 1, 2, false, "t", 9, computeDtype),
                new float[][] {matrix},
                new float[][] {bias});
    }

    /** One token; stream after the layer (3, 4) at step 1 and (1, 0) at step 2. */
    private static Capture tinyRun(String computeDtype) {
        ModelInfo tiny = new ModelInfo("tiny", "00", 1, "F32", computeDtype, "by hand");
        return new Capture.Builder(tiny, TinyCaptures.config(2, 2, 1), RunOptions.steps(2))
                .tokens(new int[] {0}, List.of("a"), 1)
                .states(new float[2][1], new float[][] {{0.6f, 0.8f}, {1, 0}})
                .layerStates(new float[][][] {{{0, 0}, {3, 4}}, {{0, 0}, {1, 0}}})
                .build();
    }

    @Test
    void groupsAreReadThroughTheTranslators() throws LoopscopeException {
        // x + A x + b at step 1: (3, 4) + (−3 · 1 + 0, 0) + (0, −1) = (0, 3). Normed by √(9 / 2): (0, √2), so with W_U
        // = I
        // p = (1, e^√2) / (1 + e^√2) = (0.195570, 0.804430). The last step, (1, 0), stays: normed by √½ it is (√2, 0),
        // and p of
        // token 1 is 0.195570. The plain lens of step 1: (3, 4) / √12.5 = (0.848528, 1.131371), p of token 1 =
        // 0.570243.
        TunedLens lens = tiny(Optional.of("float32"), new float[] {-1, 0, 0, 0}, new float[] {0, -1});
        Capture run = tinyRun("float32");
        List<TokenGroup> groups = List.of(new TokenGroup("b", List.of(1)), new TokenGroup("both", List.of(0, 1)));
        GroupTrajectories tuned =
                lens.groups(run, TinyCaptures.Matrix.identity(2), List.of(0), groups, RunControl.none());
        assertEquals(0.804430, tuned.probability(0, 0, 0), 1e-6);
        assertEquals(0.195570, tuned.probability(0, 0, 1), 1e-6);
        assertEquals(1, tuned.probability(0, 1, 0), 1e-12);
        assertEquals(
                "tuned lens (shared over steps, trained on t, 9 tokens), final norm applied once, float32",
                tuned.statement());
        GroupTrajectories plain =
                GroupTrajectories.of(run, TinyCaptures.Matrix.identity(2), List.of(0), groups, true, RunControl.none());
        assertEquals(0.570243, plain.probability(0, 0, 0), 1e-6);
        assertEquals("residual stream after each layer, final norm applied once, float32", plain.statement());
    }

    @Test
    void groupsAreTheSumsOfTheLensOwnDistributions() throws LoopscopeException {
        Capture capture = capture();
        int v = model.unembedding().vocabSize();
        LensGrid grid = shared.lens().read(capture, model.unembedding(), Optional.empty(), v, RunControl.none());
        List<Integer> ids = List.of(4, 9, 30);
        GroupTrajectories groups = shared.lens()
                .groups(
                        capture,
                        model.unembedding(),
                        List.of(2, 14),
                        List.of(new TokenGroup("some", ids)),
                        RunControl.none());
        for (int row = 0; row < grid.rows().size(); row++) {
            double expected = 0;
            for (int rank = 0; rank < v; rank++) {
                expected += ids.contains(grid.topId(row, 14, rank)) ? grid.topProbability(row, 14, rank) : 0;
            }
            assertEquals(expected, groups.probability(1, 0, row), 1e-6, "row " + row);
        }
    }

    @Test
    void predictionDepthFollowsTheTunedLens() throws LoopscopeException {
        // Top-1 by step: the plain lens reads token 1, then 0; a translator that swaps the two numbers of (3, 4) makes
        // it 0, 0.
        TunedLens swap = tiny(Optional.of("float32"), new float[] {-1, 1, 1, -1}, new float[2]);
        Capture run = tinyRun("float32");
        TinyCaptures.Matrix unembedding = TinyCaptures.Matrix.identity(2);
        LensGrid plain = LogitLens.layers(run, unembedding, 1, RunControl.none());
        LensGrid tuned = swap.read(run, unembedding, Optional.empty(), 1, RunControl.none());
        assertEquals(1, PredictionDepth.of(plain).row(0));
        assertEquals(0, PredictionDepth.of(tuned).row(0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "float32 | float32 | true",
                "float32 | float32 with bfloat16-held weights | true",
                "float32 with bfloat16-held weights | float32 | true",
                "bfloat16 products | bfloat16 products | true",
                "float32 | bfloat16 products | false",
                "bfloat16 products | float32 | false",
                "float32 | float32 with int8-rounded weights | false",
                "bfloat16 products | float32 with int8-rounded weights | false",
                "float32 | some later precision | false",
                "some later precision | some later precision | true",
            })
    void aLensReadsRunsOfItsPrecisionAndOfOthersThatAreAsExact(String trained, String run, boolean allowed) {
        TunedLens lens = tiny(Optional.of(trained), new float[4], new float[2]);
        if (allowed) {
            assertDoesNotThrow(() -> lens.requireModelOf(tinyRun(run), "l.safetensors"));
        } else {
            LoopscopeException e =
                    assertThrows(LoopscopeException.class, () -> lens.requireModelOf(tinyRun(run), "l.safetensors"));
            assertEquals(
                    "l.safetensors is a tuned lens trained in " + trained + ", expected one trained in " + run
                            + ", as this run was computed.",
                    e.getMessage());
        }
    }

    @Test
    void theStatementTellsAnotherPrecisionAndOneThatIsNotRecorded() {
        TunedLens exact = tiny(Optional.of("float32 with bfloat16-held weights"), new float[4], new float[2]);
        assertEquals(
                "tuned lens (shared over steps, trained on t, 9 tokens, trained in float32 with bfloat16-held weights), final"
                        + " norm applied once, float32",
                exact.statement(tinyRun("float32")));
        TunedLens old = tiny(Optional.empty(), new float[4], new float[2]);
        assertDoesNotThrow(() -> old.requireModelOf(tinyRun("bfloat16 products"), "l.safetensors"));
        assertEquals(
                "tuned lens (shared over steps, trained on t, 9 tokens, precision not recorded), final norm applied once,"
                        + " bfloat16 products",
                old.statement(tinyRun("bfloat16 products")));
    }

    @Test
    void trainingRecordsThePrecisionAndOlderFilesOpenWithoutIt() throws LoopscopeException {
        assertEquals(Optional.of("float32"), shared.lens().info().computeDtype());
        Path file = folder.resolve("old.safetensors");
        new SafetensorsWriter()
                .metadata(
                        TunedLensFile.METADATA_KEY,
                        "{\"format\":1,\"model\":\"tiny\",\"weight_hash\":\"00\",\"hidden_size\":2,\"layers\":1,\"steps\":2,"
                                + "\"per_step\":false,\"trained_on\":\"t\",\"tokens\":9}")
                .floats("A", (f, r, out) -> {}, 1, 2, 2)
                .floats("b", (f, r, out) -> {}, 1, 2)
                .write(file, RunControl.none());
        TunedLens read = TunedLensFile.read(file);
        assertEquals(Optional.empty(), read.info().computeDtype());
        assertTrue(read.statement(tinyRun("float32")).contains("precision not recorded"));
    }

    @Test
    void otherAndDamagedFilesAreRefused() throws Exception {
        Path capture = folder.resolve("other.safetensors");
        new SafetensorsWriter().floats("x", (f, r, out) -> {}, 2, 2).write(capture, RunControl.none());
        assertEquals(
                "other.safetensors: expected a tuned lens, as loopscope train tuned-lens writes it, found another file.",
                assertThrows(LoopscopeException.class, () -> TunedLensFile.read(capture))
                        .getMessage());
        Path wrong = folder.resolve("wrong.safetensors");
        new SafetensorsWriter()
                .metadata(TunedLensFile.METADATA_KEY, "{\"format\":1,\"hidden_size\":3,\"layers\":1,\"steps\":2}")
                .floats("A", (f, r, out) -> {}, 1, 2, 2)
                .floats("b", (f, r, out) -> {}, 1, 2)
                .write(wrong, RunControl.none());
        assertEquals(
                "A in wrong.safetensors: expected shape [1, 3, 3], found [1, 2, 2].",
                assertThrows(LoopscopeException.class, () -> TunedLensFile.read(wrong))
                        .getMessage());
        Path text = Files.writeString(folder.resolve("t.txt"), "not a tensor file at all");
        assertThrows(LoopscopeException.class, () -> TunedLensFile.read(text));
    }

    @Test
    void trainingStopsWhenCancelledAndNeedsEnoughTexts() {
        RunControl cancelled = RunControl.of(() -> true, (stage, done, total) -> {});
        assertThrows(
                CancellationException.class, () -> TunedLensTrainer.train(model, texts, settings(false, 1), cancelled));
        LoopscopeException e = assertThrows(
                LoopscopeException.class,
                () -> LensTexts.of(
                        "f.txt", List.of("people Ann", ""), model.tokenizer().orElseThrow(), 64, 100));
        assertTrue(e.getMessage().startsWith("f.txt: expected at least 5 texts"), e.getMessage());
    }

    @Test
    void longTextsAreCutAndEveryFifthPieceIsHeldOut() throws LoopscopeException {
        LensTexts cut = LensTexts.of(
                "t",
                List.of("Ann Ann Ann Ann Ann Ann Ann", "Sue Sue Sue Sue"),
                model.tokenizer().orElseThrow(),
                2,
                10);
        assertEquals(
                List.of(2, 2, 2, 1, 2, 1),
                cut.pieces().stream().map(p -> p.length).toList());
        assertEquals(2, cut.heldOutTokens());
        assertEquals(8, cut.trainingTokens());
    }
}
