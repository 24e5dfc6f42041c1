package org.loopscope.model.tokenizer;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.loopscope.model.base.LoopscopeException;

/**
 * A tokenizer.json, run by the Hugging Face tokenizers library. Nothing is fetched; text is never cut nor padded. A file
 * that was not seen before is tried in a process of its own, and one that is not made of well-known parts stays there
 * (docs/decisions/0010). Safe to use from several threads.
 */
public final class HuggingFaceTokenizer implements Tokenizer {
    /** The longest text that is encoded, in characters; the library takes some hundred bytes for each. */
    public static final int MAX_CHARACTERS = 1_000_000;

    private final Engine engine;
    private final Vocabulary vocabulary;
    private final UnknownWords unknownWords;
    private final AddedTokens addedTokens;

    private HuggingFaceTokenizer(
            Engine engine, Vocabulary vocabulary, UnknownWords unknownWords, AddedTokens addedTokens) {
        this.engine = engine;
        this.vocabulary = vocabulary;
        this.unknownWords = unknownWords;
        this.addedTokens = addedTokens;
    }

    /**
     * Loads {@code tokenizerJson}, and what tokenizer_config.json beside it says of special tokens.
     *
     * @throws LoopscopeException if a file is damaged or of a kind that the library does not know, if its trial ends badly,
     *     or if there is no native library for this machine
     */
    public static HuggingFaceTokenizer load(Path tokenizerJson) throws LoopscopeException {
        return load(tokenizerJson, KnownTokenizers.ofThisUser());
    }

    static HuggingFaceTokenizer load(Path tokenizerJson, KnownTokenizers known) throws LoopscopeException {
        TokenizerFile file = TokenizerFile.read(tokenizerJson);
        Vocabulary vocabulary = Vocabulary.of(file.root());
        AddedTokens added = SpecialTokens.of(file, folderOf(tokenizerJson), vocabulary);
        boolean inside = known.holds(file.hash()) && PlainParts.only(file.root());
        UnknownWords.Opener opener =
                inside ? json -> NativeEngine.open(json, file.name()) : json -> ServedEngine.open(json, file.name());
        Engine engine = opener.open(file.text());
        if (engine instanceof ServedEngine served && !known.holds(file.hash())) {
            Trial.run(file, served, vocabulary);
            known.remember(file.hash());
        }
        return new HuggingFaceTokenizer(engine, vocabulary, new UnknownWords(file.root(), vocabulary, opener), added);
    }

    private static Path folderOf(Path file) {
        return Objects.requireNonNullElse(file.toAbsolutePath().getParent(), file);
    }

    @Override
    public int[] encode(String text) throws LoopscopeException {
        String whole = wellFormed(text);
        if (whole.length() > MAX_CHARACTERS) {
            throw new LoopscopeException(
                    "Text: expected at most " + MAX_CHARACTERS + " characters, found " + whole.length() + ".");
        }
        Engine.Encoded encoded;
        try {
            encoded = engine.encode(whole, unknownWords.mayDrop());
        } catch (Engine.NoTokensException e) {
            throw unknownWords.inFailed(whole, engine).orElse(e);
        }
        if (unknownWords.mayDrop()) {
            Optional<LoopscopeException> dropped = unknownWords.inDropped(whole, encoded, engine);
            if (dropped.isPresent()) {
                throw dropped.get();
            }
        }
        return narrow(encoded.ids());
    }

    private static int[] narrow(long... ids) throws LoopscopeException {
        int[] narrow = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] > Integer.MAX_VALUE) {
                throw new LoopscopeException(
                        "Text: expected token ids of at most " + Integer.MAX_VALUE + ", found " + ids[i] + ".");
            }
            narrow[i] = (int) ids[i];
        }
        return narrow;
    }

    /** Whether the library runs in this process. */
    boolean inThisProcess() {
        return engine instanceof NativeEngine;
    }

    @Override
    public AddedTokens addedTokens() {
        return addedTokens;
    }

    @Override
    public Tokenizer withoutAddedTokens() {
        return new HuggingFaceTokenizer(engine, vocabulary, unknownWords, AddedTokens.NONE);
    }

    /** Half of a surrogate pair is no character and stops the native library; it becomes U+FFFD. */
    private static String wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_16LE), StandardCharsets.UTF_16LE);
    }

    @Override
    public String decode(int... ids) {
        long[] wide =
                Arrays.stream(ids).filter(vocabulary::holds).asLongStream().toArray();
        try {
            return engine.decode(wide);
        } catch (LoopscopeException e) { // then each by itself, as they are shown elsewhere
            return Arrays.stream(ids)
                    .filter(vocabulary::holds)
                    .mapToObj(vocabulary::text)
                    .collect(Collectors.joining());
        }
    }

    @Override
    public String tokenText(int id) {
        return vocabulary.text(id);
    }

    @Override
    public OptionalInt tokenId(String piece) {
        return vocabulary.id(piece);
    }

    @Override
    public boolean isAdded(int id) {
        return vocabulary.isAdded(id);
    }

    @Override
    public void close() {
        engine.close();
    }
}
