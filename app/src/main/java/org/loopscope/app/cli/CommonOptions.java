package org.loopscope.app.cli;

import picocli.CommandLine.Option;

/** Options that every command has. */
final class CommonOptions {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the program's version and exit.")
    boolean version;

    @Option(names = "--debug", description = "Show the stack trace of an error too (as does LOOPSCOPE_DEBUG=1).")
    boolean debug;
}
