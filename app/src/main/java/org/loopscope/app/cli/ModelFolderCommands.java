package org.loopscope.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.loopscope.app.base.Settings;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.InputFile;
import org.loopscope.model.base.IoReason;
import org.loopscope.model.base.LoopscopeException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The commands that say in which folders models are found, here and in the window. */
final class ModelFolderCommands {
    private ModelFolderCommands() {}

    /** A change of the settings. */
    private interface Change {
        void apply(Settings settings) throws IOException, LoopscopeException;
    }

    private static Integer change(CommandEnvironment environment, Change change) throws LoopscopeException {
        try {
            change.apply(environment.settings());
            return ExitCode.FINE;
        } catch (IOException e) {
            throw new LoopscopeException("The settings could not be saved (" + IoReason.of(e) + ").", e);
        }
    }

    /** Adds a folder. */
    @Command(
            name = "add",
            description = "Adds a checkpoint folder, or a folder that holds some, to where models are found.",
            customSynopsis = "loopscope models add DIR",
            synopsisHeading = "Usage: ",
            parameterListHeading = "%n",
            optionListHeading = "%nOptions:%n",
            versionProvider = LoopscopeCommand.Version.class)
    static final class Add implements Callable<Integer> {
        private final CommandEnvironment environment;

        @Parameters(paramLabel = "DIR", description = "The folder.")
        private Path folder = Path.of("");

        @Mixin
        private final CommonOptions common = new CommonOptions();

        Add(CommandEnvironment environment) {
            this.environment = environment;
        }

        @Override
        public Integer call() throws LoopscopeException {
            if (!Files.isDirectory(folder)) {
                throw new LoopscopeException(ForeignText.shown(folder.toString(), 160) + ": expected a folder, found "
                        + (Files.exists(folder) ? InputFile.kind(folder) + "." : "nothing."));
            }
            return change(environment, settings -> settings.addModelFolder(folder));
        }
    }

    /** Forgets a folder. */
    @Command(
            name = "remove",
            description = "Forgets a folder that was added; its files stay.",
            customSynopsis = "loopscope models remove DIR",
            synopsisHeading = "Usage: ",
            parameterListHeading = "%n",
            optionListHeading = "%nOptions:%n",
            versionProvider = LoopscopeCommand.Version.class)
    static final class Remove implements Callable<Integer> {
        private final CommandEnvironment environment;

        @Parameters(paramLabel = "DIR", description = "The folder.")
        private Path folder = Path.of("");

        @Mixin
        private final CommonOptions common = new CommonOptions();

        Remove(CommandEnvironment environment) {
            this.environment = environment;
        }

        @Override
        public Integer call() throws LoopscopeException {
            return change(environment, settings -> {
                if (!settings.removeModelFolder(folder)) {
                    throw new LoopscopeException(
                            ForeignText.shown(folder.toString(), 100) + ": expected a folder that was added, found "
                                    + ForeignText.shown(settings.modelFolders().toString(), 140) + ".");
                }
            });
        }
    }
}
