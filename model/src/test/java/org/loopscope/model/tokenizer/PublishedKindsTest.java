package org.loopscope.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.support.Golden;

/** Small tokenizers of published kinds, with the ids of an independent implementation; tokenizers/make.mjs made both. */
class PublishedKindsTest {
    @TempDir
    Path cache;

    private HuggingFaceTokenizer load(String kind) throws LoopscopeException {
        return HuggingFaceTokenizer.load(file(kind), new KnownTokenizers(cache));
    }

    private static Path file(String kind) {
        return Golden.path("tokenizers/" + kind + "/tokenizer.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "gemma", "qwen"})
    void idsAreThoseOfAnIndependentImplementationInBothProcesses(String kind) throws IOException, LoopscopeException {
        HuggingFaceTokenizer tried = load(kind); // a new one stays in the process in which it was tried
        check(kind, tried);
        tried.close();
        assertTrue(
                new KnownTokenizers(cache).holds(TokenizerFile.read(file(kind)).hash()), "remembered");
        check(kind, load(kind));
    }

    private static void check(String kind, HuggingFaceTokenizer tokenizer) throws IOException, LoopscopeException {
        List<String> lines = Files.readAllLines(Golden.path("tokenizers/" + kind + "/ids.jsonl"));
        assertEquals(44, lines.size());
        for (String line : lines) {
            JsonNode expected = new JsonMapper().readTree(line);
            String text = expected.path("text").asText();
            assertArrayEquals(ids(expected.path("ids")), tokenizer.encode(text), line);
            assertArrayEquals(ids(expected.path("prompt_ids")), tokenizer.encodePrompt(text), line);
            assertArrayEquals(
                    tokenizer.encode(text), tokenizer.withoutAddedTokens().encodePrompt(text), line);
        }
    }

    private static int[] ids(JsonNode ids) {
        return IntStream.range(0, ids.size()).map(i -> ids.get(i).asInt()).toArray();
    }

    @Test
    void allBlocksOfAPieceAreShownAsSpaces() throws LoopscopeException {
        HuggingFaceTokenizer gemma = load("gemma");
        int two = gemma.tokenId("▁▁").orElseThrow();
        assertEquals("  ", gemma.tokenText(two));
        assertEquals("<bos>", gemma.tokenText(2));
        assertEquals("<E4>", gemma.tokenText(gemma.tokenId("<0xE4>").orElseThrow()));
        gemma.close();
    }

    @Test
    void theMadeUpTokenizersAreOnesOfPlainParts() throws LoopscopeException {
        for (String kind : List.of("llama", "gemma", "qwen")) {
            assertTrue(PlainParts.only(TokenizerFile.read(file(kind)).root()), kind);
        }
    }

    @Test
    void aTextOfMegabytesIsRefusedBeforeItCosts() throws LoopscopeException {
        HuggingFaceTokenizer llama = load("llama");
        LoopscopeException e = assertThrows(LoopscopeException.class, () -> llama.encode("a".repeat(1_000_001)));
        assertEquals("Text: expected at most 1000000 characters, found 1000001.", e.getMessage());
        llama.close();
    }

    /** The flags of tokenizer_config.json go above the post-processor; what stands nowhere is as the loader's class has it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | 1 | ",
                "{'tokenizer_class':'LlamaTokenizer','bos_token':'<s>'} | 1 | ",
                "{'add_bos_token':false,'bos_token':'<s>'} | | ",
                "{'add_bos_token':true,'bos_token':{'content':'<s>'},'add_eos_token':true,'eos_token':'</s>'} | 1 | 2",
                "{'add_bos_token':true,'bos_token':'</s>'} | 2 1 | ",
                "{'add_bos_token':false,'bos_token':null} | 1 | ",
                "{'add_bos_token':null,'model_max_length':NaN} | 1 | ",
            })
    void theConfigurationOfTheTokenizerDecides(String config, String before, String after)
            throws IOException, LoopscopeException {
        assertEquals(new AddedTokens(numbers(before), numbers(after)), added("llama", config));
    }

    private AddedTokens added(String kind, String config) throws IOException, LoopscopeException {
        TokenizerFile file = TokenizerFile.read(file(kind));
        Files.writeString(cache.resolve("tokenizer_config.json"), config.replace('\'', '"'));
        return SpecialTokens.of(file, cache, Vocabulary.of(file.root()));
    }

    /** As published loaders do: special_tokens_map.json is above a tokenizer_config.json without added_tokens_decoder. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'add_bos_token':true} | 2 1",
                "{'add_bos_token':true,'bos_token':'<s>'} | 2 1",
                "{'add_bos_token':true,'bos_token':'<s>','added_tokens_decoder':{}} | 1",
            })
    void theOlderFileOfNamesIsReadToo(String config, String before) throws IOException, LoopscopeException {
        Files.writeString(cache.resolve("special_tokens_map.json"), "{\"bos_token\":{\"content\":\"</s>\"}}");
        assertEquals(new AddedTokens(numbers(before), List.of()), added("llama", config));
    }

    @Test
    void aBrokenFileOfNamesIsNoReasonToRefuseText() throws IOException, LoopscopeException {
        Files.writeString(cache.resolve("special_tokens_map.json"), "{");
        assertEquals(
                new AddedTokens(List.of(1), List.of()), added("llama", "{'add_bos_token':true,'bos_token':'<s>'}"));
    }

    @Test
    void aClassWithoutABosTokenOfItsOwnTakesThatOfTheClass() throws IOException, LoopscopeException {
        assertEquals(new AddedTokens(List.of(2), List.of()), added("gemma", "{'tokenizer_class':'GemmaTokenizer'}"));
    }

    @Test
    void aFlagThatIsNoneIsRefusedRatherThanTakenForUnset() {
        assertEquals(
                "tokenizer_config.json: expected true, false or null for add_bos_token, found \"true\".",
                assertThrows(LoopscopeException.class, () -> added("llama", "{'add_bos_token':'true'}"))
                        .getMessage());
    }

    @Test
    void aConfigurationBehindALinkOutOfTheFolderIsNotRead(@TempDir Path elsewhere) throws IOException {
        Path secret = Files.writeString(elsewhere.resolve("secret"), "{}");
        Files.createSymbolicLink(cache.resolve("tokenizer_config.json"), secret);
        TokenizerFile file = assertDoesNotThrow(() -> TokenizerFile.read(file("llama")));
        LoopscopeException e =
                assertThrows(LoopscopeException.class, () -> SpecialTokens.of(file, cache, Vocabulary.of(file.root())));
        assertTrue(String.valueOf(e.getMessage()).contains("it is not followed"), e.getMessage());
    }

    private static List<Integer> numbers(String text) {
        return text == null
                ? List.of()
                : List.of(text.split(" ")).stream().map(Integer::valueOf).toList();
    }

    @Test
    void aClassThatBeginsByItselfDoesSoWithoutAPostProcessor() throws IOException, LoopscopeException {
        String eot = "'bos_token':'<|endoftext|>'";
        int id = load("qwen").tokenId("<|endoftext|>").orElseThrow();
        assertEquals(AddedTokens.NONE, added("qwen", "{'tokenizer_class':'Qwen2Tokenizer'," + eot + "}"));
        assertEquals(
                new AddedTokens(List.of(id), List.of()),
                added("qwen", "{'tokenizer_class':'LlamaTokenizerFast'," + eot + "}"));
    }

    @Test
    void aFlagWithoutItsTokenIsTold() {
        assertEquals(
                "tokenizer_config.json: add_bos_token is true, so expected a bos_token that the vocabulary has, found none.",
                assertThrows(LoopscopeException.class, () -> added("llama", "{'add_bos_token':true}"))
                        .getMessage());
    }
}
