package org.loopscope.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.hub.HubEnvironment;
import org.loopscope.model.open.KnownModel;
import org.loopscope.model.open.Models;
import org.loopscope.model.support.Golden;
import org.loopscope.model.support.RawSafetensors;

/** Folders as other programs, copies and strangers leave them. */
@Timeout(30)
class OddFoldersTest {
    private static final String INDEX = "model.safetensors.index.json";

    @TempDir
    Path temp;

    private Path folder;

    @BeforeEach
    void nameFolder() {
        folder = temp.resolve("odd");
    }

    private List<String> warnings() throws LoopscopeException {
        try (Checkpoint c = Checkpoint.open(folder)) {
            return c.warnings();
        }
    }

    private String refusal() {
        return assertThrows(
                        LoopscopeException.class, () -> Checkpoint.open(folder).close())
                .getMessage();
    }

    private void edit(String file, UnaryOperator<String> change) throws IOException {
        String before = Files.readString(folder.resolve(file));
        String after = change.apply(before);
        assertFalse(before.equals(after), "the edit changes nothing");
        Files.writeString(folder.resolve(file), after);
    }

    private void config(String key, String value) throws IOException {
        edit("config.json", s -> s.replaceFirst("\\{", "{\"" + key + "\": " + value + ","));
    }

    /** The mha weights under other names. */
    private void renamed(UnaryOperator<String> name) throws LoopscopeException {
        Golden.copy("mha", folder);
        Path file = folder.resolve("model.safetensors");
        SafetensorsWriter writer = new SafetensorsWriter();
        try (SafetensorsFile old = SafetensorsFile.open(file)) {
            for (TensorInfo tensor : old.tensors()) {
                writer.floats(
                        name.apply(tensor.name()),
                        (first, rows, out) -> {},
                        tensor.shape().stream().mapToLong(s -> s).toArray());
            }
        }
        writer.write(file, RunControl.none());
    }

    @ParameterizedTest
    @CsvSource({"_orig_mod.", "module.", "base_model.model.", "student.inner."})
    void wrappedNamesAreToldByTheirBeginning(String prefix) throws LoopscopeException {
        renamed(name -> prefix + name);
        assertTrue(
                refusal()
                        .startsWith(
                                "lm_head.weight in model.safetensors: expected a tensor of shape [96, 32], found none;"
                                        + " 26 more are missing; the names begin with \"" + prefix + "\""),
                refusal());
    }

