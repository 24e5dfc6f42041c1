package org.loopscope.analysis.patch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.base.InputFile;

/**
 * Reads pairs for patching: JSONL, an object a line with {@code prompt} (the clean one), {@code answer}, {@code
 * corrupted}, and if known {@code corrupted_answer} and {@code group}. Other fields are not read.
 */
public final class PatchPairs {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String name;
    private long line;

    private PatchPairs(String name) {
        this.name = name;
    }

    /**
     * The pairs of a file, at least one.
     *
     * @throws LoopscopeException naming file, line, what was expected and found
     */
    public static List<PatchPair> read(Path file) throws LoopscopeException {
        try (BufferedReader lines = InputFile.reader(file, "a set of prompt pairs")) {
            return read(lines, file.toString());
        } catch (IOException e) {
            throw InputFile.unreadable(file, e);
        }
    }

    /** The same; {@code name} stands for the file in messages. */
    public static List<PatchPair> read(BufferedReader lines, String name) throws LoopscopeException {
        try {
            return new PatchPairs(name).read(lines);
        } catch (CharacterCodingException e) {
            throw new LoopscopeException(name + ": expected text in UTF-8, found other bytes.", e);
        } catch (IOException e) {
            throw new LoopscopeException(name + ": cannot be read (" + e.getMessage() + ").", e);
        }
    }

    private List<PatchPair> read(BufferedReader lines) throws IOException, LoopscopeException {
        List<PatchPair> pairs = new ArrayList<>();
        for (String text = lines.readLine(); text != null; text = lines.readLine()) {
            line++;
            if (!text.isBlank()) {
                pairs.add(pair(text));
            }
        }
        if (pairs.isEmpty()) {
            throw new LoopscopeException(name + ": expected at least one pair of prompts, found none.");
        }
        return List.copyOf(pairs);
    }

    private PatchPair pair(String text) throws LoopscopeException {
        JsonNode node;
        try {
            node = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw problem("expected one JSON object, found " + e.getOriginalMessage());
        }
        if (!node.isObject()) {
            throw problem("expected one JSON object, found something else");
        }
        return new PatchPair(
                required(node, "prompt"),
                required(node, "corrupted"),
                required(node, "answer"),
                optional(node, "corrupted_answer"),
                optional(node, "group"));
    }

    private String required(JsonNode node, String field) throws LoopscopeException {
        return optional(node, field)
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> problem("expected text in the field \"" + field + "\", found none"));
    }

    private Optional<String> optional(JsonNode node, String field) throws LoopscopeException {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isValueNode()) {
            throw problem("expected text in the field \"" + field + "\", found an array or object");
        }
        return Optional.of(value.asText());
    }

    private LoopscopeException problem(String expectedAndFound) {
        return new LoopscopeException(name + ", line " + line + ": " + expectedAndFound + ".");
    }
}
