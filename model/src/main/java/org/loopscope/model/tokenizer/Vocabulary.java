package org.loopscope.model.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.LoopscopeException;

/**
 * The pieces of a tokenizer.json by id, which the native binding does not give, and the JSON that the binding is given.
 *
 * <p>A vocabulary without an entry for unknown words makes the native library fail without saying where. Such a
 * tokenizer gets one more entry, the stand-in, in memory only: text that encodes to it holds an unknown word.
 */
final class Vocabulary {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long MAX_FILE_BYTES = 256L << 20;
    private static final int NO_STAND_IN = -1;

    private final String json;
    private final Map<Integer, String> pieces;
    private final Map<Integer, String> added;
    private final Map<String, Integer> ids = new HashMap<>();
    private final PieceText pieceText;
    private final int standIn;

    private Vocabulary(
            String json, Map<Integer, String> pieces, Map<Integer, String> added, PieceText pieceText, int standIn) {
        this.json = json;
        this.pieces = pieces;
        this.added = added;
        this.pieceText = pieceText;
        this.standIn = standIn;
        pieces.forEach((id, piece) -> ids.put(piece, id));
        added.forEach((id, piece) -> ids.put(piece, id));
    }

    static Vocabulary read(Path file) throws LoopscopeException {
        String name = String.valueOf(file.getFileName());
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new LoopscopeException(
                        name + ": expected at most " + MAX_FILE_BYTES + " bytes, found " + Files.size(file) + ".");
            }
            JsonNode root = JSON.readTree(Files.readAllBytes(file));
            if (!(root instanceof ObjectNode tokenizer) || !(root.path("model") instanceof ObjectNode model)) {
                throw new LoopscopeException(name + ": expected a JSON object with a model, found none.");
            }
            return of(tokenizer, model);
        } catch (JsonProcessingException e) {
            throw new LoopscopeException(
                    name + ": expected JSON, found text that is none (" + e.getOriginalMessage() + ").", e);
        } catch (IOException e) {
            throw new LoopscopeException(name + ": could not be read (" + e + ").", e);
        }
    }

    private static Vocabulary of(ObjectNode tokenizer, ObjectNode model) throws JsonProcessingException {
        Map<Integer, String> pieces = pieces(model.path("vocab"));
        Map<Integer, String> added = new HashMap<>();
        for (JsonNode token : tokenizer.path("added_tokens")) {
            added.put(token.path("id").asInt(), token.path("content").asText());
        }
        PieceText text = PieceText.of(tokenizer);
        int standIn = NO_STAND_IN;
        if (needsStandIn(model, text, pieces, added)) {
            standIn = nextId(pieces, added);
            addStandIn(model, standIn);
        }
        return new Vocabulary(JSON.writeValueAsString(tokenizer), pieces, added, text, standIn);
    }

    /** Word and BPE vocabularies map pieces to ids; a unigram vocabulary is a list of pieces with scores. */
    private static Map<Integer, String> pieces(JsonNode vocab) {
        Map<Integer, String> pieces = new HashMap<>();
        if (vocab.isArray()) {
            for (int id = 0; id < vocab.size(); id++) {
                pieces.put(id, vocab.get(id).path(0).asText());
            }
        }
        vocab.properties().forEach(entry -> pieces.put(entry.getValue().asInt(), entry.getKey()));
        return pieces;
    }

    private static boolean needsStandIn(
            ObjectNode model, PieceText text, Map<Integer, String> pieces, Map<Integer, String> added) {
        if (!(model.path("vocab") instanceof ObjectNode)) {
            return false;
        }
        JsonNode unknown = model.path("unk_token");
        if (unknown.isTextual()) {
            return !pieces.containsValue(unknown.asText()) && !added.containsValue(unknown.asText());
        }
        return model.path("type").asText().equals("BPE") && !text.coversAllBytes(); // it would drop characters
    }

    private static int nextId(Map<Integer, String> pieces, Map<Integer, String> added) {
        int largest = -1;
        for (int id : pieces.keySet()) {
            largest = Math.max(largest, id);
        }
        for (int id : added.keySet()) {
            largest = Math.max(largest, id);
        }
        return largest + 1;
    }

    private static void addStandIn(ObjectNode model, int id) {
        String piece = model.path("unk_token").asText("<a word that is unknown>");
        model.put("unk_token", piece);
        ((ObjectNode) model.path("vocab")).put(piece, id);
    }

    /** What the native library is to load. */
    String json() {
        return json;
    }

    boolean isStandIn(long id) {
        return standIn != NO_STAND_IN && id == standIn;
    }

    boolean isAdded(long id) {
        return id <= Integer.MAX_VALUE && added.containsKey((int) id);
    }

    boolean holds(int id) {
        return pieces.containsKey(id) || added.containsKey(id);
    }

    OptionalInt id(String piece) {
        @Nullable Integer id = ids.get(piece);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** How one id is shown: added tokens as they are written, pieces as the text they stand for. */
    String text(int id) {
        @Nullable String token = added.get(id);
        if (token != null) {
            return token;
        }
        @Nullable String piece = pieces.get(id);
        return piece == null ? "#" + id : pieceText.of(piece);
    }
}
