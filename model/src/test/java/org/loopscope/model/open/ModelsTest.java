package org.loopscope.model.open;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.capture.CaptureFile;
import org.loopscope.model.checkpoint.DType;
import org.loopscope.model.hub.HubEnvironment;
import org.loopscope.model.support.Golden;
import org.loopscope.model.tokenizer.Tokenizer;

class ModelsTest {
    @TempDir
    Path temp;

    private static String refusal(String nameOrFolder) {
        return assertThrows(LoopscopeException.class, () -> Models.open(nameOrFolder, RunControl.none())
                        .close())
                .getMessage();
    }

    @Test
    void theEmbeddedModelOpensByNameAndAnswers() throws LoopscopeException {
        try (LoopedModel model = Models.open("embedded", RunControl.none())) {
            assertEquals("embedded", model.info().id());
            Tokenizer tokenizer = model.tokenizer().orElseThrow();
            Capture capture =
                    model.run(tokenizer.encode("people Ann's friend is"), RunOptions.steps(4), RunControl.none());
            float[] logits = new float[model.config().vocabSize()];
            model.unembedding().logits(capture.hiddenState(4, capture.length() - 1), 1, logits);
            int best = 0;
            for (int id = 1; id < logits.length; id++) {
                best = logits[id] > logits[best] ? id : best;
            }
            assertEquals("Pia", tokenizer.tokenText(best));
        }
    }

    @Test
    void aRunIsSavedAndOpenedAgainUnchanged() throws LoopscopeException {
        try (LoopedModel model = Models.open("embedded", RunControl.none())) {
            int[] ids = model.tokenizer().orElseThrow().encode("calc 7+8*3-4=");
            Capture capture =
                    model.run(ids, RunOptions.steps(6).withLayers(true).withGenerate(3), RunControl.none());
            Path file = temp.resolve("c.safetensors");
            CaptureFile.write(capture, file, Optional.of(model.unembedding()), RunControl.none());
            Capture read = CaptureFile.read(file);
            assertEquals(capture.model(), read.model());
            assertEquals(capture.options(), read.options());
            assertEquals(capture.tokenTexts(), read.tokenTexts());
            assertArrayEquals(capture.hiddenState(6, 10), read.hiddenState(6, 10));
        }
    }

    @Test
    void aFolderWithoutTokenizerOpensWithoutOne() throws LoopscopeException {
        try (LoopedModel model = Models.open(Golden.path("golden/gqa/sharded").toString(), RunControl.none())) {
            assertEquals("sharded", model.info().id());
            assertEquals(Optional.empty(), model.tokenizer());
            assertEquals(
                    "#7",
                    model.run(new int[] {7}, RunOptions.steps(1), RunControl.none())
                            .tokenText(0));
        }
    }

    @Test
    void aBrokenTokenizerRefusesTextWithTheReasonAndLeavesIdsWorking() throws IOException, LoopscopeException {
        Path folder = Golden.copy("mha", temp.resolve("m"));
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        try (LoopedModel model = Models.open(folder.toString(), RunControl.none())) {
            Tokenizer tokenizer = model.tokenizer().orElseThrow();
            assertEquals(
                    "tokenizer.json: expected a JSON object with a model, found none.",
                    assertThrows(LoopscopeException.class, () -> tokenizer.encode("hi"))
                            .getMessage());
            assertEquals(
                    1,
                    model.run(new int[] {7}, RunOptions.steps(1), RunControl.none())
                            .length());
        }
    }

    @Test
    void whatIsNoModelIsTold() throws IOException {
        Path absent = temp.resolve("absent");
        assertEquals(
                "Model folder " + absent + ": expected a folder with config.json, found nothing.",
                refusal(absent.toString()));
        Path empty = Files.createDirectory(temp.resolve("empty"));
        assertEquals("Model folder " + empty + ": expected config.json in it, found none.", refusal(empty.toString()));
        Files.copy(Golden.path("golden/mha/config.json"), empty.resolve("config.json"));
        assertEquals(
                "Model folder " + empty
                        + ": expected model.safetensors or model.safetensors.index.json in it, found neither.",
                refusal(empty.toString()));
        assertEquals("Model: expected \"embedded\", a folder, or ORG/NAME, found an empty name.", refusal("  "));
        assertTrue(refusal("a\0b").startsWith("Model: expected \"embedded\", a folder, or ORG/NAME, found \"a"));
    }

    @Test
    void openingCanBeCancelled() {
        RunControl cancelled = RunControl.of(() -> true, (stage, done, total) -> {});
        assertThrows(CancellationException.class, () -> Models.open("embedded", cancelled)
                .close());
    }

    @Test
    void summariesTellSizesWithoutOpening() throws LoopscopeException {
        ModelSummary embedded = Models.summary("embedded", HubEnvironment.of(Map.of(), temp));
        assertEquals("embedded", embedded.id());
        assertEquals(196_225, embedded.parameters());
        assertEquals(4, embedded.config().trainedSteps());
        assertEquals(DType.F32, embedded.dtype());
        assertTrue(embedded.hasTokenizer());
        ModelSummary gqa = ModelSummary.of(Golden.path("golden/gqa"));
        assertEquals("gqa", gqa.id());
        assertEquals(DType.BF16, gqa.dtype());
        assertEquals(2 * gqa.parameters(), gqa.weightBytes());
        assertEquals(false, gqa.hasTokenizer());
    }
}
