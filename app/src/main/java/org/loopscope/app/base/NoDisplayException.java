package org.loopscope.app.base;

/** No window can be opened here. The message is the reason as a part of a sentence: "DISPLAY is not set". */
public final class NoDisplayException extends Exception {
    private static final long serialVersionUID = 1L;

    public NoDisplayException(String reason) {
        super(reason);
    }

    public NoDisplayException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
