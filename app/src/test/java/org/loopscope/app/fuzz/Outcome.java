package org.loopscope.app.fuzz;

/** What became of one case. */
record Outcome(Kind kind, String told) {
    enum Kind {
        ACCEPTED,
        REFUSED,
        BAD_SENTENCE,
        INTERNAL_ERROR,
        HANG
    }

    boolean isFailure() {
        return kind != Kind.ACCEPTED && kind != Kind.REFUSED;
    }
}
