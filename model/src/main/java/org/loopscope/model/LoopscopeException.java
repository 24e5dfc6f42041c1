package org.loopscope.model;

/**
 * Something a user can cause and can put right: the message is one plain sentence that says what, where, what was
 * expected and what was found. Everything else is a programming error and unchecked.
 */
public class LoopscopeException extends Exception {
    private static final long serialVersionUID = 1L;

    public LoopscopeException(String sentence) {
        super(sentence);
    }

    public LoopscopeException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
