package org.loopscope.app.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.ModelSummary;
import org.loopscope.model.Models;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the models that can be run. Reads headers only, so it is quick for large ones too. */
@Command(
        name = "models",
        description = "Lists the embedded model, and the checkpoint folders given or lying in the folders given.",
        customSynopsis = "loopscope models [DIR...] [--json]",
        synopsisHeading = "Usage: ",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        footer = {"", "Example:", "  loopscope models ~/models"},
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
        List<ModelSummary> models = new ArrayList<>(Models.known());
        for (Path folder : folders) {
            models.addAll(modelsIn(folder));
        }
        List<ModelEntry> entries = models.stream().map(ModelEntry::new).toList();
        if (json) {
            ArrayNode array = Json.array();
            entries.forEach(entry -> array.add(entry.json()));
            environment.out().println(Json.write(array));
        } else {
            printTable(entries);
        }
        return ExitCode.FINE;
    }

    /** The checkpoint itself, or those in it; one that cannot be used is told on stderr and left out. */
    private List<ModelSummary> modelsIn(Path folder) throws LoopscopeException {
        if (!Files.isDirectory(folder) || Files.exists(folder.resolve("config.json"))) {
            return List.of(ModelSummary.of(folder));
        }
        List<ModelSummary> models = new ArrayList<>();
        for (Path child : children(folder)) {
            try {
                models.add(ModelSummary.of(child));
            } catch (LoopscopeException e) {
                environment.err().println(e.getMessage());
            }
        }
        return models;
    }

    private static List<Path> children(Path folder) throws LoopscopeException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(child -> Files.exists(child.resolve("config.json")))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new LoopscopeException(folder + ": could not be read (" + e.getMessage() + ").", e);
        }
    }

    private void printTable(List<ModelEntry> entries) {
        TextTable table = new TextTable()
                .left("model")
                .right("parameters")
                .right("size")
                .left("weights")
                .right("T")
                .right("layers")
                .right("d")
                .right("vocabulary")
                .right("context")
                .left("tokenizer");
        entries.forEach(entry -> table.row(entry.cells()));
        table.print(environment.out());
    }
}
