package org.loopscope.app.cli;

import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.loopscope.model.base.LoopscopeException;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Commands of labs that begin with the same word. */
final class GroupCommand implements Callable<Integer> {
    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

    private GroupCommand(String name) {
        spec.name(name).versionProvider(new LoopscopeCommand.Version());
        spec.addMixin("common", CommandSpec.forAnnotatedObject(new CommonOptions()));
        spec.usageMessage()
                .description("Labs that go through sets of prompts, or look at one run.")
                .customSynopsis("loopscope " + name + " COMMAND [options]")
                .synopsisHeading("Usage: ")
                .optionListHeading("%nOptions:%n")
                .commandListHeading("%nCommands:%n");
    }

    static CommandLine of(String name) {
        return new CommandLine(new GroupCommand(name).spec);
    }

    @Override
    public Integer call() throws LoopscopeException {
        String name = spec.name();
        throw new LoopscopeException("loopscope " + name + ": expected one of "
                + spec.subcommands().keySet().stream().sorted().collect(Collectors.joining(", "))
                + " behind it, found none. Try loopscope " + name + " --help.");
    }
}
