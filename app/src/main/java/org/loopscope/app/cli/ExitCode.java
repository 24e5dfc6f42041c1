package org.loopscope.app.cli;

/** What the process returns. */
final class ExitCode {
    static final int FINE = 0;
    /** A defect of the program, or memory that ran out. */
    static final int INTERNAL = 1;
    /** Wrong usage, or input that cannot be used. */
    static final int BAD_INPUT = 2;

    static final int CANCELLED = 130;

    private ExitCode() {}
}
