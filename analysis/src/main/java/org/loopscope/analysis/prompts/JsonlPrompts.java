package org.loopscope.analysis.prompts;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.loopscope.model.LoopscopeException;

/** Reads prompts from JSONL: an object a line, blank lines skipped. */
final class JsonlPrompts {
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);

    private final PromptFields fields;
    private long line;

    JsonlPrompts(String name) {
        this.fields = new PromptFields(name);
    }

    PromptSet read(Reader reader) throws IOException, LoopscopeException {
        BufferedReader lines = new BufferedReader(reader);
        for (String text = lines.readLine(); text != null; text = lines.readLine()) {
            line++;
            String json = line == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text; // byte order mark
            if (!json.isBlank()) {
                add(parse(json));
            }
        }
        return fields.set();
    }

    private JsonNode parse(String json) throws LoopscopeException {
        JsonNode node;
        try {
            node = JSON.readValue(json);
        } catch (JsonProcessingException e) {
            throw new LoopscopeException(
                    fields.problem(line, "expected one JSON object, found " + e.getOriginalMessage())
                            .getMessage(),
                    e);
        }
        if (!node.isObject()) {
            throw fields.problem(line, "expected one JSON object, found " + kind(node));
        }
        return node;
    }

    private void add(JsonNode object) throws LoopscopeException {
        object.fieldNames().forEachRemaining(fields::seen);
        if (!object.has(PromptFields.PROMPT)) {
            throw fields.problem(line, "expected a field \"prompt\", found none");
        }
        fields.add(
                line,
                text(object, PromptFields.PROMPT).orElse(""),
                text(object, PromptFields.ANSWER),
                choices(object),
                text(object, PromptFields.LABEL),
                text(object, PromptFields.GROUP));
    }

    /** Strings as they are; numbers and truth values as written, since answers and labels often are. */
    private Optional<String> text(JsonNode object, String field) throws LoopscopeException {
        JsonNode value = object.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isValueNode()) {
            throw fields.problem(line, "expected text in the field \"" + field + "\", found " + kind(value));
        }
        return Optional.of(value.asText());
    }

    private List<String> choices(JsonNode object) throws LoopscopeException {
        JsonNode value = object.path(PromptFields.CHOICES);
        List<String> choices = new ArrayList<>();
        if (value.isMissingNode() || value.isNull()) {
            return choices;
        }
        if (!value.isArray()) {
            throw fields.problem(line, "expected an array in the field \"choices\", found " + kind(value));
        }
        for (JsonNode choice : value) {
            if (!choice.isValueNode() || choice.isNull()) {
                throw fields.problem(line, "expected texts in the field \"choices\", found " + kind(choice));
            }
            choices.add(choice.asText());
        }
        return choices;
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            default -> "a " + node.getNodeType().name().toLowerCase(Locale.ROOT);
        };
    }
}
