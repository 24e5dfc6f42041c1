package org.loopscope.app.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.loopscope.analysis.lens.NonFiniteLogitsException;
import org.loopscope.app.panels.LabRegistry;
import org.loopscope.lab.Lab;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.IoReason;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.ProgramVersion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The program's command line: {@code gui} without a subcommand. */
@Command(
        name = "loopscope",
        description =
                "A workbench for looking inside looped language models: runs a prompt, keeps the state of every loop step, and"
                        + " shows where the answer appears and when the exit gate would stop.",
        customSynopsis = {
            "loopscope [gui] [--model M] [FILE]",
            "       loopscope COMMAND [options]      (see loopscope COMMAND --help)"
        },
        synopsisHeading = "Usage: ",
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%n",
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "Examples:",
            "  loopscope                                     open the window",
            "  loopscope run --prompt \"people Ann's friend's boss is\"",
            "  loopscope run --model ./Ouro-1.4B --prompt \"The capital of France is\" --generate 5",
            "  loopscope sweep --set embedded/people.jsonl --out people.csv",
            "  loopscope report --prompt \"calc 7+8*3-4=\" --out calc.html",
            "",
            "Exit codes: 0 fine, 2 wrong usage or bad input, 1 internal error, 130 cancelled.",
            "Also 141: what reads the output (such as head) ended first."
        },
        versionProvider = LoopscopeCommand.Version.class)
public final class LoopscopeCommand implements Callable<Integer> {
    /** Commands that no lab of a jar can be. */
    private static final List<String> COMMANDS = List.of(
            "gui",
            "run",
            "lens",
            "exit",
            "geometry",
            "compare",
            "attention",
            "probe",
            "report",
            "train",
            "models",
            "bench");

    private final CommandEnvironment environment;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final GuiCommand.Options options = new GuiCommand.Options();

    private LoopscopeCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    /** Runs one command line and gives the exit code; never throws. */
    public static int execute(CommandEnvironment environment, String... args) {
        int code = commandLine(environment).execute(args);
        try {
            if (environment.out().checkError()) { // flushes too: what is not written by now is written here
                throw new LostOutputException(false, new IOException("writing failed"));
            }
            return code;
        } catch (LostOutputException e) {
            return code == ExitCode.FINE ? lost(environment, e) : code; // otherwise told before
        }
    }

    /** What went to standard output is not all there; a reader that left wanted no more of it. */
    private static int lost(CommandEnvironment environment, LostOutputException e) {
        if (e.readerLeft()) {
            return ExitCode.READER_LEFT;
        }
        environment
                .err()
                .println("The results are not complete: standard output cannot be written (" + IoReason.of(e.getCause())
                        + ").");
        return ExitCode.BAD_INPUT;
    }

    static CommandLine commandLine(CommandEnvironment environment) {
        Map<String, Lab> labs = LabRegistry.byCommand(
                COMMANDS, (sentence, cause) -> environment.err().println(ForeignText.sentence(sentence)));
        CommandLine root = new CommandLine(new LoopscopeCommand(environment))
                .addSubcommand("gui", new GuiCommand(environment))
                .addSubcommand("run", new RunCommand(environment))
                .addSubcommand("lens", LabCommand.of(labs.get("lens"), environment))
                .addSubcommand("exit", LabCommand.of(labs.get("exit"), environment))
                .addSubcommand("sweep", LabCommand.of(labs.get("sweep"), environment))
                .addSubcommand("gate", LabCommand.of(labs.get("gate"), environment))
                .addSubcommand("kv", LabCommand.of(labs.get("kv"), environment))
                .addSubcommand("depth", LabCommand.of(labs.get("depth"), environment))
                .addSubcommand("geometry", LabCommand.of(labs.get("geometry"), environment))
                .addSubcommand("compare", new CompareCommand(environment))
                .addSubcommand("attention", LabCommand.of(labs.get("attention"), environment))
                .addSubcommand("probe", ProbeCommand.commandLine(labs, environment))
                .addSubcommand("report", new ReportCommand(environment, labs))
                .addSubcommand("train", TrainCommand.commandLine(environment))
                .addSubcommand("models", ModelsCommand.commandLine(environment))
                .addSubcommand("bench", new BenchCommand(environment));
        labs.values().forEach(lab -> add(root, lab, environment));
        return root.setOut(environment.out())
                .setErr(environment.err())
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .setUsageHelpLongOptionsMaxWidth(28)
                .setUsageHelpWidth(100)
                .setAllowSubcommandsAsOptionParameters(true)
                .setExpandAtFiles(false) // a prompt may begin with an @
                .setParameterExceptionHandler((e, args) -> usageProblem(environment, e))
                .setExecutionExceptionHandler(
                        (e, command, result) -> problem(environment, e, debug(environment, result)))
                .setExecutionStrategy(parsed -> runGuarded(environment, parsed));
    }

