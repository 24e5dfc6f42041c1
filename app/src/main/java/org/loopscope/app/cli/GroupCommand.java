package org.loopscope.app.cli;

import java.util.concurrent.Callable;
import org.loopscope.model.base.LoopscopeException;
import picocli.CommandLine.Command;

/** Labs whose commands begin with the same word. */
@Command
final class GroupCommand implements Callable<Integer> {
    private final String name;

    GroupCommand(String name) {
        this.name = name;
    }

    @Override
    public Integer call() throws LoopscopeException {
        throw new LoopscopeException("loopscope " + name + ": expected a command behind it, found none.");
    }
}
