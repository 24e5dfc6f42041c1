package org.loopscope.app.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.loopscope.model.base.CheckResult;
import org.loopscope.model.base.CheckResult.Outcome;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.open.Models;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Loads a model and tells what its self-checks found. */
@Command(
        name = "check",
        description = "Loads a model and prints its self-checks, also those that failed and for which it is refused.",
        customSynopsis = "loopscope models check MODEL [--json]",
        synopsisHeading = "Usage: ",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        versionProvider = LoopscopeCommand.Version.class)
final class ModelCheckCommand implements Callable<Integer> {
    private final CommandEnvironment environment;

    @Parameters(paramLabel = "MODEL", description = "embedded, a checkpoint folder, or ORG/NAME.")
    private String model = "";

    @Option(names = "--json", description = "Print a JSON array instead of the table.")
    private boolean json;

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    ModelCheckCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws LoopscopeException {
        List<CheckResult> results;
        try (ProgressOption.Work work = progress.start(environment)) {
            results = Models.check(model, environment.hub(), work.control());
        }
        print(results);
        boolean failed = results.stream().anyMatch(result -> result.outcome() == Outcome.FAILED);
        return failed ? ExitCode.BAD_INPUT : ExitCode.FINE;
    }

    private void print(List<CheckResult> results) {
        if (json) {
            ArrayNode array = Json.array();
            for (CheckResult result : results) {
                array.addObject()
                        .put("name", result.name())
                        .put("outcome", result.outcome().label().toLowerCase(Locale.ROOT))
                        .put("sentence", result.sentence());
            }
            environment.out().println(Json.write(array));
            return;
        }
        TextTable table = new TextTable().left("check").left("outcome").left("what was found");
        results.forEach(
                result -> table.row(List.of(result.name(), result.outcome().label(), Shown.text(result.sentence()))));
        table.print(environment.out());
    }
}
