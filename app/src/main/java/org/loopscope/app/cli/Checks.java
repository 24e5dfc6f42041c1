package org.loopscope.app.cli;

import org.loopscope.model.LoopscopeException;

/** What options have to be. */
final class Checks {
    private Checks() {}

    /** Refuses with {@code sentence} what does not hold. */
    static void require(boolean holds, String sentence) throws LoopscopeException {
        if (!holds) {
            throw new LoopscopeException(sentence);
        }
    }
}
