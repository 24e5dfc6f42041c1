package org.loopscope.model.tokenizer;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.loopscope.model.base.LoopscopeException;

/** Text to token ids and back, as tokenizer.json says. */
public interface Tokenizer {
    /**
     * Ids of {@code text}; no special tokens are added.
     *
     * @throws LoopscopeException naming the word, if the vocabulary cannot express it
     */
    int[] encode(String text) throws LoopscopeException;

    /**
     * Ids of a prompt: those of {@link #encode}, with the special tokens around them that the model's files ask for. For text
     * that a chat template made, answers and single words {@code encode} is right.
     *
     * @throws LoopscopeException as {@code encode}
     */
    default int[] encodePrompt(String text) throws LoopscopeException {
        return addedTokens().around(encode(text));
    }

    /** What {@link #encodePrompt} puts around a prompt. */
    default AddedTokens addedTokens() {
        return AddedTokens.NONE;
    }

    /** The same tokenizer, which puts nothing around a prompt. */
    default Tokenizer withoutAddedTokens() {
        return this;
    }

    /** Gives back what it holds outside this process's memory; it can be used all the same, and takes it again. */
    default void close() {}

    /** Text of several ids together; special tokens are kept. */
    String decode(int... ids);

    /** How one id is shown on its own: its text, or its hexadecimal bytes where it is no complete character. */
    String tokenText(int id);

    /** The id of a piece exactly as the vocabulary writes it, such as {@code <|im_end|>}; empty if it has none. */
    default OptionalInt tokenId(String piece) {
        return OptionalInt.empty();
    }

    /** Whether the id is of a token that was added to the vocabulary, such as {@code <|im_end|>}, and no part of a text. */
    default boolean isAdded(int id) {
        return false;
    }

    default List<String> tokenTexts(int... ids) {
        return Arrays.stream(ids).mapToObj(this::tokenText).toList();
    }
}
