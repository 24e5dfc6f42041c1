package org.loopscope.app.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.loopscope.analysis.sweep.ResumableCsv;

/** What commands that work through a set of prompts say on stderr. */
final class SetWork {
    private SetWork() {}

    /** @param before prompts that an earlier call of the same command had done */
    static void wentOn(CommandEnvironment environment, int before) {
        if (before > 0) {
            environment.err().println(before + " prompts were done before; went on with the next.");
        }
    }

    static void outsideTraining(CommandEnvironment environment, int steps, int trained) {
        if (steps > trained) {
            environment
                    .err()
                    .println("Outside training: the model was trained with T = " + trained + ", this run has " + steps
                            + " steps.");
        }
    }

    /** Says that the work was stopped and what is kept of {@code out}; the exit code. */
    static int cancelled(CommandEnvironment environment, Path out) {
        Path part = ResumableCsv.partOf(out);
        environment
                .err()
                .println(
                        Files.exists(part)
                                ? "Cancelled; the prompts that are done are kept in " + part
                                        + ", the same command goes on after them."
                                : "Cancelled; nothing was written.");
        return ExitCode.CANCELLED;
    }
}
