package org.loopscope.app.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.open.KnownModel;
import org.loopscope.model.open.Models;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the models that can be run. Reads headers only, so it is quick for large ones too. */
@Command(
        name = "models",
        description = {
            "Lists the embedded model, those of the Hugging Face cache, those of the folders that were added, and those of the"
                    + " folders given."
        },
        customSynopsis = {"loopscope models [DIR...] [--json]", "       loopscope models COMMAND [options]"},
        synopsisHeading = "Usage: ",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands:%n",
        footer = {"", "Examples:", "  loopscope models ~/models", "  loopscope models add ~/models"},
        versionProvider = LoopscopeCommand.Version.class)
final class ModelsCommand implements Callable<Integer> {
    private final CommandEnvironment environment;

    @Parameters(paramLabel = "DIR", description = "Checkpoint folders, or folders that hold some.")
    private List<Path> folders = List.of();

    @Option(names = "--json", description = "Print a JSON array instead of the table.")
    private boolean json;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    private ModelsCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    static CommandLine commandLine(CommandEnvironment environment) {
        return new CommandLine(new ModelsCommand(environment))
                .addSubcommand("download", new ModelDownloadCommand(environment))
                .addSubcommand("check", new ModelCheckCommand(environment))
                .addSubcommand("add", new ModelFolderCommands.Add(environment))
                .addSubcommand("remove", new ModelFolderCommands.Remove(environment));
    }

    @Override
    public Integer call() throws LoopscopeException {
        List<Path> all = new ArrayList<>(environment.settings().modelFolders());
        all.addAll(folders);
        List<ModelEntry> entries = new ArrayList<>();
        for (KnownModel model : Models.known(environment.hub(), all)) {
            if (isListed(model)) {
                entries.add(new ModelEntry(model));
            }
        }
        print(entries);
        return ExitCode.FINE;
    }

    /**
     * Whether the model belongs in the list. What cannot be used is told on stderr; in the cache it is marked, for a
     * download may go on, in a folder it is left out.
     *
     * @throws LoopscopeException for a folder that was given itself
     */
    private boolean isListed(KnownModel model) throws LoopscopeException {
        if (model.problem().isEmpty()) {
            return true;
        }
        if (model.folder().filter(folders::contains).isPresent()) {
            throw new LoopscopeException(model.problem().get());
        }
        environment.err().println(told(model.name(), model.problem().get()));
        return model.source() == KnownModel.Source.CACHE;
    }

    /** The problem with the model's name before it, unless it says that already. */
    private static String told(String name, String problem) {
        String shown = ForeignText.shown(name, 160);
        return problem.contains(shown) ? problem : shown + ": " + problem;
    }

    private void print(List<ModelEntry> entries) {
        if (json) {
            ArrayNode array = Json.array();
            entries.forEach(entry -> array.add(entry.json()));
            environment.out().println(Json.write(array));
            return;
        }
        TextTable table = ModelEntry.table();
        entries.forEach(entry -> table.row(entry.cells()));
        table.print(environment.out());
    }
}
