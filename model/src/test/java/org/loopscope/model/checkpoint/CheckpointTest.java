package org.loopscope.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.support.Golden;

class CheckpointTest {
    @TempDir
    Path temp;

    private Path folder;

    @BeforeEach
    void startWithoutFolder() {
        folder = temp.resolve("some-model");
    }

    private String refusal() {
        return assertThrows(
                        LoopscopeException.class, () -> Checkpoint.open(folder).close())
                .getMessage();
    }

    private static void edit(Path file, UnaryOperator<String> change) throws IOException {
        String before = Files.readString(file);
        String after = change.apply(before);
        assertNotEquals(before, after, "the edit changes nothing");
        Files.writeString(file, after);
    }

    /** The tensors of golden/mha with the one called {@code name} left out, and {@code extra} added. */
    private void rewriteMha(String name, SafetensorsWriter writer) throws LoopscopeException {
        Golden.copy("mha", folder);
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("model.safetensors"))) {
            for (TensorInfo tensor : file.tensors()) {
                if (!tensor.name().equals(name)) {
                    float[] values = new float[(int) tensor.elements()];
                    file.readFloat32(tensor.name(), values, 0);
                    writer.floats(
                            tensor.name(),
                            (first, rows, out) -> System.arraycopy(values, 0, out, 0, values.length),
                            tensor.shape().stream().mapToLong(s -> s).toArray());
                }
            }
        }
        writer.write(folder.resolve("model.safetensors"), RunControl.none());
    }

    @Test
    void aGoodFolderTellsItsSizesWithoutReadingWeights() throws LoopscopeException {
        try (Checkpoint c = Checkpoint.open(Golden.path("golden/mha"))) {
            assertEquals("mha", c.name());
            // By hand: 2 layers of 4 * 32 * 32 + 3 * 88 * 32 + 4 * 32, two times 96 * 32, norm 32, gate 33.
            assertEquals(2 * (4096 + 8448 + 128) + 2 * 3072 + 32 + 33, c.parameterCount());
            assertEquals(DType.F32, c.dtype());
            assertEquals(4 * c.parameterCount(), c.weightBytes());
            assertEquals(List.of(), c.warnings());
            assertTrue(c.tokenizerFile().isEmpty());
        }
    }

    @Test
    void tiedEmbeddingsCountOnceAndBfloat16IsWidened() throws LoopscopeException {
        try (Checkpoint c = Checkpoint.open(Golden.path("golden/gqa"))) {
            assertEquals(DType.BF16, c.dtype());
            long layer = 2 * 48 * 48 + 2 * 16 * 48 + 3 * 120 * 48 + 4 * 48;
            assertEquals(3 * layer + 80 * 48 + 48 + 49, c.parameterCount());
            float[] norm = c.readFloat32(OuroTensors.FINAL_NORM);
            assertEquals(48, norm.length);
            for (float value : norm) {
                assertEquals(0, Float.floatToIntBits(value) & 0xffff, "a widened bfloat16 has no low bits");
            }
        }
    }

    @Test
    void shardsHoldTheSameModelAsTheSingleFile() throws LoopscopeException {
        try (Checkpoint single = Checkpoint.open(Golden.path("golden/gqa"));
                Checkpoint sharded = Checkpoint.open(Golden.path("golden/gqa/sharded"))) {
            for (TensorInfo tensor : single.tensors()) {
                assertArrayEquals(single.readFloat32(tensor.name()), sharded.readFloat32(tensor.name()), tensor.name());
            }
            assertEquals(single.weightHash(RunControl.none()), sharded.weightHash(RunControl.none()));
        }
    }

    @Test
    void theHashIsThatOfNamesTypesShapesAndBytes() throws LoopscopeException {
        try (Checkpoint c = Checkpoint.open(Golden.path("golden/mha"))) {
            assertEquals(MHA_HASH, c.weightHash(RunControl.none()));
        }
    }

    // Computed apart from this code, by twelve lines of Python over the same file.
    private static final String MHA_HASH = "ccc49a1ff6f26d7195b924ed64bbe59d7c56cecf5c0e91ac001e34abdffc3ffc";

    @Test
    void hashingCanBeCancelled() throws LoopscopeException {
        try (Checkpoint c = Checkpoint.open(Golden.path("golden/mha"))) {
            RunControl cancelled = RunControl.of(() -> true, (stage, done, total) -> {});
            assertThrows(CancellationException.class, () -> c.weightHash(cancelled));
        }
    }

    @Test
    void aFolderThatIsNotThereIsTold() {
        assertEquals("Model folder " + folder + ": expected a folder with config.json, found nothing.", refusal());
    }

    @Test
    void aFileInPlaceOfAFolderIsTold() throws IOException {
        Files.writeString(folder, "");
        assertEquals("Model folder " + folder + ": expected a folder with config.json, found a file.", refusal());
    }

    @Test
    void aFolderWithoutConfigIsTold() throws IOException {
        Golden.copy("mha", folder);
        Files.delete(folder.resolve("config.json"));
        assertEquals("Model folder " + folder + ": expected config.json in it, found none.", refusal());
    }

    @Test
    void aFolderWithoutWeightsIsTold() throws IOException {
        Golden.copy("mha", folder);
        Files.delete(folder.resolve("model.safetensors"));
        Files.delete(folder.resolve("expected.safetensors"));
        assertEquals(
                "Model folder " + folder
                        + ": expected model.safetensors or model.safetensors.index.json in it, found neither.",
                refusal());
    }

    @Test
    void anUnknownArchitectureIsTold() throws IOException {
        Golden.copy("mha", folder);
        edit(folder.resolve("config.json"), s -> s.replace("OuroForCausalLM", "LlamaForCausalLM"));
        assertEquals(
                "config.json: architectures: expected [\"OuroForCausalLM\"], found [\"LlamaForCausalLM\"].", refusal());
    }

    @Test
    void aTruncatedFileIsTold() throws IOException {
        Golden.copy("mha", folder);
        Path file = folder.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 100));
        String sentence = refusal();
        assertTrue(sentence.endsWith("; the file is cut short or its header is wrong."), sentence);
    }

    @Test
    void aMissingTensorIsTold() throws LoopscopeException {
        rewriteMha("model.norm.weight", new SafetensorsWriter());
        assertEquals("model.norm.weight in model.safetensors: expected a tensor of shape [32], found none.", refusal());
    }

    @Test
    void manyMissingTensorsAreCounted() throws IOException {
        Golden.copy("mha", folder);
        edit(folder.resolve("config.json"), s -> s.replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3")
                .replace("\"layer_types\": [\"full_attention\", \"full_attention\"],", ""));
        assertEquals(
                "model.layers.2.input_layernorm.weight in model.safetensors: expected a tensor of shape [32], found"
                        + " none; 10 more are missing.",
                refusal());
    }

    @Test
    void aMisshapenTensorIsTold() throws LoopscopeException {
        rewriteMha(
                "model.early_exit_gate.weight",
                new SafetensorsWriter().floats("model.early_exit_gate.weight", (first, rows, out) -> {}, 32));
        assertEquals(
                "model.early_exit_gate.weight in model.safetensors: expected shape [1, 32], found [32].", refusal());
    }

    @Test
    void aWeightThatIsNoFloatIsTold() throws LoopscopeException {
        rewriteMha(
                "model.norm.weight", new SafetensorsWriter().longs("model.norm.weight", (first, rows, out) -> {}, 32));
        assertEquals("model.norm.weight in model.safetensors: expected F32, F16 or BF16, found I64.", refusal());
    }

    @Test
    void anUntiedModelNeedsItsOwnUnembedding() throws LoopscopeException {
        rewriteMha("lm_head.weight", new SafetensorsWriter());
        assertEquals(
                "lm_head.weight in model.safetensors: expected a tensor of shape [96, 32], found none.", refusal());
    }

    @Test
    void aTiedModelIgnoresAnUnembeddingThatIsThere() throws LoopscopeException, IOException {
        Golden.copy("mha", folder);
        edit(
                folder.resolve("config.json"),
                s -> s.replace("\"tie_word_embeddings\": false", "\"tie_word_embeddings\": true"));
        try (Checkpoint c = Checkpoint.open(folder)) {
            assertTrue(c.tensors().stream().noneMatch(t -> t.name().equals(OuroTensors.UNEMBEDDING)));
            assertEquals(List.of(), c.warnings());
        }
    }

    @Test
    void oldRotaryBuffersAreIgnoredWithoutAWord() throws LoopscopeException {
        rewriteMha(
                "",
                new SafetensorsWriter()
                        .floats("model.layers.0.self_attn.rotary_emb.inv_freq", (first, rows, out) -> {}, 4));
        try (Checkpoint c = Checkpoint.open(folder)) {
            assertEquals(List.of(), c.warnings());
        }
    }

    @ParameterizedTest
    @CsvSource({"model.layers.0.self_attn.q_proj.bias", "model.layers.2.mlp.up_proj.weight", "lm_head.bias"})
    void aTensorThatWouldChangeTheResultIsNotLeftOutSilently(String name) throws LoopscopeException {
        rewriteMha("", new SafetensorsWriter().floats(name, (first, rows, out) -> {}, 32));
        assertEquals(
                name + " in model.safetensors: expected the tensors of an Ouro model of 2 layers as config.json says,"
                        + " found this one, which such a model does not have.",
                refusal());
    }

    @Test
    void anotherTensorIsIgnoredWithAWarning() throws LoopscopeException {
        rewriteMha("", new SafetensorsWriter().longs("optimizer.step", (first, rows, out) -> {}, 1));
        try (Checkpoint c = Checkpoint.open(folder)) {
            assertEquals(
                    List.of("optimizer.step in model.safetensors is not part of an Ouro model and is ignored."),
                    c.warnings());
        }
    }

    @Test
    void anAbsentShardIsTold() throws IOException {
        Golden.copy("gqa/sharded", folder);
        Files.delete(folder.resolve("model-00002-of-00003.safetensors"));
        assertEquals(
                "model.safetensors.index.json: expected 3 files beside it, found no model-00002-of-00003.safetensors.",
                refusal());
    }

    @Test
    void aTensorThatTheIndexNamesForAnotherShardIsFoundAndTold() throws IOException, LoopscopeException {
        Golden.copy("gqa/sharded", folder);
        edit(
                folder.resolve("model.safetensors.index.json"),
                s -> s.replace(
                        "\"model.early_exit_gate.bias\": \"model-00001",
                        "\"model.early_exit_gate.bias\": \"model-00003"));
        try (Checkpoint c = Checkpoint.open(folder)) { // as published loaders, which look into every file
            assertEquals(
                    List.of("model.safetensors.index.json names another file for model.early_exit_gate.bias than the"
                            + " one that holds it; it is taken from there."),
                    c.warnings());
        }
    }

    @ParameterizedTest
    @CsvSource({"../evil.safetensors", "/etc/passwd", "a\\\\b.safetensors", "..", "C:x.safetensors"})
    void anIndexThatLeavesTheFolderIsTold(String shard) throws IOException {
        Golden.copy("gqa/sharded", folder);
        edit(
                folder.resolve("model.safetensors.index.json"),
                s -> s.replaceFirst("model-00001-of-00003.safetensors", Matcher.quoteReplacement(shard)));
        assertEquals(
                "model.safetensors.index.json: model.early_exit_gate.bias: expected the name of a file in the same"
                        + " folder, found \"" + shard + "\".",
                refusal());
    }

    @Test
    void anIndexWithoutAMapIsTold() throws IOException {
        Golden.copy("gqa/sharded", folder);
        Files.writeString(folder.resolve("model.safetensors.index.json"), "{\"weight_map\": 3}");
        assertEquals(
                "model.safetensors.index.json: weight_map: expected a JSON object from tensor names to file names,"
                        + " found 3.",
                refusal());
    }
}
