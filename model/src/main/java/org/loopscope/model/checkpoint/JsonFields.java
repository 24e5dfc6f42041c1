package org.loopscope.model.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.loopscope.model.LoopscopeException;

/** The fields of one JSON file, read with errors that name file, key, expected and found. */
final class JsonFields {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int SHOWN_CHARACTERS = 80;

    private final String file;
    private final JsonNode root;

    private JsonFields(String file, JsonNode root) {
        this.file = file;
        this.root = root;
    }

    static JsonFields read(Path path, long maxBytes) throws LoopscopeException {
        String file = String.valueOf(path.getFileName());
        try {
            if (Files.size(path) > maxBytes) {
                throw new LoopscopeException(
                        file + ": expected at most " + maxBytes + " bytes, found " + Files.size(path) + ".");
            }
            JsonNode root = JSON.readTree(Files.readAllBytes(path));
            if (!root.isObject()) {
                throw new LoopscopeException(file + ": expected a JSON object, found " + shown(root) + ".");
            }
            return new JsonFields(file, root);
        } catch (JsonProcessingException e) {
            throw new LoopscopeException(
                    file + ": expected JSON, found text that is none (" + e.getOriginalMessage() + ").", e);
        } catch (IOException e) {
            throw new LoopscopeException(file + ": could not be read (" + SafetensorsFile.reason(e) + ").", e);
        }
    }

    String file() {
        return file;
    }

    /** The value, or a missing node also for null: Python writes None for what is not set. */
    JsonNode get(String key) {
        JsonNode node = root.path(key);
        return node.isNull() ? root.path("") : node;
    }

    boolean has(String key) {
        return !get(key).isMissingNode();
    }

    int integer(String key, int min, int max) throws LoopscopeException {
        JsonNode node = get(key);
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.asInt() < min || node.asInt() > max) {
            throw refused(key, "a whole number from " + min + " to " + max);
        }
        return node.asInt();
    }

    double positive(String key) throws LoopscopeException {
        JsonNode node = get(key);
        double value = node.asDouble(Double.NaN);
        if (!node.isNumber() || !(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw refused(key, "a number above 0");
        }
        return value;
    }

    /** A JSON boolean; {@code absent} when the key is missing. */
    boolean bool(String key, boolean absent) throws LoopscopeException {
        if (has(key) && !get(key).isBoolean()) {
            throw refused(key, "true or false");
        }
        return get(key).asBoolean(absent);
    }

    LoopscopeException refused(String key, String expected) {
        return new LoopscopeException(
                file + ": " + key + ": expected " + expected + ", found " + shown(root.path(key)) + ".");
    }

    /** A value as an error shows it, not too long. */
    static String shown(JsonNode node) {
        if (node.isMissingNode()) {
            return "none";
        }
        String text = node.toString();
        return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "…";
    }
}