    @Test
    void namesOfAModelWithoutItsHeadAreTold() throws LoopscopeException {
        renamed(name -> name.replaceFirst("^model\\.", ""));
        assertTrue(
                refusal()
                        .endsWith("; the names lack \"model.\" at their beginning, as those of a model without its head"
                                + " do."),
                refusal());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pytorch_model.bin | a pickle file, which can run code and is not read; save the model as safetensors.",
                "consolidated.00.pth | a pickle file, which can run code and is not read; save the model as safetensors.",
                "adapter_model.safetensors "
                        + "| an adapter without its model; merge it into the model it was trained on and save that.",
                "ouro.Q4.gguf | another format; save the model as safetensors.",
            })
    void whatIsThereInsteadOfWeightsIsTold(String name, String sentence) throws IOException {
        Files.createDirectories(folder);
        Files.copy(Golden.path("golden/mha/config.json"), folder.resolve("config.json"));
        Files.createFile(folder.resolve(name));
        assertEquals(
                "Model folder " + folder + ": expected model.safetensors or " + INDEX + " in it, found " + name + ", "
                        + sentence,
                refusal());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<!DOCTYPE html><html>no</html> | text, as a page that tells of an error.",
                "PK\u0003\u0004abcdefgh | a ZIP archive, as pickle files are; save the model as safetensors.",
                "GGUFabcdefgh | a GGUF file; save the model as safetensors.",
            })
    void whatIsInAFileInsteadOfTensorsIsTold(String content, String sentence) throws IOException {
        Golden.copy("mha", folder);
        Files.writeString(folder.resolve("model.safetensors"), content);
        assertEquals("model.safetensors: expected tensors, found " + sentence, refusal());
    }

    @Test
    void aTokenizerThatIsNoFileIsToldAndLeftOut() throws IOException, LoopscopeException {
        Golden.copy("mha", folder);
        Files.createDirectory(folder.resolve("tokenizer.json"));
        try (Checkpoint c = Checkpoint.open(folder)) {
            assertTrue(c.tokenizerFile().isEmpty());
            assertTrue(
                    c.warnings()
                            .get(0)
                            .endsWith(
                                    "tokenizer.json: expected a tokenizer, found a folder. The model is run with token"
                                            + " ids."),
                    c.warnings()::toString);
        }
    }

    @Test
    void shardsWithoutIndexAreTold() throws IOException {
        Golden.copy("gqa/sharded", folder);
        Files.delete(folder.resolve(INDEX));
        assertTrue(
                refusal()
                        .endsWith("found model-00001-of-00003.safetensors without the index that says which file holds"
                                + " what; fetch that too."),
                refusal());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"mtp.fc.weight\": \"model-00001-of-00003.safetensors\" "
                        + "| names mtp.fc.weight, which no file holds; no Ouro model has it.",
                "\"mtp.fc.weight\": \"./absent.safetensors\" "
                        + "| names absent.safetensors, which cannot be read; no tensor of an Ouro model should be there.",
                "\"mtp.fc.weight\": \"../absent.safetensors\" | names no file of the folder for mtp.fc.weight; ignored.",
                "\"mtp.fc.weight\": null | names no file of the folder for mtp.fc.weight; ignored.",
            })
    void entriesForTensorsThatNobodyReadsAreTold(String entry, String warning) throws IOException, LoopscopeException {
        Golden.copy("gqa/sharded", folder);
        edit(INDEX, s -> s.replace("\"weight_map\": {", "\"weight_map\": {" + entry + ","));
        assertEquals(INDEX + " " + warning, warnings().get(0));
    }

    @Test
    void shardsMayBeNamedWithADotOrLieInAFolderBelow() throws IOException, LoopscopeException {
        Golden.copy("gqa/sharded", folder);
        Files.createDirectories(folder.resolve("weights"));
        Files.move(
                folder.resolve("model-00002-of-00003.safetensors"),
                folder.resolve("weights/model-00002-of-00003.safetensors"));
        edit(INDEX, s -> s.replace("\"model-00001", "\"./model-00001")
                .replace("\"model-00002", "\"weights/./model-00002"));
        assertEquals(List.of(), warnings());
    }

    @Test
    void shardsWhoseNamesWereSwappedAreRead() throws IOException, LoopscopeException {
        Golden.copy("gqa/sharded", folder);
        edit(INDEX, s -> s.replace("model-00001", "model-0000x")
                .replace("model-00003", "model-00001")
                .replace("model-0000x", "model-00003"));
        assertEquals(1, warnings().size());
        try (Checkpoint swapped = Checkpoint.open(folder);
                Checkpoint right = Checkpoint.open(Golden.path("golden/gqa/sharded"))) {
            assertEquals(right.weightHash(RunControl.none()), swapped.weightHash(RunControl.none()));
        }
    }

    @Test
    void anIndexBesideASingleFileIsToldUnlessItNamesThatFile() throws IOException, LoopscopeException {
        Golden.copy("mha", folder);
        Files.writeString(folder.resolve(INDEX), "{\"weight_map\": {\"lm_head.weight\": \"model.safetensors\"}}");
        assertEquals(List.of(), warnings());
        Files.writeString(folder.resolve(INDEX), "{\"weight_map\": {\"lm_head.weight\": \"other.safetensors\"}}");
        assertEquals(List.of(INDEX + " beside model.safetensors names other files; they are not read."), warnings());
    }

    @Test
    void aSecondUnembeddingBesideTiedEmbeddingsIsRefusedUnlessItIsACopy() throws IOException, LoopscopeException {
        Golden.copy("mha", folder);
        edit("config.json", s -> s.replace("\"tie_word_embeddings\": false", "\"tie_word_embeddings\": true"));
        String sentence = assertThrows(LoopscopeException.class, () -> Models.open(folder.toString(), RunControl.none())
                        .close())
                .getMessage();
        assertTrue(sentence.startsWith("lm_head.weight in model.safetensors: expected none, or a copy of"), sentence);
        folder = temp.resolve("copied");
        renamed(name -> name); // all zero, so one is a copy of the other
        edit("config.json", s -> s.replace("\"tie_word_embeddings\": false", "\"tie_word_embeddings\": true"));
        try (Checkpoint c = Checkpoint.open(folder)) {
            c.requireOneUnembedding(RunControl.none());
        }
    }

    @Test
    void aTypeOfWeightsOtherThanTheStoredOneIsTold() throws IOException, LoopscopeException {
        Golden.copy("mha", folder);
        edit("config.json", s -> s.replace("\"torch_dtype\": \"float32\"", "\"dtype\": \"bfloat16\""));
        assertEquals(
                List.of("config.json says that weights are BF16, found F32; they are taken as they are stored."),
                warnings());
        config("torch_dtype", "\"torch.float16\"");
        assertEquals(
                List.of("config.json: dtype is \"bfloat16\" and torch_dtype \"torch.float16\"; the weights are taken as"
                        + " they are stored."),
                warnings());
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "-Infinity", "{\"a\": [NaN]}", "1e999"})
    void whatPythonWritesInKeysThatNobodyReadsDoesNotDisturb(String value) throws IOException, LoopscopeException {
        Golden.copy("mha", folder);
        config("loss_scale", value);
        assertEquals(List.of(), warnings());
    }

    @Test
    void aKeyThatIsThereTwiceIsTold() throws IOException, LoopscopeException {
        Golden.copy("mha", folder);
        config("rope_theta", "5");
        try (Checkpoint c = Checkpoint.open(folder)) {
            assertEquals(1e6, c.config().ropeTheta());
            assertTrue(
                    c.warnings().get(0).startsWith("config.json: expected every key once, found the same key twice"));
        }
    }

    @Test
    void whatFollowsTheObjectIsRefused() throws IOException {
        Golden.copy("mha", folder);
        edit("config.json", s -> s + "{}");
        assertTrue(refusal().startsWith("config.json: expected JSON, found "), refusal());
    }

    @ParameterizedTest
    @CsvSource({"F4", "F8_E8M0", "F6_E3M2", "U64", "C64"})
    void anExtraTensorOfANewTypeIsIgnored(String type) throws IOException, LoopscopeException {
        Golden.copy("gqa/sharded", folder);
        RawSafetensors.write(
                folder.resolve("extra.safetensors"),
                "{\"mtp.scale\":{\"dtype\":\"" + type + "\",\"shape\":[1],\"data_offsets\":[0,8]}}",
                8);
        edit(INDEX, s -> s.replace("\"weight_map\": {", "\"weight_map\": {\"mtp.scale\": \"extra.safetensors\","));
        assertEquals(
                List.of("mtp.scale in extra.safetensors is not part of an Ouro model and is ignored."), warnings());
    }

    @Test
    void manyTensorsThatAreIgnoredMakeTwoSentences() throws IOException, LoopscopeException {
        Golden.copy("gqa/sharded", folder);
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i < 100; i++) {
            header.append(i == 0 ? "" : ",")
                    .append("\"x.")
                    .append(i)
                    .append("\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}");
        }
        RawSafetensors.write(
                folder.resolve("extra.safetensors"), header.append("}").toString(), 0);
        edit(INDEX, s -> s.replace("\"weight_map\": {", "\"weight_map\": {\"x.0\": \"extra.safetensors\","));
        assertEquals(2, warnings().size());
        assertEquals(
                "99 more tensors are not part of an Ouro model and are ignored.",
                warnings().get(1));
    }

    @Test
    void namesInWarningsAndRefusalsAreEscapedAndShort() throws IOException, LoopscopeException {
        Golden.copy("gqa/sharded", folder);
        String name = "\\u001b[2J" + "x".repeat(5000) + "\\u202e";
        RawSafetensors.write(
                folder.resolve("extra.safetensors"),
                "{\"" + name + "\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}",
                0);
        edit(INDEX, s -> s.replace("\"weight_map\": {", "\"weight_map\": {\"" + name + "\": \"extra.safetensors\","));
        String warning = warnings().get(0);
        assertTrue(warning.length() <= ForeignText.MAX_SENTENCE, warning);
        assertTrue(warning.startsWith("\\u001b[2Jxxx"), warning);
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"" + name + "\"}");
        assertTrue(refusal().startsWith("config.json: model_type: expected \"ouro\", found \"\\"), refusal());
        assertTrue(refusal().length() <= ForeignText.MAX_SENTENCE, refusal());
    }

    @DisabledOnOs(OS.WINDOWS)
    @ParameterizedTest
    @ValueSource(strings = {"config.json", "model.safetensors"})
    void aPipeADeviceOrAFolderIsRefusedAtOnce(String name) throws Exception {
        Golden.copy("mha", folder);
        Path file = folder.resolve(name);
        Files.delete(file);
        assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
        assertTrue(refusal().endsWith("found a device, pipe or socket."), refusal());
        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("/dev/zero"));
        assertTrue(refusal().endsWith("found a device, pipe or socket."), refusal());
        Files.delete(file);
        Files.createDirectory(file);
        assertTrue(refusal().endsWith("found a folder."), refusal());
        Files.delete(file);
        Files.createSymbolicLink(file, file);
        assertTrue(refusal().endsWith("found a link that leads nowhere."), refusal());
    }

    @DisabledOnOs(OS.WINDOWS)
    @Test
    void aLinkOutOfTheFolderIsFollowedToTheSameKindOfFileOnly() throws IOException, LoopscopeException {
        Golden.copy("mha", folder);
        Path weights = folder.resolve("model.safetensors");
        Path disk = Files.createDirectories(temp.resolve("disk"));
        Files.move(weights, disk.resolve("ouro.safetensors"));
        Files.createSymbolicLink(weights, disk.resolve("ouro.safetensors"));
        assertEquals(List.of(), warnings());
        String checksum = "sha256-" + "0f".repeat(32);
        Files.move(disk.resolve("ouro.safetensors"), disk.resolve(checksum));
        Files.delete(weights);
        Files.createSymbolicLink(weights, disk.resolve(checksum));
        assertEquals(List.of(), warnings());
        Path secret = Files.writeString(disk.resolve("passwd"), "root:x:0");
        for (String name : List.of("model.safetensors", "config.json")) {
            Files.delete(folder.resolve(name));
            Files.createSymbolicLink(folder.resolve(name), secret);
            assertTrue(refusal().contains("found a link out of the model folder to a file of another kind"), refusal());
            assertFalse(refusal().contains("root"), refusal());
        }
    }

    @DisabledOnOs(OS.WINDOWS)
    @Test
    void oneBadFolderDoesNotHideTheOthers() throws Exception {
        Golden.copy("mha", temp.resolve("many/b-good"));
        Path pipe = Files.createDirectories(temp.resolve("many/a-pipe")).resolve("config.json");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Path nowhere = Files.createDirectories(temp.resolve("many/c-nowhere"));
        Files.createSymbolicLink(nowhere.resolve("config.json"), nowhere.resolve("absent"));
        Path deep = Files.createDirectories(temp.resolve("many/d-deep"));
        Files.writeString(deep.resolve("config.json"), "[".repeat(100_000));
        List<KnownModel> models = Models.known(
                HubEnvironment.of(Map.of("HF_HUB_CACHE", temp.resolve("none").toString()), temp),
                List.of(temp.resolve("many")));
        assertEquals(5, models.size());
        assertTrue(models.get(2).problem().isEmpty(), "b-good");
        for (int bad : new int[] {1, 3, 4}) {
            String problem = models.get(bad).problem().orElseThrow();
            assertTrue(problem.contains("config.json"), problem);
            assertTrue(problem.length() <= ForeignText.MAX_SENTENCE, problem);
        }
    }
}
