package org.loopscope.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;

/**
 * Finds the word of a text that a vocabulary does not have. Some kinds of tokenizer fail at one without saying where: then
 * the text is cut into words by the file's own rules and each is tried. BPE without an entry for unknown words drops them
 * without a word of its own: there, characters that no token stands for are looked for.
 */
final class UnknownWords {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ANY = "?";

    private final JsonNode root;
    private final Vocabulary vocabulary;
    private final Opener opener;
    private final boolean drops;
    private final boolean inPieces; // not whole words
    private final boolean byteLevel;
    private final Set<Integer> delimiters = new HashSet<>();
    private final Set<Integer> written = ConcurrentHashMap.newKeySet(); // characters that were found to have tokens
    private @Nullable Engine words;

    /** Opens a tokenizer as the one in use was opened. */
    @FunctionalInterface
    interface Opener {
        Engine open(String json) throws LoopscopeException;
    }

    UnknownWords(JsonNode root, Vocabulary vocabulary, Opener opener) {
        this.root = root;
        this.vocabulary = vocabulary;
        this.opener = opener;
        JsonNode model = root.path("model");
        boolean bpe = model.path("type").asText("BPE").equals("BPE");
        this.byteLevel = vocabulary.pieceText().isByteLevel();
        this.inPieces = bpe || model.path("type").asText().equals("Unigram");
        this.drops = bpe && !model.path("unk_token").isTextual() && !vocabulary.coversAllBytes();
        collectDelimiters(root.path("pre_tokenizer"));
    }

    /** Whether the tokenizer leaves out what it does not know, so that its spans are needed. */
    boolean mayDrop() {
        return drops;
    }

    /** The sentence for a text at which the tokenizer failed, if a word of it is the reason. */
    Optional<LoopscopeException> inFailed(String text, Engine engine) throws LoopscopeException {
        int[] spans;
        try {
            spans = words().encode(text, true).spans();
        } catch (LoopscopeException e) {
            return Optional.empty();
        }
        Set<String> tried = new HashSet<>();
        for (int i = 0; i < spans.length; i += 2) {
            String word = codePoints(text, spans[i], spans[i + 1]);
            if (!word.isEmpty() && tried.add(word) && !canWrite(engine, word)) {
                return Optional.of(unknown(inPieces ? firstUnknown(word, engine) : word));
            }
        }
        return Optional.empty();
    }

    /** Of a word that is cut into pieces, the first character that is in none. */
    private static String firstUnknown(String word, Engine engine) throws LoopscopeException {
        for (int point : word.codePoints().distinct().toArray()) {
            if (!canWrite(engine, Character.toString(point))) {
                return Character.toString(point);
            }
        }
        return word;
    }

    private static boolean canWrite(Engine engine, String word) throws LoopscopeException {
        try {
            engine.encode(word, false);
            return true;
        } catch (Engine.NoTokensException e) {
            return false;
        }
    }

    /** A tokenizer of ours that cuts words as the file does and gives each one and the same token. */
    private synchronized Engine words() throws LoopscopeException {
        if (words == null) {
            ObjectNode cuts = JSON.createObjectNode().put("version", "1.0");
            cuts.set(
                    "added_tokens",
                    root.path("added_tokens").isArray() ? root.path("added_tokens") : JSON.createArrayNode());
            cuts.set("normalizer", root.path("normalizer").isObject() ? root.path("normalizer") : null);
            cuts.set("pre_tokenizer", root.path("pre_tokenizer").isObject() ? root.path("pre_tokenizer") : null);
            ObjectNode model = cuts.putObject("model").put("type", "WordLevel").put("unk_token", ANY);
            model.putObject("vocab").put(ANY, 0);
            words = opener.open(cuts.toString());
        }
        return words;
    }

    /** The sentence for the first character that the tokenizer left out, though the file's rules leave it in. */
    Optional<LoopscopeException> inDropped(String text, Engine.Encoded encoded, Engine engine)
            throws LoopscopeException {
        int[] points = text.codePoints().toArray();
        boolean[] added = new boolean[points.length];
        int[] spans = encoded.spans();
        long[] ids = encoded.ids();
        for (int i = 0; i < ids.length; i++) {
            if (vocabulary.isAdded(ids[i])) { // only of these are the spans right where something was left out
                Arrays.fill(added, spans[2 * i], Math.min(spans[2 * i + 1], points.length), true);
            }
        }
        for (int p = 0; p < points.length; p++) {
            if (!added[p] && isUnknown(points[p], engine)) {
                return Optional.of(unknown(Character.toString(points[p])));
            }
        }
        return Optional.empty();
    }

    private boolean isUnknown(int point, Engine engine) throws LoopscopeException {
        if (written.contains(point)) {
            return false;
        }
        boolean unknown = byteLevel ? lacksBytes(point) : !mayVanish(point) && isDropped(point, engine);
        if (!unknown) {
            written.add(point);
        }
        return unknown;
    }

    /** Once or twice makes no difference only to what is left out; a sign that is put before each text may be there. */
    private static boolean isDropped(int point, Engine engine) throws LoopscopeException {
        String once = Character.toString(point);
        return Arrays.equals(
                engine.encode(once, false).ids(),
                engine.encode(once + once, false).ids());
    }

    /** Whether a byte of the character is no piece. */
    private boolean lacksBytes(int point) {
        String character = Normalizer.normalize(Character.toString(point), Normalizer.Form.NFC);
        for (byte b : character.getBytes(StandardCharsets.UTF_8)) {
            if (vocabulary.id(PieceText.byteCharacter(b & 0xFF)).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private boolean mayVanish(int point) {
        if (delimiters.contains(point)) {
            return true;
        }
        boolean rules =
                root.path("normalizer").isObject() || root.path("pre_tokenizer").isObject();
        return rules
                && (Character.isWhitespace(point)
                        || Character.isSpaceChar(point)
                        || ForeignText.isInvisible(point)
                        || Character.getType(point) == Character.NON_SPACING_MARK);
    }

    /** Characters at which a rule cuts and which it takes away. */
    private void collectDelimiters(JsonNode rule) {
        rule.path("delimiter").asText().codePoints().forEach(delimiters::add);
        if (rule.path("behavior").asText().equals("Removed")) {
            rule.path("pattern").path("String").asText().codePoints().forEach(delimiters::add);
            addMatches(rule.path("pattern").path("Regex").asText());
        }
        rule.path("pretokenizers").forEach(this::collectDelimiters);
    }

    /** Of an expression, the single characters of Latin-1 that it takes away. */
    private void addMatches(String expression) {
        try {
            Pattern pattern = Pattern.compile(expression);
            for (int c = 0; c < 0x100 && !expression.isEmpty(); c++) {
                if (pattern.matcher(Character.toString(c)).matches()) {
                    delimiters.add(c);
                }
            }
        } catch (PatternSyntaxException e) {
            // written for another library; what it takes away is then told as unknown
        }
    }

    private static LoopscopeException unknown(String word) {
        return new LoopscopeException(
                "The word " + ForeignText.quoted(word) + " is not in the vocabulary of this model.");
    }

    private static String codePoints(String text, int from, int to) {
        int start = text.offsetByCodePoints(0, from);
        return text.substring(start, text.offsetByCodePoints(start, to - from));
    }
}
