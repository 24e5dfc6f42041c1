package org.loopscope.model.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.Optional;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.InputFile;
import org.loopscope.model.base.JsonProblem;
import org.loopscope.model.base.LoopscopeException;

/**
 * The fields of one JSON file, read with errors that name file, key, expected and found. As Python writes and reads them:
 * with {@code NaN} and {@code Infinity}, and of a key that is there twice the last value counts.
 */
public final class JsonFields {
    private static final int SHOWN_CHARACTERS = 80;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final ObjectReader ONCE = JSON.reader().with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);

    private final String file;
    private final JsonNode root;
    private final Optional<String> warning;

    private JsonFields(String file, JsonNode root, Optional<String> warning) {
        this.file = file;
        this.root = root;
        this.warning = warning;
    }

    /** @param expected what should be there, such as {@code a configuration} */
    static JsonFields read(Path path, String expected, long maxBytes) throws LoopscopeException {
        String name = ForeignText.shown(String.valueOf(path.getFileName()));
        return parse(InputFile.bytes(path, expected, maxBytes), name);
    }

    /** @param file name of the file that these bytes are, for sentences */
    static JsonFields parse(byte[] bytes, String file) throws LoopscopeException {
        String text = InputFile.text(bytes, file);
        Optional<String> instead = StandIn.of(text);
        if (instead.isPresent()) {
            throw new LoopscopeException(file + ": expected JSON, found " + instead.get() + ".");
        }
        try {
            return of(file, ONCE.readTree(text), Optional.empty());
        } catch (JsonProcessingException e) {
            return withDoubleKeys(file, text, e);
        }
    }

    /** The text again where all that was wrong with it is a key that stands there twice. */
    private static JsonFields withDoubleKeys(String file, String text, JsonProcessingException first)
            throws LoopscopeException {
        try {
            JsonNode root = JSON.readTree(text);
            return of(
                    file,
                    root,
                    Optional.of(file + ": expected every key once, found " + JsonProblem.found(first)
                            + "; the last value is taken."));
        } catch (JsonProcessingException e) {
            throw new LoopscopeException(file + ": expected JSON, found " + JsonProblem.found(e) + ".", e);
        }
    }

    private static JsonFields of(String file, JsonNode root, Optional<String> warning) throws LoopscopeException {
        if (!root.isObject()) {
            throw new LoopscopeException(file + ": expected a JSON object, found " + shown(root) + ".");
        }
        return new JsonFields(file, root, warning);
    }

    /** Name of the file, as sentences show it. */
    String file() {
        return file;
    }

    /** What the user should know about the file as a whole. */
    Optional<String> warning() {
        return warning;
    }

    /** The value, or a missing node also for null: Python writes None for what is not set. */
    public JsonNode get(String key) {
        JsonNode node = root.path(key);
        return node.isNull() ? root.path("") : node;
    }

    /** Whether the key has a value that is not null. */
    public boolean has(String key) {
        return !get(key).isMissingNode();
    }

    /** A whole number within a range, else refused. */
    public int integer(String key, int min, int max) throws LoopscopeException {
        JsonNode node = get(key);
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.asInt() < min || node.asInt() > max) {
            throw refused(key, "a whole number from " + min + " to " + max);
        }
        return node.asInt();
    }

    /** A finite number above 0, else refused. */
    public double positive(String key) throws LoopscopeException {
        return positive(key, root.path(key));
    }

    /** @param place of the value in the file, such as {@code rope_parameters.rope_theta} */
    double positive(String place, JsonNode node) throws LoopscopeException {
        double value = node.asDouble(Double.NaN);
        if (!node.isNumber() || !(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw refused(place, "a number above 0", node);
        }
        return value;
    }

    /** A JSON boolean; {@code absent} when the key is missing. */
    public boolean bool(String key, boolean absent) throws LoopscopeException {
        if (has(key) && !get(key).isBoolean()) {
            throw refused(key, "true or false");
        }
        return get(key).asBoolean(absent);
    }

    /** The sentence for a value that is not what is expected. */
    public LoopscopeException refused(String key, String expected) {
        return refused(key, expected, root.path(key));
    }

    LoopscopeException refused(String place, String expected, JsonNode found) {
        return new LoopscopeException(
                file + ": " + ForeignText.shown(place) + ": expected " + expected + ", found " + shown(found) + ".");
    }

    /** A value as an error shows it, not too long. */
    static String shown(JsonNode node) {
        if (node.isMissingNode()) {
            return "none";
        }
        return ForeignText.shown(node.isFloatingPointNumber() ? node.asText() : node.toString(), SHOWN_CHARACTERS);
    }
}
