package org.loopscope.model;

import java.util.List;

/** Text to token ids and back, as tokenizer.json says. */
public interface Tokenizer {
    /**
     * Ids of {@code text}; no special tokens are added.
     *
     * @throws LoopscopeException naming the word, if the vocabulary cannot express it
     */
    int[] encode(String text) throws LoopscopeException;

    /** Text of several ids together; special tokens are kept. */
    String decode(int... ids);

    /** How one id is shown on its own: its text, or its hexadecimal bytes where it is no complete character. */
    String tokenText(int id);

    default List<String> tokenTexts(int... ids) {
        return java.util.Arrays.stream(ids).mapToObj(this::tokenText).toList();
    }
}
