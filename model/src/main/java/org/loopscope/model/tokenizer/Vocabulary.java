package org.loopscope.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The pieces of a tokenizer.json by id, which the native binding does not give. */
final class Vocabulary {
    private final Map<Integer, String> pieces;
    private final Map<Integer, String> added;
    private final Set<Integer> special;
    private final Map<String, Integer> ids = new HashMap<>();
    private final PieceText pieceText;

    private Vocabulary(
            Map<Integer, String> pieces, Map<Integer, String> added, Set<Integer> special, PieceText pieceText) {
        this.pieces = pieces;
        this.added = added;
        this.special = special;
        this.pieceText = pieceText;
        pieces.forEach((id, piece) -> ids.put(piece, id));
        added.forEach((id, piece) -> ids.put(piece, id));
    }

    static Vocabulary of(JsonNode tokenizer) {
        Map<Integer, String> added = new HashMap<>();
        Set<Integer> special = new HashSet<>();
        for (JsonNode token : tokenizer.path("added_tokens")) {
            JsonNode id = token.path("id");
            if (id.canConvertToInt()) {
                added.put(id.asInt(), token.path("content").asText());
                if (token.path("special").asBoolean()) {
                    special.add(id.asInt());
                }
            }
        }
        return new Vocabulary(pieces(tokenizer.path("model").path("vocab")), added, special, PieceText.of(tokenizer));
    }

    /** Word and BPE vocabularies map pieces to ids; a unigram vocabulary is a list of pieces with scores. */
    private static Map<Integer, String> pieces(JsonNode vocab) {
        Map<Integer, String> pieces = new HashMap<>();
        if (vocab.isArray()) {
            for (int id = 0; id < vocab.size(); id++) {
                pieces.put(id, vocab.get(id).path(0).asText());
            }
        }
        vocab.properties().forEach(entry -> {
            if (entry.getValue().canConvertToInt()) { // a larger one can be no id of a model
                pieces.put(entry.getValue().asInt(), entry.getKey());
            }
        });
        return pieces;
    }

    PieceText pieceText() {
        return pieceText;
    }

    /** Whether every text has tokens: each byte is a piece. */
    boolean coversAllBytes() {
        for (int b = 0; b < 0x100; b++) {
            String piece =
                    pieceText.isByteLevel() ? PieceText.byteCharacter(b) : String.format(Locale.ROOT, "<0x%02X>", b);
            if (!ids.containsKey(piece)) {
                return false;
            }
        }
        return pieceText.isByteLevel() || pieceText.hasLoneBytes();
    }

    boolean isAdded(long id) {
        return id <= Integer.MAX_VALUE && added.containsKey((int) id);
    }

    boolean holds(int id) {
        return pieces.containsKey(id) || added.containsKey(id);
    }

    /** Up to {@code most} ids, those of added tokens first. */
    long[] someIds(long most) {
        return LongStream.concat(
                        added.keySet().stream().mapToLong(id -> id),
                        pieces.keySet().stream().mapToLong(id -> id).filter(id -> !isAdded(id)))
                .limit(most)
                .toArray();
    }

    OptionalInt id(String piece) {
        @Nullable Integer id = ids.get(piece);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** How one id is shown: special tokens as they are written, others as the text they stand for. */
    String text(int id) {
        @Nullable String token = added.get(id);
        if (token != null) {
            return special.contains(id) ? token : pieceText.ofAdded(token);
        }
        @Nullable String piece = pieces.get(id);
        return piece == null ? "#" + id : pieceText.of(piece);
    }
}
