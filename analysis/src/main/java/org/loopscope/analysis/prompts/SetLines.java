package org.loopscope.analysis.prompts;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.Reader;
import java.util.Locale;
import java.util.Optional;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.JsonProblem;
import org.loopscope.model.base.LoopscopeException;

/** The lines of a set, blank ones skipped, and the objects of JSONL in them. What is wrong is said with file and line. */
public final class SetLines {
    /** Characters of a line, or of a cell of CSV, at most: a hundred times the longest context of today. */
    public static final int LONGEST = 1_000_000;

    private static final int NAME_SHOWN = 120;
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);

    private final Reader in;
    private final String name;
    private final char[] buffer = new char[1 << 13];
    private int at;
    private int filled;
    private boolean afterReturn;
    private long line;
    private String text = "";

    /** @param name of the file, for sentences */
    public SetLines(Reader in, String name) {
        this.in = in;
        this.name = shown(name);
    }

    /** The name of a set as it may stand in a sentence. */
    public static String shown(String name) {
        return ForeignText.shown(name, NAME_SHOWN);
    }

    /**
     * Goes to the next line that is not blank.
     *
     * @return whether there is one
     * @throws LoopscopeException if it is too long
     */
    public boolean next() throws IOException, LoopscopeException {
        while (nextLine()) {
            if (!text.isBlank()) {
                return true;
            }
        }
        return false;
    }

    /** Goes to the next line, blank or not. */
    public boolean nextLine() throws IOException, LoopscopeException {
        StringBuilder out = new StringBuilder();
        boolean any = false;
        line++;
        while (at < filled || fill()) {
            char c = buffer[at++];
            boolean second = afterReturn && c == '\n'; // of an end that was counted
            afterReturn = false;
            if (second) {
                continue;
            }
            any = true;
            if (c == '\n' || c == '\r') {
                afterReturn = c == '\r';
                break;
            }
            if (out.length() == LONGEST) {
                throw problem("expected at most " + LONGEST + " characters, found more");
            }
            out.append(c);
        }
        text = out.toString();
        return any;
    }

    private boolean fill() throws IOException {
        at = 0;
        filled = Math.max(0, in.read(buffer));
        return filled > 0;
    }

    /** The line as a JSON object. */
    public JsonNode object() throws LoopscopeException {
        JsonNode node;
        try {
            node = JSON.readValue(text);
        } catch (JsonProcessingException e) {
            throw problem("expected one JSON object, found " + JsonProblem.foundInLine(e), e);
        }
        if (!node.isObject()) {
            throw problem("expected one JSON object, found " + kind(node));
        }
        return node;
    }

    /** A field's text; numbers and truth values as written, since answers and labels often are. Empty if there is none. */
    public Optional<String> text(JsonNode object, String field) throws LoopscopeException {
        JsonNode value = object.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isValueNode()) {
            throw problem("expected text in the field \"" + field + "\", found " + kind(value));
        }
        return Optional.of(value.asText());
    }

    /** A field's text that must be there. */
    public String required(JsonNode object, String field) throws LoopscopeException {
        return text(object, field)
                .filter(found -> !found.isBlank())
                .orElseThrow(() -> problem("expected text in the field \"" + field + "\", found none"));
    }

    /** What a value is, {@code an array}. */
    static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            default -> "a " + node.getNodeType().name().toLowerCase(Locale.ROOT);
        };
    }

    /** The sentence for this line. */
    public LoopscopeException problem(String expectedAndFound) {
        return new LoopscopeException(name + ", line " + line + ": " + expectedAndFound + ".");
    }

    private LoopscopeException problem(String expectedAndFound, Exception cause) {
        return new LoopscopeException(name + ", line " + line + ": " + expectedAndFound + ".", cause);
    }

    /** The line's number, from 1. */
    long line() {
        return line;
    }
}
