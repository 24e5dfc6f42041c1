package org.loopscope.model.base;

import org.jspecify.annotations.Nullable;

/**
 * Something a user can cause and can put right: the message is one plain sentence that says what, where, what was
 * expected and what was found. Everything else is a programming error and unchecked.
 *
 * <p>Text of others belongs into it through {@link ForeignText#shown}; what is not is escaped here, and a sentence of more
 * than {@value ForeignText#MAX_SENTENCE} characters loses its middle.
 */
public class LoopscopeException extends Exception {
    private static final long serialVersionUID = 1L;

    public LoopscopeException(String sentence) {
        super(ForeignText.sentence(sentence));
    }

    public LoopscopeException(String sentence, @Nullable Throwable cause) {
        super(ForeignText.sentence(sentence), cause);
    }
}
