package org.loopscope.analysis.table;

import java.util.Optional;

/** A row whose cells, each fine by itself, must also fit each other. */
public interface CheckedRow {
    /** The first cell that does not fit the others; empty if all do. */
    Optional<Misfit> misfit();

    /**
     * A cell that does not fit.
     *
     * @param column its name
     * @param expected what should stand there, to follow the word "expected"
     */
    record Misfit(String column, String expected) {
        /** Where {@code wrong} holds. */
        public static Optional<Misfit> when(boolean wrong, String column, String expected) {
            return wrong ? Optional.of(new Misfit(column, expected)) : Optional.empty();
        }
    }
}
