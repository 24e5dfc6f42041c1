package org.loopscope.app.cli;

import java.io.IOException;
import java.util.Objects;

/**
 * Standard output takes no more. Unchecked, since a writer swallows what is checked, and results that went nowhere were
 * reported as written.
 */
public final class LostOutputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean readerLeft;

    /**
     * @param readerLeft whether what reads them ended first, as {@code head} does: nobody misses what is not written
     */
    public LostOutputException(boolean readerLeft, IOException cause) {
        super(cause);
        this.readerLeft = readerLeft;
    }

    boolean readerLeft() {
        return readerLeft;
    }

    @Override
    public synchronized IOException getCause() {
        return (IOException) Objects.requireNonNull(super.getCause());
    }
}
