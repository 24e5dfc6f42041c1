package org.loopscope.model.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.loopscope.model.base.LoopscopeException;

/** Texts that Python's Jinja made, by {@code templates/make.py}; equal to the last character. */
class TemplateGoldenTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final LocalDateTime NOW = LocalDateTime.of(2026, 12, 1, 9, 5, 7);

    private static JsonNode golden() throws IOException {
        try (InputStream in = TemplateGoldenTest.class.getResourceAsStream("/templates/golden.json")) {
            return JSON.readTree(Objects.requireNonNull(in));
        }
    }

    private static void assertRendered(JsonNode expected, String template, Map<String, ?> values) throws Exception {
        if (expected.has("refused")) {
            assertThrows(LoopscopeException.class, () -> Template.parse("t", template)
                    .render(values, NOW));
        } else {
            assertEquals(
                    expected.path("text").asText(),
                    Template.parse("t", template).render(values, NOW));
        }
    }

    static Stream<JsonNode> snippets() throws IOException {
        List<JsonNode> snippets = new ArrayList<>();
        golden().path("snippets").forEach(snippets::add);
        return snippets.stream();
    }

    @ParameterizedTest
    @MethodSource("snippets")
    void theLanguageIsThatOfPython(JsonNode snippet) throws Exception {
        assertRendered(snippet, snippet.path("template").asText(), Map.of());
    }

    static Stream<JsonNode> chats() throws IOException {
        List<JsonNode> chats = new ArrayList<>();
        golden().path("chats").forEach(chats::add);
        return chats.stream();
    }

    @ParameterizedTest
    @MethodSource("chats")
    void templatesOfEveryPublishedKindGiveTheSameText(JsonNode chat) throws Exception {
        JsonNode conversations = golden().path("conversations");
        for (int i = 0; i < conversations.size(); i++) {
            Map<String, Object> values =
                    JSON.convertValue(conversations.get(i), new TypeReference<Map<String, Object>>() {});
            values.put("bos_token", "<s>");
            values.put("eos_token", "</s>");
            values.put("tools", null);
            values.put("documents", null);
            assertRendered(chat.path("rendered").get(i), chat.path("template").asText(), values);
        }
    }
}
