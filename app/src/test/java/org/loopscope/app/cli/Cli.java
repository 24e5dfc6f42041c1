package org.loopscope.app.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.loopscope.app.base.GuiOptions;
import org.loopscope.app.base.NoDisplayException;
import org.loopscope.app.base.Window;
import org.loopscope.bench.WindowTimes;
import org.loopscope.bench.WindowWork;
import org.loopscope.model.base.RunControl;
import picocli.CommandLine;

/** The command line inside the test: what it printed and returned, and the window it wanted to open. */
final class Cli {
    /** What one command line left behind. */
    record Result(int code, String out, String err) {
        /** The only line of stderr, without its end. */
        String problem() {
            if (err.lines().count() != 1) {
                throw new AssertionError("want one line on stderr, got: " + err);
            }
            return err.strip();
        }
    }

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<GuiOptions> opened = new ArrayList<>();
    private final Path folder;
    private Window window = opened::add;
    private BooleanSupplier cancelled = () -> false;
    private boolean terminal;
    private final Map<String, String> variables = new HashMap<>();
    private Path home = Path.of("target", "no-home");

    private Cli(Path folder) {
        this.folder = folder;
    }

    static Cli in(Path folder) {
        return new Cli(folder);
    }

    static Result run(String... args) {
        return new Cli(Path.of("")).execute(args);
    }

    /** One command line of both. */
    static String[] words(List<String> first, String... more) {
        return Stream.concat(first.stream(), Stream.of(more)).toArray(String[]::new);
    }

    /** Three prompts of the embedded model as JSON lines. */
    static Path threePrompts(Path folder) throws IOException {
        return Files.writeString(folder.resolve("set.jsonl"), """
                {"prompt": "people Mia's friend is", "answer": "Eve", "group": "k=1"}
                {"prompt": "people Leo's boss's neighbour is", "answer": "Tom", "group": "k=2"}
                {"prompt": "people Joe's boss's boss's neighbour is", "answer": "Mia", "group": "k=3"}
                """);
    }

    Cli withoutDisplay(String reason) {
        window = new Window() {
            @Override
            public void open(GuiOptions options) throws NoDisplayException {
                throw new NoDisplayException(reason);
            }

            @Override
            public WindowTimes time(WindowWork work, RunControl control) throws NoDisplayException {
                throw new NoDisplayException(reason);
            }
        };
        return this;
    }

    Cli timedAs(WindowTimes times) {
        window = new Window() {
            @Override
            public void open(GuiOptions options) {
                opened.add(options);
            }

            @Override
            public WindowTimes time(WindowWork work, RunControl control) {
                return times;
            }
        };
        return this;
    }

    Cli windowThatThrows(Supplier<? extends Error> thrown) {
        window = options -> {
            throw thrown.get();
        };
        return this;
    }

    Cli cancelledBy(BooleanSupplier flag) {
        cancelled = flag;
        return this;
    }

    Cli onTerminal() {
        terminal = true;
        return this;
    }

    Cli variable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    Cli home(Path folder) {
        home = folder;
        return this;
    }

    List<GuiOptions> opened() {
        return opened;
    }

    private CommandEnvironment environment(PrintWriter outWriter, PrintWriter errWriter) {
        return new CommandEnvironment(outWriter, errWriter, terminal, () -> cancelled, window, folder, variables, home);
    }

    /** All commands with their options. */
    static CommandLine commandLine() {
        Cli cli = new Cli(Path.of(""));
        return LoopscopeCommand.commandLine(
                cli.environment(new PrintWriter(cli.out, true), new PrintWriter(cli.err, true)));
    }

    Result execute(String... args) {
        PrintWriter outWriter = new PrintWriter(out, true);
        PrintWriter errWriter = new PrintWriter(err, true);
        int code = LoopscopeCommand.execute(environment(outWriter, errWriter), args);
        outWriter.flush();
        errWriter.flush();
        return new Result(code, out.toString(), err.toString());
    }
}