    /** Gives a lab its command unless it has one; one of a jar that cannot have one is told and left out. */
    private static void add(CommandLine root, Lab lab, CommandEnvironment environment) {
        String[] words = lab.command().split(" ", 2);
        CommandLine group = words.length == 1 ? root : root.getSubcommands().get(words[0]);
        String last = words[words.length - 1];
        if (group != null && group.getSubcommands().containsKey(last)) {
            return;
        }
        try {
            CommandLine made = LabCommand.of(lab, environment);
            if (group == null) {
                group = GroupCommand.of(words[0]);
                root.addSubcommand(words[0], group);
            }
            group.addSubcommand(last, made);
        } catch (RuntimeException | LinkageError e) {
            environment.err().println("The lab " + LabFailure.name(lab) + " has no command: " + LabFailure.reason(e));
        }
    }

    /** Picocli hands only exceptions to its handler; errors such as memory that ran out are handled here. */
    private static int runGuarded(CommandEnvironment environment, ParseResult parsed) {
        try {
            OutputsApart.check(parsed);
            return new CommandLine.RunLast().execute(parsed);
        } catch (LoopscopeException | LostOutputException e) { // the latter where help or the version is printed
            return problem(environment, e, debug(environment, parsed));
        } catch (OutOfMemoryError e) {
            environment
                    .err()
                    .println("The memory of the Java machine ran out; give it more, as in"
                            + " LOOPSCOPE_OPTS=-Xmx8g, or keep less: fewer steps, a shorter prompt, no --layers.");
            return ExitCode.INTERNAL;
        } catch (LinkageError | AssertionError e) {
            return problem(environment, e, debug(environment, parsed));
        }
    }

    private static int usageProblem(CommandEnvironment environment, ParameterException e) {
        String sentence = inWords(String.valueOf(e.getMessage()).strip().replaceFirst("^Error: ", ""));
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        environment
                .err()
                .println(ForeignText.sentence(ended(sentence.replaceAll("\\s*\\R\\s*", " "))) + " Try " + command
                        + " --help.");
        return ExitCode.BAD_INPUT;
    }

    /** Without the names that Java has for numbers. */
    private static String inWords(String sentence) {
        return sentence.replaceFirst(" is not an? (int|long)$", " is not a whole number in its range")
                .replaceFirst(" is not an? (double|float)$", " is not a number");
    }

    private static String ended(String sentence) {
        return sentence.endsWith(".") ? sentence : sentence + ".";
    }

    private static int problem(CommandEnvironment environment, Throwable e, boolean debug) {
        PrintWriter err = environment.err();
        if (e instanceof CancellationException) {
            err.println("Cancelled; nothing was written.");
            return ExitCode.CANCELLED;
        }
        if (e instanceof LostOutputException lost) {
            return lost(environment, lost);
        }
        boolean ours = e instanceof LoopscopeException || e instanceof NonFiniteLogitsException;
        if (ours) {
            err.println(ForeignText.line(String.valueOf(e.getMessage())));
        } else {
            err.println("Internal error: " + ForeignText.sentence(String.valueOf(e)) + ". "
                    + whereTheTraceIs(environment, e, debug));
        }
        if (debug) {
            e.printStackTrace(err);
        }
        return ours ? ExitCode.BAD_INPUT : ExitCode.INTERNAL;
    }

    private static String whereTheTraceIs(CommandEnvironment environment, Throwable e, boolean debug) {
        if (debug) {
            return "The stack trace follows.";
        }
        return environment
                .traces()
                .keep(e)
                .map(file -> "The stack trace is in " + file + ".")
                .orElse("Run it again with --debug to see the stack trace.");
    }

    private static boolean debug(CommandEnvironment environment, ParseResult parsed) {
        String variable = environment.variables().getOrDefault("LOOPSCOPE_DEBUG", "");
        boolean asked = parsed.hasMatchedOption("--debug");
        for (ParseResult p = parsed; p.hasSubcommand(); p = p.subcommand()) {
            asked |= p.subcommand().hasMatchedOption("--debug");
        }
        return asked || !(variable.isEmpty() || variable.equals("0"));
    }

    @Override
    public Integer call() throws Exception {
        return new GuiCommand(environment).open(options);
    }

    /** The version line. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"loopscope " + ProgramVersion.get()};
        }
    }
}
