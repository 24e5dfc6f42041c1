package org.loopscope.app.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.loopscope.model.LoopscopeException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the models that can be run. */
@Command(
        name = "models",
        description = {"Lists the embedded model, and the checkpoint folders given or lying in the folders given.", ""},
        synopsisHeading = "Usage: ",
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%n",
        versionProvider = LoopscopeCommand.Version.class)
final class ModelsCommand implements Callable<Integer> {
    private final CommandEnvironment environment;

    @Parameters(paramLabel = "DIR", description = "Checkpoint folders, or folders that hold some.")
    private List<Path> folders = List.of();

    @Option(names = "--json", description = "Print a JSON array instead of the table.")
    private boolean json;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    ModelsCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws LoopscopeException {
        return ExitCode.FINE;
    }
}
