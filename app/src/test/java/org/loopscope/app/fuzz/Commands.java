package org.loopscope.app.fuzz;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.loopscope.app.cli.CommandEnvironment;
import org.loopscope.app.cli.LoopscopeCommand;
import org.loopscope.model.base.LoopscopeException;

/** Command lines in this process, as a file is used by people. */
final class Commands {
    private final Path home;

    /** @param home everything that the commands keep for themselves goes there */
    Commands(Path home) {
        this.home = home;
    }

    /** Runs one that must not fail by a mistake of the program; refusals are thrown as they were told. */
    void use(Object... args) throws Refusal {
        StringWriter err = new StringWriter();
        int code = run(err, args);
        String told = err.toString().strip();
        if (code == 2) {
            throw new Refusal(told.lines().reduce((one, last) -> last).orElse("")); // notes may come first
        }
        if (code != 0) {
            throw new IllegalStateException("exit code " + code + ": " + told);
        }
    }

    /** Runs one that must work. */
    void make(Object... args) throws LoopscopeException {
        StringWriter err = new StringWriter();
        if (run(err, args) != 0) {
            throw new LoopscopeException(err.toString());
        }
    }

    private int run(StringWriter err, Object... args) {
        String[] words = new String[args.length];
        for (int i = 0; i < args.length; i++) {
            words[i] = args[i].toString();
        }
        PrintWriter problems = new PrintWriter(err, true);
        int code = LoopscopeCommand.execute(
                new CommandEnvironment(
                        new PrintWriter(new StringWriter()),
                        problems,
                        false,
                        () -> () -> false,
                        options -> {},
                        home,
                        Map.of("LOOPSCOPE_DEBUG", "1"),
                        home),
                words);
        problems.flush();
        return code;
    }

    /** What a command said when it refused. */
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1;

        Refusal(String sentence) {
            super(sentence);
        }
    }
}
