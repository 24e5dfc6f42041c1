package org.loopscope.app.cli;

import java.util.concurrent.Callable;
import org.loopscope.model.base.LoopscopeException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Trains something beside a model; the model itself stays as it is. */
@Command(
        name = "train",
        description = "Trains something that helps to read a model; the model itself stays as it is.",
        customSynopsis = "loopscope train tuned-lens [options]",
        synopsisHeading = "Usage: ",
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "Examples:",
            "  loopscope train tuned-lens --set embedded/eval-people.jsonl --out lens.safetensors",
        },
        versionProvider = LoopscopeCommand.Version.class)
final class TrainCommand implements Callable<Integer> {
    @Mixin
    private final CommonOptions common = new CommonOptions();

    private TrainCommand() {}

    static CommandLine commandLine(CommandEnvironment environment) {
        return new CommandLine(new TrainCommand()).addSubcommand("tuned-lens", new TrainTunedLensCommand(environment));
    }

    @Override
    public Integer call() throws LoopscopeException {
        throw new LoopscopeException("loopscope train: expected what to train, tuned-lens, found nothing.");
    }
}
