package org.loopscope.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Texts that provoke what a tokenizer.json may hold: ordinary ones in several scripts, what is hard in Unicode, long runs of
 * every character that the file's own rules name, and its added tokens.
 */
final class TrialTexts {
    private static final int RUN = 3000;
    private static final int SHORT_RUN =
            48; // where time doubles with each character, long enough; where it does not, quick
    private static final int MAX_LETTERS = 80;
    private static final int MAX_ADDED = 400;
    private static final String LETTERS = "aA1 ._-'!\n\t\r\u00a0é中ا▁Ġ\u0301🙂";
    private static final List<String> ORDINARY = List.of(
            "",
            " ",
            "  ",
            "\n",
            "\t\r\n \u00a0\u3000",
            "a",
            "The answer is 12 + 30 = 42. It's John's, they've said; we'll see…\nNaïve café, Ünïcödé!",
            "def f(x):\n    return {\"a\": [1, 2.5e-3], 'b': x**2}  # 100 %\n\n\n",
            "你好，世界。日本語のテキストと한국어 문장.",
            "Привет, мир! Γειά σου Κόσμε. नमस्ते दुनिया สวัสดีชาวโลก",
            "مرحبا بالعالم 123 שלום עולם \u200f\u202eabc\u202c",
            "👩‍👩‍👧‍👦 🇨🇭 👍🏽 ☃\ufe0f e\u0301\u0302\u0303 \u1112\u1161\u11ab ﷺ ﬁ ½ ① Ａ",
            "\u0000\u0001\u001b\u007f\u0085\u2028\u2029\u200b\ufeff\ufffd\uffff\ue000",
            "x".repeat(RUN) + " " + "ab ".repeat(RUN) + "1234567890".repeat(RUN / 10));

    private TrialTexts() {}

    static List<String> of(JsonNode tokenizer) {
        List<String> texts = new ArrayList<>(ORDINARY);
        for (String letter : letters(tokenizer)) {
            texts.add(letter);
            texts.add(letter.repeat(SHORT_RUN));
            texts.add(letter.repeat(SHORT_RUN) + "!\n");
        }
        texts.add(letters(tokenizer).stream()
                .map(letter -> letter.repeat(RUN) + "ж")
                .collect(Collectors.joining()));
        for (String literal : literals(tokenizer)) {
            texts.add(literal);
            texts.add(literal.repeat(Math.max(2, Math.min(RUN, RUN / Math.max(1, literal.length())))));
        }
        List<String> added = added(tokenizer);
        added.stream().limit(SHORT_RUN).forEach(texts::add);
        texts.add(String.join("", added));
        texts.add(String.join(" a ", added));
        return texts;
    }

    /** Single characters to make runs of: those of {@value #LETTERS}, and those that the file's rules name. */
    private static Set<String> letters(JsonNode tokenizer) {
        Set<String> letters = new LinkedHashSet<>();
        (LETTERS + String.join("", literals(tokenizer)))
                .codePoints()
                .limit(10L * MAX_LETTERS)
                .mapToObj(Character::toString)
                .filter(letter -> !Character.isSurrogate(letter.charAt(0)) || letter.length() == 2)
                .forEach(letter -> {
                    if (letters.size() < MAX_LETTERS) {
                        letters.add(letter);
                    }
                });
        return letters;
    }

    private static Set<String> literals(JsonNode tokenizer) {
        Set<String> literals = new LinkedHashSet<>();
        for (String part : List.of("normalizer", "pre_tokenizer", "decoder")) {
            collect(tokenizer.path(part), literals);
        }
        return literals;
    }

    /** Texts of rules; the names of types and long tables are none. */
    private static void collect(JsonNode node, Set<String> literals) {
        node.properties().forEach(field -> {
            String text = field.getValue().asText();
            if (!field.getKey().equals("type") && !field.getKey().equals("precompiled_charsmap")) {
                if (field.getValue().isTextual() && !text.isEmpty() && text.length() <= RUN) {
                    literals.add(text);
                }
                collect(field.getValue(), literals);
            }
        });
        if (node.isArray()) {
            node.forEach(child -> collect(child, literals));
        }
    }

    private static List<String> added(JsonNode tokenizer) {
        List<String> added = new ArrayList<>();
        for (JsonNode token : tokenizer.path("added_tokens")) {
            String content = token.path("content").asText();
            if (added.size() < MAX_ADDED && content.length() <= RUN) {
                added.add(content);
            }
        }
        return added;
    }
}
