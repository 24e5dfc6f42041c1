package org.loopscope.model.ouro;

/** Frees native memory when it is closed and nobody uses it any more, whichever comes last. */
final class Lifetime {
    private final Runnable release;
    private int users;
    private boolean closed;

    Lifetime(Runnable release) {
        this.release = release;
    }

    /**
     * Begins a use; {@link #leave} must follow.
     *
     * @throws IllegalStateException if the memory was given up
     */
    synchronized void enter() {
        if (closed) {
            throw new IllegalStateException("the model is closed");
        }
        users++;
    }

    synchronized void leave() {
        users--;
        if (closed && users == 0) {
            release.run();
        }
    }

    /** Lets nobody in any more and frees the memory once the last user has left; may be called again. */
    synchronized void close() {
        if (!closed) {
            closed = true;
            if (users == 0) {
                release.run();
            }
        }
    }
}
