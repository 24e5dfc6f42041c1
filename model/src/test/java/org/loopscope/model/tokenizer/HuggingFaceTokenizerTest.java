package org.loopscope.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.support.Golden;

class HuggingFaceTokenizerTest {
    @TempDir
    Path folder;

    private static HuggingFaceTokenizer embedded;

    @BeforeAll
    static void loadEmbedded() throws LoopscopeException {
        embedded = HuggingFaceTokenizer.load(Golden.path("org/loopscope/model/embedded/tokenizer.json"));
    }

    private HuggingFaceTokenizer load(String json) throws LoopscopeException {
        try {
            return HuggingFaceTokenizer.load(Files.writeString(folder.resolve("tokenizer.json"), json));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Byte-level BPE with the pieces of "a é 中": some are whole characters, some are not. */
    private HuggingFaceTokenizer byteLevel() throws LoopscopeException {
        return load("""
                {"version":"1.0","truncation":{"direction":"Right","max_length":4,"strategy":"LongestFirst","stride":0},
                 "padding":{"strategy":{"Fixed":9},"direction":"Right","pad_to_multiple_of":null,"pad_id":0,
                   "pad_type_id":0,"pad_token":"<|endoftext|>"},
                 "added_tokens":[
                   {"id":0,"content":"<|endoftext|>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},
                   {"id":1,"content":"<|im_start|>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},
                   {"id":2,"content":"<|im_end|>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}],
                 "normalizer":null,
                 "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true},
                 "post_processor":{"type":"TemplateProcessing",
                   "single":[{"SpecialToken":{"id":"<|endoftext|>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],
                   "pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":0}}],
                   "special_tokens":{"<|endoftext|>":{"id":"<|endoftext|>","ids":[0],"tokens":["<|endoftext|>"]}}},
                 "decoder":{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true},
                 "model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":null,
                   "end_of_word_suffix":null,"fuse_unk":false,"byte_fallback":false,
                   "vocab":{"<|endoftext|>":0,"<|im_start|>":1,"<|im_end|>":2,"a":3,"Ġ":4,"Ġa":5,"ä":6,"¸":7,"Ń":8,"ä¸":9,"Ã":10,"©":11,"Ã©":12,"Ċ":13},
                   "merges":["Ġ a","ä ¸","Ã ©"]}}
                """);
    }

    @Test
    void theEmbeddedVocabularyGivesTheIdsOfTheReferenceOutputs() throws IOException, LoopscopeException {
        JsonNode prompts = new JsonMapper()
                .readTree(Golden.path("tiny/reference_outputs.json").toFile());
        assertEquals(8, prompts.size());
        for (JsonNode prompt : prompts) {
            int[] expected = new int[prompt.path("ids").size()];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = prompt.path("ids").get(i).asInt();
            }
            assertArrayEquals(expected, embedded.encode(prompt.path("prompt").asText()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"people Ann's friend's boss is", " people  Ann 's friend 's\tboss is\n"})
    void spacesDoNotMatterToTheEmbeddedVocabulary(String text) throws LoopscopeException {
        assertArrayEquals(new int[] {16, 37, 17, 18, 17, 19, 22}, embedded.encode(text));
    }

    @Test
    void idsDecodeToTextThatEncodesToTheSameIds() throws LoopscopeException {
        int[] ids = embedded.encode("calc 7+8*3-4=");
        assertEquals("calc 7 + 8 * 3 - 4 =", embedded.decode(ids));
        assertArrayEquals(ids, embedded.encode(embedded.decode(ids)));
    }

    @ParameterizedTest
    @CsvSource({
        "people Ann 's cousin is, cousin",
        "calc 7/8=, /",
        "people Ann's friend's brother's boss is, brother",
        "🙂 people Ann is, 🙂",
        "people 🙂🙂 Ann's frieNd is, 🙂",
        "people Ännchen is, Ä",
        "calc 1 + <unk> =, <",
    })
    void anUnknownWordIsNamed(String text, String word) {
        assertEquals(
                "The word \"" + word + "\" is not in the vocabulary of this model.",
                assertThrows(LoopscopeException.class, () -> embedded.encode(text))
                        .getMessage());
    }

    @Test
    void halfACharacterIsAnUnknownWordAndNotACrash() {
        assertEquals(
                "The word \"\uFFFD\" is not in the vocabulary of this model.",
                assertThrows(LoopscopeException.class, () -> embedded.encode("people \uD83D is"))
                        .getMessage());
    }

    @Test
    void noTextHasNoTokens() throws LoopscopeException {
        assertArrayEquals(new int[0], embedded.encode(""));
        assertArrayEquals(new int[0], embedded.encode("  \n"));
    }

    @Test
    void embeddedTokensAreShownAsTheyAreWritten() {
        assertEquals(List.of("people", "Ann", "'s", "<eos>", "#57", "#-1"), embedded.tokenTexts(16, 37, 17, 1, 57, -1));
    }

    @Test
    void textIsNotCutNorPaddedNorGivenSpecialTokens() throws LoopscopeException {
        assertArrayEquals(new int[] {3, 5, 5, 5, 5, 5, 5}, byteLevel().encode("a a a a a a a"));
        assertArrayEquals(new int[] {3}, byteLevel().encode("a"));
    }

    @Test
    void specialTokensInTextBecomeTheirIds() throws LoopscopeException {
        assertArrayEquals(new int[] {1, 3, 13, 3, 2, 13}, byteLevel().encode("<|im_start|>a\na<|im_end|>\n"));
        assertEquals("<|im_start|>a<|im_end|>", byteLevel().decode(1, 3, 2));
    }

    @Test
    void bytesOfIncompleteCharactersAreShownInHexadecimal() throws LoopscopeException {
        HuggingFaceTokenizer t = byteLevel();
        int[] ids = t.encode(" a中é");
        assertArrayEquals(new int[] {5, 9, 8, 12}, ids);
        assertEquals(List.of(" a", "<E4 B8>", "<AD>", "é"), t.tokenTexts(ids));
        assertEquals(" a中é", t.decode(ids));
    }

    @Test
    void idsThatTheVocabularyDoesNotHaveAreLeftOutOfText() throws LoopscopeException {
        assertEquals("a", byteLevel().decode(3, 4000, -7));
    }

    @Test
    void aVocabularyOfLettersNamesWhatItWouldOtherwiseDrop() throws LoopscopeException {
        HuggingFaceTokenizer letters = load("""
                {"added_tokens":[],"normalizer":null,"pre_tokenizer":null,"post_processor":null,"decoder":null,
                 "model":{"type":"BPE","unk_token":null,"vocab":{"a":0,"b":1,"ab":2},"merges":["a b"]}}""");
        assertArrayEquals(new int[] {2, 0}, letters.encode("aba"));
        assertEquals(
                "The word \"é\" is not in the vocabulary of this model.",
                assertThrows(LoopscopeException.class, () -> letters.encode("abéa"))
                        .getMessage());
    }

    @Test
    void piecesAreFoundAsTheVocabularyWritesThem() throws LoopscopeException {
        assertEquals(OptionalInt.of(2), byteLevel().tokenId("<|im_end|>"));
        assertEquals(OptionalInt.of(5), byteLevel().tokenId("Ġa"));
        assertEquals(OptionalInt.empty(), embedded.tokenId("<|im_end|>"));
        assertEquals(OptionalInt.empty(), embedded.tokenId("<unk>"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ | tokenizer.json: expected JSON, found JSON that ends too early",
                "[] | tokenizer.json: expected a JSON object with a model, found none.",
                "{\"model\":{\"type\":\"BPE\",\"dropout\":0.1,\"vocab\":{\"a\":0},\"merges\":[]}} "
                        + "| tokenizer.json: expected a tokenizer that gives one text the same tokens each time, found dropout 0.1",
                "{\"model\":{\"type\":\"Unheard\"}} "
                        + "| tokenizer.json: expected a tokenizer of the kind BPE, WordLevel, WordPiece, Unigram, found \"Unheard\"",
                "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[\"x y\"]}} "
                        + "| tokenizer.json: expected a tokenizer of a known kind, found one that is damaged or of another kind.",
            })
    void aBrokenFileIsTold(String json, String sentence) {
        String message =
                assertThrows(LoopscopeException.class, () -> load(json)).getMessage();
        assertTrue(message.startsWith(sentence) && message.endsWith("."), message);
    }

    @Test
    void aTokenizerThatCannotBeUsedRefusesTextWithTheReasonAndShowsIds() {
        UnavailableTokenizer t = new UnavailableTokenizer(new LoopscopeException("Because."));
        assertEquals(
                "Because.",
                assertThrows(LoopscopeException.class, () -> t.encode("a")).getMessage());
        assertEquals("#3 #5", t.decode(3, 5));
    }
}
