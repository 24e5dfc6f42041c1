package org.loopscope.app.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;

/** What options have to be. */
final class Checks {
    private Checks() {}

    /** Refuses with {@code sentence} what does not hold. */
    static void require(boolean holds, String sentence) throws LoopscopeException {
        if (!holds) {
            throw new LoopscopeException(sentence);
        }
    }

    /** Refuses a T outside {@code least} to 64; one that was not given is fine. */
    static void steps(@Nullable Integer steps, int least) throws LoopscopeException {
        require(
                steps == null || (steps >= least && steps <= RunOptions.MAX_STEPS),
                "Steps: expected a number from " + least + " to " + RunOptions.MAX_STEPS + ", found " + steps + ".");
    }

    /** Refuses all but a set with the file of its rows, or a file with rows that are there. */
    static void setOrRead(String command, @Nullable Object set, @Nullable Path out, @Nullable Path read)
            throws LoopscopeException {
        require(
                read != null || (set != null && out != null),
                command + ": expected --set FILE and --out FILE, or --read FILE.");
        require(
                read == null || (set == null && out == null),
                command + ": expected --read FILE alone, or --set and --out, found both.");
    }
}
