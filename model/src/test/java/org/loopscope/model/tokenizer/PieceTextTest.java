package org.loopscope.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PieceTextTest {
    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "61,a", // whole
                "e4b8,<E4 B8>", // cut after two of three bytes
                "20e4b8, <E4 B8>",
                "ad61,<AD>a",
                "61ff80e4b8ad62,a<FF 80>中b",
                "f09f9982,🙂",
                "edb080,<ED B0 80>", // a surrogate is no character in UTF-8
                "c080,<C0 80>", // nor is an overlong form
                ",''",
            })
    void completeCharactersAreTextAndOtherBytesHexadecimal(String hex, String expected) {
        byte[] bytes = HexFormat.of().parseHex(hex == null ? "" : hex);
        assertEquals(expected, PieceText.utf8OrHex(bytes));
    }

    @Test
    void everyByteHasItsCharacterInByteLevelVocabularies() throws JsonProcessingException {
        PieceText text = PieceText.of(new JsonMapper().readTree("""
                {"decoder":{"type":"Sequence","decoders":[{"type":"ByteLevel"}]}}"""));
        assertEquals(" hi", text.of("Ġhi"));
        assertEquals("\n", text.of("Ċ"));
        assertEquals("<AD>", text.of("Ń"));
        assertEquals("<A0>", text.of("ł"));
        assertEquals("日", text.of("æĹ¥"));
        assertEquals("日 (no byte)", text.of("日 (no byte)"));
    }

    @Test
    void sentencePieceVocabulariesWriteSpacesAndBytesInTheirOwnWay() throws JsonProcessingException {
        PieceText text = PieceText.of(new JsonMapper().readTree("""
                {"decoder":{"type":"Sequence","decoders":[
                  {"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"}]}}"""));
        assertEquals(" the", text.of("▁the"));
        assertEquals("<E4>", text.of("<0xE4>"));
        assertEquals("\n", text.of("<0x0A>"));
    }
}
