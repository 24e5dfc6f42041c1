package org.loopscope.app.cli;

/** What the process returns. */
final class ExitCode {
    static final int FINE = 0;
    /** A defect of the program, or memory that ran out. */
    static final int INTERNAL = 1;
    /** Wrong usage, or input that cannot be used. */
    static final int BAD_INPUT = 2;

    static final int CANCELLED = 130;

    /** What reads standard output ended first; the code of a program that the system ends for that (SIGPIPE). */
    static final int READER_LEFT = 141;

    private ExitCode() {}
}
