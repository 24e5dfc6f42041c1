package org.loopscope.app.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.set.ResumableCsv;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.Precision;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;

/** What commands that work through a set of prompts say on stderr. */
final class SetWork {
    private SetWork() {}

    /** Writes the rows of a set with the model that is open. */
    @FunctionalInterface
    interface Rows {
        Done write(LoopedModel opened, RunControl control) throws LoopscopeException;
    }

    /**
     * What was written.
     *
     * @param before prompts that an earlier call of the same command had done
     * @param steps T of the runs
     */
    record Done(int before, int steps) {}

    /**
     * Opens the model, writes the rows, and says where it went on and whether T lies outside training.
     *
     * @return false if it was cancelled, which is said
     */
    static boolean run(
            CommandEnvironment environment,
            ProgressOption progress,
            String model,
            Precision precision,
            SpecialTokensOption specialTokens,
            Path out,
            Rows rows)
            throws LoopscopeException {
        try (ProgressOption.Work work = progress.start(environment);
                LoopedModel opened = specialTokens.of(Models.open(model, precision, work.control()))) {
            Done done = rows.write(opened, work.control());
            work.line().clear();
            wentOn(environment, done.before);
            outsideTraining(environment, done.steps, opened.config().trainedSteps());
            return true;
        } catch (CancellationException e) {
            cancelled(environment, out);
            return false;
        }
    }

    /** Says where rows and figure are, if they were written. */
    static void written(CommandEnvironment environment, @Nullable Path out, FigureFile figure) {
        if (out != null) {
            environment.out().println("Rows written to " + out + ".");
        }
        figure.told(environment);
    }

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
                    .println("Outside training: the model was trained with T = " + trained + ", T = " + steps
                            + " was run; steps after " + trained + " are extrapolation.");
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
