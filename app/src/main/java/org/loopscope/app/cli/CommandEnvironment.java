package org.loopscope.app.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.loopscope.app.base.ErrorTraces;
import org.loopscope.app.base.Settings;
import org.loopscope.app.base.StateHome;
import org.loopscope.app.base.Window;
import org.loopscope.model.hub.HubEnvironment;

/**
 * What a command needs of the world around it.
 *
 * @param out results
 * @param err problems and progress
 * @param terminal whether a person reads {@code err}: progress is shown then
 * @param cancelOnInterrupt asked once by a command that can be cancelled; gives the flag that Ctrl+C sets
 * @param window opens the window
 * @param folder where the welcome report goes
 * @param variables the environment variables
 * @param home the user's home folder
 */
public record CommandEnvironment(
        PrintWriter out,
        PrintWriter err,
        boolean terminal,
        Supplier<BooleanSupplier> cancelOnInterrupt,
        Window window,
        Path folder,
        Map<String, String> variables,
        Path home) {
    public CommandEnvironment {
        variables = Map.copyOf(variables);
    }

    /** Where results for people go: texts of others cannot drive a terminal. */
    @Override
    public PrintWriter out() {
        return new PeopleWriter(out);
    }

    /** Where problems and progress go; safe as {@link #out()}. */
    @Override
    public PrintWriter err() {
        return new PeopleWriter(err);
    }

    /** Where results for programs go: character by character as they are. */
    PrintWriter exactOut() {
        return out;
    }

    /** Where downloaded models are. */
    HubEnvironment hub() {
        return HubEnvironment.of(variables, home);
    }

    /** Where the stack trace of a defect is kept. */
    ErrorTraces traces() {
        return new ErrorTraces(StateHome.of(System.getProperty("os.name", ""), home, variables));
    }

    /** What the program remembers between starts; what of it cannot be used is told. */
    Settings settings() {
        Settings settings = Settings.in(Settings.defaultFile(variables, home));
        settings.problems().forEach(err::println);
        return settings;
    }
}
