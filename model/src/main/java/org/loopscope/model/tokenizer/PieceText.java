package org.loopscope.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns a piece of a vocabulary into the text it stands for. Byte-level BPE writes each byte as one printable
 * character (the table of GPT-2); other vocabularies write a space as ▁ and lone bytes as {@code <0xE4>}. Bytes that
 * are no complete UTF-8 are shown as {@code <E4 B8>}.
 */
final class PieceText {
    private static final Map<Integer, Integer> BYTE_OF_CHARACTER = byteOfCharacter();
    private static final String[] CHARACTER_OF_BYTE = characterOfByte();
    private static final Pattern LONE_BYTE = Pattern.compile("<0x([0-9A-Fa-f]{2})>");
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ").withUpperCase();

    private final boolean byteLevel;
    private final boolean loneBytes;
    private final boolean blockForSpace;

    private PieceText(boolean byteLevel, boolean loneBytes, boolean blockForSpace) {
        this.byteLevel = byteLevel;
        this.loneBytes = loneBytes;
        this.blockForSpace = blockForSpace;
    }

    static PieceText of(JsonNode tokenizer) {
        JsonNode decoder = tokenizer.path("decoder");
        JsonNode before = tokenizer.path("pre_tokenizer");
        return new PieceText(
                names(decoder, "ByteLevel") || names(before, "ByteLevel"),
                names(decoder, "ByteFallback")
                        || tokenizer.path("model").path("byte_fallback").asBoolean(),
                decoder.toString().contains("▁")
                        || before.toString().contains("▁")
                        || tokenizer.path("normalizer").toString().contains("▁")
                        || names(before, "Metaspace")
                        || names(decoder, "Metaspace"));
    }

    private static boolean names(JsonNode component, String type) {
        return component.path("type").asText().equals(type)
                || component.findValuesAsText("type").contains(type);
    }

    boolean isByteLevel() {
        return byteLevel;
    }

    /** Whether bytes of what is not in the vocabulary are written as {@code <0xE4>}. */
    boolean hasLoneBytes() {
        return loneBytes;
    }

    /** The character that stands for a byte in a byte-level vocabulary. */
    static String byteCharacter(int value) {
        return CHARACTER_OF_BYTE[value];
    }

    /** An added token is matched as it is written; some vocabularies add runs of their own signs for spaces. */
    String ofAdded(String token) {
        return blockForSpace && !token.isEmpty() && token.chars().allMatch(c -> c == '▁')
                ? token.replace('▁', ' ')
                : token;
    }

    String of(String piece) {
        if (byteLevel) {
            return ofByteLevel(piece);
        }
        Matcher lone = LONE_BYTE.matcher(piece);
        if (loneBytes && lone.matches()) {
            return utf8OrHex(new byte[] {(byte) Integer.parseInt(lone.group(1), 16)});
        }
        return blockForSpace ? piece.replace('▁', ' ') : piece;
    }

    private static String ofByteLevel(String piece) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int character : piece.codePoints().toArray()) {
            Integer value = BYTE_OF_CHARACTER.get(character);
            if (value == null) {
                return piece; // not written byte by byte after all
            }
            bytes.write(value);
        }
        return utf8OrHex(bytes.toByteArray());
    }

    /** The text of complete characters, with runs of other bytes in hexadecimal between. */
    static String utf8OrHex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder(); // reports what it cannot decode
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        int badFrom = -1;
        while (true) {
            int start = in.position();
            CoderResult result = decoder.decode(in, out, true);
            if (in.position() > start) {
                appendHex(text, bytes, badFrom, start);
                badFrom = -1;
            }
            text.append(out.flip());
            out.clear();
            if (result.isUnderflow()) {
                appendHex(text, bytes, badFrom, in.position());
                return text.toString();
            }
            badFrom = badFrom < 0 ? in.position() : badFrom;
            in.position(in.position() + result.length());
            decoder.reset();
        }
    }

    private static void appendHex(StringBuilder text, byte[] bytes, int from, int to) {
        if (from >= 0) {
            text.append('<').append(HEX.formatHex(bytes, from, to)).append('>');
        }
    }

    /**
     * GPT-2's table, inverted: printable Latin-1 characters stand for themselves, the other bytes in turn for U+0100 and
     * up (openai/gpt-2 encoder.py, bytes_to_unicode).
     */
    private static Map<Integer, Integer> byteOfCharacter() {
        Map<Integer, Integer> table = new HashMap<>();
        int next = 0x100;
        for (int value = 0; value < 0x100; value++) {
            boolean printable = value >= '!' && value <= '~' || value >= 0xa1 && value <= 0xac || value >= 0xae;
            table.put(printable ? value : next++, value);
        }
        return table;
    }

    private static String[] characterOfByte() {
        String[] characters = new String[0x100];
        BYTE_OF_CHARACTER.forEach((character, value) -> characters[value] = Character.toString(character));
        return characters;
    }
}
