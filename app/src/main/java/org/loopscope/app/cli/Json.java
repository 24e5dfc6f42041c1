package org.loopscope.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.base.ForeignText;

/** JSON for programs: UTF-8, numbers in full, {@code null} for a number that is not finite. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** Values by key, lists of them, and maps in maps. */
    static JsonNode tree(Map<String, @Nullable Object> values) {
        return MAPPER.valueToTree(values);
    }

    static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    static void put(ObjectNode object, String key, double number) {
        if (Double.isFinite(number)) {
            object.put(key, number);
        } else {
            object.putNull(key);
        }
    }

    /** Numbers 0..count-1 of {@code numbers}. */
    static ArrayNode numbers(int count, IntToDoubleFunction numbers) {
        ArrayNode array = array();
        for (int i = 0; i < count; i++) {
            double number = numbers.applyAsDouble(i);
            if (Double.isFinite(number)) {
                array.add(number);
            } else {
                array.addNull();
            }
        }
        return array;
    }

    static ArrayNode integers(int... integers) {
        ArrayNode array = array();
        for (int i : integers) {
            array.add(i);
        }
        return array;
    }

    static ArrayNode texts(Iterable<String> texts) {
        ArrayNode array = array();
        texts.forEach(array::add);
        return array;
    }

    static String write(JsonNode node) {
        try {
            return escaped(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(node));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // trees of plain values always can be written
        }
    }

    /**
     * The same JSON with everything that cannot be seen as {@code \}{@code uXXXX}: the library escapes only what the
     * standard asks for, and U+009B or U+202E drive a terminal too. Beyond ASCII there are only texts, so no syntax is met.
     */
    private static String escaped(String json) {
        StringBuilder out = new StringBuilder(json.length());
        json.codePoints().forEach(c -> {
            if (c >= 0x7F && ForeignText.isInvisible(c)) {
                for (char half : Character.toChars(c)) {
                    out.append(String.format(Locale.ROOT, "\\u%04x", (int) half));
                }
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.toString();
    }
}
