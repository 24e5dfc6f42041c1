package org.loopscope.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.shape.LoopConfig;
import org.loopscope.model.support.Golden;

class ConfigReaderTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    /** The mha configuration with {@code key} set to a JSON {@code value}, or removed for "absent". */
    private Path config(String key, String value) {
        try {
            ObjectNode root = (ObjectNode)
                    JSON.readTree(Golden.path("golden/mha/config.json").toFile());
            if (value.equals("absent")) {
                root.remove(key);
            } else {
                JsonNode node = JSON.readTree(value);
                root.set(key, node);
            }
            return Files.write(folder.resolve("config.json"), JSON.writeValueAsBytes(root));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private LoopConfig read(String key, String value) throws LoopscopeException {
        return ConfigReader.read(config(key, value));
    }

    @Test
    void theGoldenConfigurationsReadAsTheirReadmeSays() throws LoopscopeException {
        assertEquals(
                new LoopConfig(96, 32, 88, 2, 4, 4, 8, 4, 512, 1e-6, 1e6, false, Set.of(0)),
                ConfigReader.read(Golden.path("golden/mha/config.json")));
        assertEquals(
                new LoopConfig(80, 48, 120, 3, 6, 2, 8, 3, 512, 1e-6, 1e6, true, Set.of(0)),
                ConfigReader.read(Golden.path("golden/gqa/config.json")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model_type | \"llama\" | \"ouro\", found \"llama\"",
                "architectures | [\"LlamaForCausalLM\"] | [\"OuroForCausalLM\"], found [\"LlamaForCausalLM\"]",
                "hidden_size | absent | a whole number from 1 to 1048576, found none",
                "hidden_size | 32.0 | a whole number from 1 to 1048576, found 32.0",
                "hidden_size | \"32\" | a whole number from 1 to 1048576, found \"32\"",
                "hidden_size | 99999999999 | a whole number from 1 to 1048576, found 99999999999",
                "vocab_size | absent | a whole number from 1 to 16777216, found none",
                "vocab_size | null | a whole number from 1 to 16777216, found null",
                "intermediate_size | 0 | a whole number from 1 to 1048576, found 0",
                "num_hidden_layers | -3 | a whole number from 1 to 4096, found -3",
                "num_attention_heads | absent | a whole number from 1 to 4096, found none",
                "num_key_value_heads | 3 | a divisor of num_attention_heads (4), found 3",
                "num_key_value_heads | 8 | a whole number from 1 to 4, found 8",
                "head_dim | 7 | an even number, since the rotary embedding turns pairs, found 7",
                "total_ut_steps | 0 | a whole number from 1 to 64, found 0",
                "total_ut_steps | 65 | a whole number from 1 to 64, found 65",
                "max_position_embeddings | 0 | a whole number from 1 to 16777216, found 0",
                "rms_norm_eps | 0 | a number above 0, found 0",
                "rope_theta | -1 | a number above 0, found -1",
                "rope_scaling | {\"type\":\"yarn\"} "
                        + "| none, since only the default rotary embedding is supported, found {\"type\":\"yarn\"}",
                "use_sliding_window | true | false, the only supported choice, found true",
                "attention_bias | true | false, the only supported choice, found true",
                "hidden_act | \"gelu\" | \"silu\", found \"gelu\"",
                "quantization_config | {\"bits\":4} | none, since quantised weights are not supported, found {\"bits\":4}",
                "layer_types | [\"full_attention\",\"sliding_attention\"] "
                        + "| \"full_attention\" 2 times, found [\"full_attention\",\"sliding_attention\"]",
                "layer_types | [\"full_attention\"] | \"full_attention\" 2 times, found [\"full_attention\"]",
                "tie_word_embeddings | \"no\" | true or false, found \"no\"",
                "eos_token_id | \"</s>\" | a token id, a list of them, or null, found \"</s>\"",
            })
    void whatIsNotSupportedIsRefusedByName(String key, String value, String sentence) {
        LoopscopeException e = assertThrows(LoopscopeException.class, () -> read(key, value));
        assertEquals("config.json: " + key + ": expected " + sentence + ".", e.getMessage());
    }

    @Test
    void anAbsentHeadSizeIsHiddenSizeOverHeads() throws LoopscopeException {
        assertEquals(8, read("head_dim", "absent").headDim());
    }

    @Test
    void aHeadSizeThatCannotBeDerivedIsRefused() throws IOException {
        Path file = config("head_dim", "absent");
        Files.writeString(file, Files.readString(file).replace("\"hidden_size\":32", "\"hidden_size\":30"));
        assertEquals(
                "config.json: head_dim: expected a value, since hidden_size / num_attention_heads (30 / 4) is no even"
                        + " number, found none.",
                assertThrows(LoopscopeException.class, () -> ConfigReader.read(file))
                        .getMessage());
    }

    @Test
    void headSizeNeedNotBeHiddenSizeOverHeads() throws LoopscopeException {
        assertEquals(20, read("head_dim", "20").headDim());
    }

    @ParameterizedTest
    @ValueSource(strings = {"absent", "null"})
    void withoutKeyValueHeadsEachHeadHasItsOwn(String value) throws LoopscopeException {
        assertEquals(4, read("num_key_value_heads", value).kvHeads());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"null | ", "absent | ", "2 | 2", "[2, 0] | 0 2", "[] | "})
    void endIdsMayBeANumberAListOrNone(String value, String ids) throws LoopscopeException {
        Set<Integer> expected = ids == null
                ? Set.of()
                : Set.copyOf(
                        List.of(ids.split(" ")).stream().map(Integer::valueOf).toList());
        assertEquals(expected, read("eos_token_id", value).eosIds());
    }

    @Test
    void anEndIdOutsideTheVocabularyIsIgnoredWithAWarning() throws LoopscopeException {
        ConfigReader.Result result = ConfigReader.readWithWarnings(config("eos_token_id", "[96, 2]"));
        assertEquals(Set.of(2), result.config().eosIds());
        assertEquals(
                List.of("config.json: eos_token_id: expected a token id from 0 to 95, found 96; it is ignored."),
                result.warnings());
    }

    @Test
    void aMissingRotaryBaseIsTakenAsThePublishedCodeDoesAndTold() throws LoopscopeException {
        ConfigReader.Result result = ConfigReader.readWithWarnings(config("rope_theta", "absent"));
        assertEquals(10000.0, result.config().ropeTheta());
        assertEquals(
                List.of("config.json: rope_theta is missing; 10000.0 is taken, as the published model code does."),
                result.warnings());
    }

    @Test
    void theRotaryBaseMayStandUnderRopeParameters() throws IOException, LoopscopeException {
        Path file = config("rope_parameters", "{\"rope_type\":\"default\",\"rope_theta\":500000.0}");
        Files.writeString(file, Files.readString(file).replace("\"rope_theta\":1000000.0,", ""));
        ConfigReader.Result result = ConfigReader.readWithWarnings(file);
        assertEquals(500000.0, result.config().ropeTheta());
        assertTrue(result.warnings().isEmpty());
    }

    @Test
    void keysOfOtherUsesAreLeftAlone() throws LoopscopeException {
        assertFalse(read("rltt_logprob_chunk_size", "128").tiedEmbeddings());
        assertEquals(4, read("early_exit_threshold", "null").trainedSteps());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1, 2] | config.json: expected a JSON object, found [1,2].",
                "'' | config.json: expected a JSON object, found none.",
            })
    void aFileThatIsNoObjectIsTold(String text, String sentence) throws IOException {
        Path file = Files.writeString(folder.resolve("config.json"), text);
        assertEquals(
                sentence,
                assertThrows(LoopscopeException.class, () -> ConfigReader.read(file))
                        .getMessage());
    }

    @Test
    void aFileThatIsCutOffIsTold() throws IOException {
        Path file = Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"ou");
        String sentence = assertThrows(LoopscopeException.class, () -> ConfigReader.read(file))
                .getMessage();
        assertTrue(
                sentence.startsWith("config.json: expected JSON, found JSON that ends too early at line 1"), sentence);
    }
}
