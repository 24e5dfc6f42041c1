package org.loopscope.app.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.loopscope.app.base.GuiOptions;
import org.loopscope.app.base.NoDisplayException;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.open.Models;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Opens the window; where there is none, writes the report of the welcome prompt instead. */
@Command(
        name = "gui",
        description =
                "Opens the window (what loopscope does without a command). Without a display it says so and writes the report of"
                        + " the welcome prompt to " + WelcomeReport.FILE + " instead.",
        customSynopsis = "loopscope gui [--model M] [FILE]",
        synopsisHeading = "Usage: ",
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%n",
        versionProvider = LoopscopeCommand.Version.class)
final class GuiCommand implements Callable<Integer> {
    /** What the window opens with; the program's own options without a command are the same. */
    static final class Options {
        @Option(
                names = "--model",
                paramLabel = "DIR|embedded",
                defaultValue = Models.EMBEDDED,
                description =
                        "A checkpoint folder, a name in the Hugging Face cache such as ByteDance/Ouro-1.4B, or embedded. Default: embedded.")
        String model = Models.EMBEDDED;

        @Parameters(arity = "0..1", paramLabel = "FILE", description = "A capture file to show.")
        @Nullable
        Path file;
    }

    private final CommandEnvironment environment;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final Options options = new Options();

    GuiCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws Exception {
        return open(options);
    }

    int open(Options wanted) throws LoopscopeException {
        Path file = wanted.file;
        if (file != null && !Files.isRegularFile(file)) {
            throw new LoopscopeException(
                    file + ": there is no such command and no such file; loopscope --help lists the" + " commands.");
        }
        try {
            environment.window().open(new GuiOptions(wanted.model, Optional.ofNullable(file)));
        } catch (NoDisplayException e) {
            environment.err().println("No window can be opened here: " + e.getMessage() + ".");
            Path report = WelcomeReport.write(environment);
            environment.out().println("The report of the welcome prompt is in " + report + ".");
        }
        return ExitCode.FINE;
    }
}
