package org.loopscope.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Whether a tokenizer.json is made only of parts whose time and memory are known to grow no faster than the text. No trial
 * covers every text, so that one with anything else (an expression of its own, a table of characters, a replacement that
 * makes long texts of short ones) stays in a process of its own for good.
 */
final class PlainParts {
    private static final int MAX_GROWTH = 16; // of a text, by all replacements together
    private static final int MAX_PIECE = 256; // of a unigram vocabulary, whose time grows with it
    private static final double MAX_SCORE = 1e6; // sums of scores stay finite
    private static final int MAX_WORD = 1000; // of WordPiece, whose time grows with its square
    private static final int MAX_NESTED = 8;

    /** Expressions of published tokenizers: GPT-2, Llama 3, Qwen 2 and 3, o200k, DeepSeek-V3; this program's own. */
    private static final Set<String> EXPRESSIONS = Set.of(
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
            "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
            "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
            "\\p{N}{1,3}",
            "[一-龥぀-ゟ゠-ヿ]+",
            "'s|[0-9]|[A-Za-z]+|[^\\s]");

    private static final Set<String> NORMALIZERS =
            Set.of("NFC", "NFD", "NFKC", "NFKD", "Lowercase", "Strip", "StripAccents", "Nmt", "BertNormalizer");
    private static final Set<String> PRE_TOKENIZERS = Set.of(
            "ByteLevel",
            "Whitespace",
            "WhitespaceSplit",
            "Metaspace",
            "BertPreTokenizer",
            "Digits",
            "Punctuation",
            "CharDelimiterSplit",
            "UnicodeScripts");
    private static final Set<String> DECODERS =
            Set.of("ByteLevel", "ByteFallback", "Fuse", "Metaspace", "WordPiece", "BPEDecoder");
    private static final Set<String> POST_PROCESSORS =
            Set.of("ByteLevel", "TemplateProcessing", "BertProcessing", "RobertaProcessing");

    private double growth = 1;

    private PlainParts() {}

    static boolean only(JsonNode tokenizer) {
        PlainParts parts = new PlainParts();
        return parts.plain(tokenizer.path("normalizer"), "normalizers", parts::normalizer, 0)
                && parts.plain(tokenizer.path("pre_tokenizer"), "pretokenizers", parts::preTokenizer, 0)
                && parts.plain(
                        tokenizer.path("post_processor"), "processors", part -> POST_PROCESSORS.contains(type(part)), 0)
                && decoder(tokenizer.path("decoder"))
                && model(tokenizer.path("model"))
                && parts.growth <= MAX_GROWTH;
    }

    /** The growth of a decoder is its own: it never meets the text of a prompt. */
    private static boolean decoder(JsonNode decoder) {
        PlainParts parts = new PlainParts();
        return parts.plain(decoder, "decoders", parts::decoderPart, 0) && parts.growth <= MAX_GROWTH;
    }

    private boolean plain(JsonNode part, String list, Predicate<JsonNode> known, int depth) {
        if (part.isMissingNode() || part.isNull()) {
            return true;
        }
        if (!type(part).equals("Sequence")) {
            return known.test(part);
        }
        if (depth == MAX_NESTED || !part.path(list).isArray()) {
            return false;
        }
        for (JsonNode inner : part.path(list)) {
            if (!plain(inner, list, known, depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private boolean normalizer(JsonNode part) {
        return switch (type(part)) {
            case "Replace" -> replaces(part);
            case "Prepend" -> part.path("prepend").asText().length() <= MAX_GROWTH;
            default -> NORMALIZERS.contains(type(part));
        };
    }

    private boolean preTokenizer(JsonNode part) {
        return type(part).equals("Split")
                ? literal(part) || EXPRESSIONS.contains(expression(part))
                : PRE_TOKENIZERS.contains(type(part));
    }

    private boolean decoderPart(JsonNode part) {
        return switch (type(part)) {
            case "Replace" -> replaces(part);
            case "Strip" ->
                part.path("content").asText().length() == 1
                        && part.path("start").asInt() <= 1
                        && part.path("stop").asInt() <= 1;
            default -> DECODERS.contains(type(part));
        };
    }

    /** A literal text by another that is not much longer. */
    private boolean replaces(JsonNode part) {
        String pattern = part.path("pattern").path("String").asText();
        growth *= Math.max(1, (double) part.path("content").asText().length() / Math.max(1, pattern.length()));
        return literal(part);
    }

    private static boolean literal(JsonNode part) {
        return !part.path("pattern").path("String").asText().isEmpty();
    }

    private static String expression(JsonNode part) {
        return part.path("pattern").path("Regex").asText();
    }

    private static boolean model(JsonNode model) {
        return switch (type(model)) {
            case "WordLevel" -> true;
            case "BPE" -> model.path("continuing_subword_prefix").asText("").isEmpty();
            case "WordPiece" -> model.path("max_input_chars_per_word").asInt(MAX_WORD) <= MAX_WORD;
            case "Unigram" -> shortPieces(model.path("vocab"));
            default -> false;
        };
    }

    private static boolean shortPieces(JsonNode vocab) {
        for (JsonNode piece : vocab) {
            boolean sane = Math.abs(piece.path(1).asDouble()) <= MAX_SCORE;
            if (!sane || piece.path(0).asText().length() > MAX_PIECE) {
                return false;
            }
        }
        return true;
    }

    private static String type(JsonNode part) {
        return part.path("type").asText();
    }
}
