package org.loopscope.app.cli;

import java.util.function.BooleanSupplier;
import org.loopscope.model.base.RunControl;
import picocli.CommandLine.Option;

/** Whether a command that takes its time says how far it is. */
final class ProgressOption {
    @Option(
            names = "--progress",
            negatable = true,
            defaultValue = Option.NULL_VALUE,
            description = "Show, or with --no-progress never show, progress on stderr. Default: on a terminal only.")
    @org.jspecify.annotations.Nullable
    Boolean progress;

    /** A control that Ctrl+C cancels and that shows progress as this option says. */
    Work start(CommandEnvironment environment) {
        return start(environment, ProgressLine.Amount.PERCENT);
    }

    Work start(CommandEnvironment environment, ProgressLine.Amount amount) {
        boolean show = progress == null ? environment.terminal() : progress;
        BooleanSupplier cancelled = environment.cancelOnInterrupt().get();
        ProgressLine line = new ProgressLine(environment.err(), show, environment.terminal(), amount);
        return new Work(RunControl.of(cancelled, line::show), line);
    }

    /** One piece of work under way; closing it clears the progress line. */
    record Work(RunControl control, ProgressLine line) implements AutoCloseable {
        @Override
        public void close() {
            line.clear();
        }
    }
}
