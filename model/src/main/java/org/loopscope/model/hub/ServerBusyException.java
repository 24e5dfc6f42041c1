package org.loopscope.model.hub;

import java.io.IOException;
import java.time.Duration;

/** An answer that says: try again later. */
final class ServerBusyException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    ServerBusyException(int status, Duration retryAfter) {
        super("the server answered " + status);
        this.retryAfter = retryAfter;
    }

    /** How long the server asks to wait; zero if it does not say. */
    Duration retryAfter() {
        return retryAfter;
    }

    static Duration waitAsked(IOException failure) {
        return failure instanceof ServerBusyException busy ? busy.retryAfter() : Duration.ZERO;
    }
}
