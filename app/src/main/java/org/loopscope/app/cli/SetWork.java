package org.loopscope.app.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.set.ResumableCsv;
import org.loopscope.lab.Job;

/** What commands that work through a set of prompts say on stderr. */
final class SetWork {
    private SetWork() {}

    /** Says where rows and figure are, if they were written. */
    static void written(CommandEnvironment environment, @Nullable Path out, FigureFile figure) {
        if (out != null) {
            environment.out().println("Rows written to " + out + ".");
        }
        figure.told(environment);
    }

    /**
     * Says that an earlier call of the same command had done some.
     *
     * @param items what they are, {@code prompts}
     */
    static void wentOn(CommandEnvironment environment, int before, String items) {
        if (before > 0) {
            String word = before == 1 ? items.replaceFirst("s$", "") : items;
            environment.err().println("Resumed after " + before + " finished " + word + ".");
        }
    }

    static void outsideTraining(CommandEnvironment environment, int steps, int trained) {
        if (steps > trained) {
            environment
                    .err()
                    .println("Outside training: the model was trained with T = " + trained + ", T = " + steps
                            + " was run; steps after " + trained + " are extrapolation.");
        }
    }

    /** Says that the work was stopped and what is kept; {@code job} is null if it had not begun. */
    static void cancelled(CommandEnvironment environment, Path out, @Nullable Job<?> job) {
        Path part = ResumableCsv.partOf(out);
        Optional<String> kept = job == null
                ? Optional.empty()
                : Files.exists(part)
                        ? Optional.of("the " + job.items() + " that are done are kept in " + part)
                        : job.kept(out);
        environment
                .err()
                .println("Cancelled; "
                        + kept.map(what -> what + ", the same command goes on after them.")
                                .orElse("nothing was written."));
    }
}
