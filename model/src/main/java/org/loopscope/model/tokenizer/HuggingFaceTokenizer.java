package org.loopscope.model.tokenizer;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.Tokenizer;

/**
 * A tokenizer.json, run by the Hugging Face tokenizers library through the binding of the Deep Java Library. Nothing is
 * fetched; text is never cut, padded or given special tokens. Safe to use from several threads.
 */
public final class HuggingFaceTokenizer implements Tokenizer {
    private static final Map<String, String> PLAIN =
            Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

    private final ai.djl.huggingface.tokenizers.HuggingFaceTokenizer library;
    private final Vocabulary vocabulary;

    private HuggingFaceTokenizer(ai.djl.huggingface.tokenizers.HuggingFaceTokenizer library, Vocabulary vocabulary) {
        this.library = library;
        this.vocabulary = vocabulary;
    }

    /**
     * Loads {@code tokenizerJson}.
     *
     * @throws LoopscopeException if the file is damaged or of a kind that the library does not know, or if there is no
     *     native library for this machine
     */
    public static HuggingFaceTokenizer load(Path tokenizerJson) throws LoopscopeException {
        String file = String.valueOf(tokenizerJson.getFileName());
        Vocabulary vocabulary = Vocabulary.read(tokenizerJson);
        checkLibrary();
        try {
            byte[] json = vocabulary.json().getBytes(StandardCharsets.UTF_8);
            return new HuggingFaceTokenizer(
                    ai.djl.huggingface.tokenizers.HuggingFaceTokenizer.newInstance(
                            new ByteArrayInputStream(json), PLAIN),
                    vocabulary);
        } catch (IOException | RuntimeException e) {
            throw new LoopscopeException(
                    file + ": expected a Hugging Face tokenizer, found one that the tokenizer library refuses ("
                            + e.getMessage() + ").",
                    e);
        }
    }

    /** Binds the native library without the network, or says in a sentence that there is none. */
    private static void checkLibrary() throws LoopscopeException {
        if (System.getProperty("ai.djl.offline") == null) {
            System.setProperty("ai.djl.offline", "true"); // or the binding looks for CUDA builds on the network
        }
        try {
            LibUtils.checkStatus();
        } catch (LinkageError | RuntimeException e) {
            throw new LoopscopeException(
                    "The tokenizer library does not run on this machine (" + System.getProperty("os.name") + " "
                            + System.getProperty("os.arch")
                            + "): prompts cannot be typed as text, token ids still work.",
                    e);
        }
    }

    @Override
    public int[] encode(String text) throws LoopscopeException {
        Encoding encoding;
        try {
            encoding = library.encode(wellFormed(text), false, false);
        } catch (RuntimeException e) {
            throw new LoopscopeException("The tokenizer cannot express this text (" + e.getMessage() + ").", e);
        }
        long[] ids = encoding.getIds();
        for (int i = 0; i < ids.length; i++) {
            if (vocabulary.isStandIn(ids[i])) {
                throw unknownWord(text, encoding.getCharTokenSpans()[i]);
            }
        }
        return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
    }

    private static LoopscopeException unknownWord(String text, @Nullable CharSpan span) {
        String word = text;
        if (span != null) { // counted in code points
            int start = text.offsetByCodePoints(0, span.getStart());
            word = text.substring(start, text.offsetByCodePoints(start, span.getEnd() - span.getStart()));
        }
        return new LoopscopeException("The word \"" + word + "\" is not in the vocabulary of this model.");
    }

    /** Half of a surrogate pair is no character and stops the native library; it becomes U+FFFD. */
    private static String wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_16LE), StandardCharsets.UTF_16LE);
    }

    @Override
    public String decode(int... ids) {
        long[] wide =
                Arrays.stream(ids).filter(vocabulary::holds).asLongStream().toArray();
        return library.decode(wide, false);
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
}
