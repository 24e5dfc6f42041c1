package org.loopscope.app.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import org.loopscope.lab.Lab;
import org.loopscope.model.base.LoopscopeException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What loops do, over a set of prompts: to the answer, observed, decoded and by changing states; to states and what the lens reads. */
@Command(
        name = "probe",
        description =
                "Asks over a set of prompts what the loops do: to the answer, to the states, to what the lens reads.",
        customSynopsis = "loopscope probe COMMAND --model M --set FILE --out FILE [options]",
        synopsisHeading = "Usage: ",
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "Examples:",
            "  loopscope probe patch --set embedded/patch-pairs.jsonl --out patch.csv --figure patch.png",
            "  loopscope probe linear --set embedded/probe-cups.jsonl --out probe.csv --figure probe.png",
            "  loopscope probe agreement --set embedded/cups.jsonl --out answers.csv",
            "  loopscope probe geometry --set embedded/people.jsonl --out geometry.csv --figure geometry.png",
            "  loopscope probe lens --set embedded/people.jsonl --layers --out lens.csv --figure lens.png"
        },
        versionProvider = LoopscopeCommand.Version.class)
final class ProbeCommand implements Callable<Integer> {
    @Mixin
    private final CommonOptions common = new CommonOptions();

    private ProbeCommand() {}

    static CommandLine commandLine(Map<String, Lab> labs, CommandEnvironment environment) {
        return new CommandLine(new ProbeCommand())
                .addSubcommand("agreement", LabCommand.of(labs.get("probe agreement"), environment))
                .addSubcommand("linear", LabCommand.of(labs.get("probe linear"), environment))
                .addSubcommand("patch", LabCommand.of(labs.get("probe patch"), environment))
                .addSubcommand("geometry", LabCommand.of(labs.get("probe geometry"), environment))
                .addSubcommand("lens", LabCommand.of(labs.get("probe lens"), environment));
    }

    @Override
    public Integer call() throws LoopscopeException {
        throw new LoopscopeException(
                "loopscope probe: expected one of agreement, linear, patch, geometry and lens, found none. Try"
                        + " loopscope probe --help.");
    }
}
