package org.loopscope.app.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.loopscope.figure.Figure;
import org.loopscope.lab.FigureKind;
import org.loopscope.lab.Findings;
import org.loopscope.lab.Form;
import org.loopscope.lab.Lab;
import org.loopscope.lab.SetLab;
import org.loopscope.lab.SetRun;
import org.loopscope.lab.Setting;
import org.loopscope.lab.Values;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.open.Models;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** The command of a lab over prompt sets, made from what the lab declares. */
final class LabCommand<P, R extends Record, S> implements Callable<Integer> {
    /** Options that name a figure in commands of the first version. */
    private static final String[] FIGURE_KIND = {"--figure-kind", "--what", "--picture"};

    private final SetLab<P, R, S> lab;
    private final CommandEnvironment environment;
    private final ModelOption model = new ModelOption();
    private final SetFilesOptions files = new SetFilesOptions();
    private final LimitOption limit = new LimitOption();
    private final SpecialTokensOption specialTokens = new SpecialTokensOption();
    private final PrecisionOption precision = new PrecisionOption();
    private final FigureFile figure = new FigureFile();
    private final ProgressOption progress = new ProgressOption();
    private final CommonOptions common = new CommonOptions();
    private final CommandSpec spec;

    /** What every lab over sets reads and writes. */
    private static final class SetFilesOptions {
        @Option(
                names = "--out",
                paramLabel = "FILE",
                description =
                        "The CSV to write. Rows are saved to FILE.part as they finish; run the same command again to resume.")
        @Nullable
        private Path out;

        @Option(
                names = "--read",
                paramLabel = "FILE",
                description = "Show the rows of a set that is finished; nothing is run.")
        @Nullable
        private Path read;

        @Option(names = "--json", description = "Print one JSON object instead of the tables.")
        private boolean json;
    }

    private LabCommand(SetLab<P, R, S> lab, CommandEnvironment environment) {
        this.lab = lab;
        this.environment = environment;
        this.spec = spec();
    }

    static CommandLine of(@Nullable Lab lab, CommandEnvironment environment) {
        if (lab instanceof SetLab<?, ?, ?> set) {
            return new CommandLine(new LabCommand<>(set, environment).spec);
        }
        throw new IllegalArgumentException("lab: want one over sets, got " + lab);
    }

    // ---- what it can be asked

    private CommandSpec spec() {
        String name = lab.command().substring(lab.command().lastIndexOf(' ') + 1);
        CommandSpec made =
                CommandSpec.wrapWithoutInspection(this).name(name).versionProvider(new LoopscopeCommand.Version());
        made.addMixin("model", CommandSpec.forAnnotatedObject(model));
        made.addOption(OptionSpec.builder("--set")
                .paramLabel("FILE")
                .type(String.class)
                .description(plain(lab.prompts().description()))
                .build());
        made.addMixin("limit", CommandSpec.forAnnotatedObject(limit));
        options(made, false);
        made.addMixin("special", CommandSpec.forAnnotatedObject(specialTokens));
        made.addMixin("precision", CommandSpec.forAnnotatedObject(precision));
        made.addMixin("files", CommandSpec.forAnnotatedObject(files));
        options(made, true);
        made.addMixin("figure", CommandSpec.forAnnotatedObject(figure));
        if (lab.figures().size() > 1) {
            figureKinds(made);
        }
        made.addMixin("progress", CommandSpec.forAnnotatedObject(progress));
        made.addMixin("common", CommandSpec.forAnnotatedObject(common));
        usage(made);
        return made;
    }

    private void options(CommandSpec made, boolean view) {
        lab.settings().stream()
                .filter(setting -> setting.isForShowing() == view)
                .map(LabCommand::option)
                .forEach(made::addOption);
    }

    private static OptionSpec option(Setting<?> setting) {
        OptionSpec.Builder option = OptionSpec.builder("--" + setting.name()).description(plain(description(setting)));
        return setting.form() instanceof Form.Flag
                ? option.type(boolean.class).arity("0").build()
                : option.type(String.class).paramLabel(label(setting)).build();
    }

    private static String label(Setting<?> setting) {
        return setting.form() instanceof Form.Whole || setting.form() instanceof Form.Seed
                ? "N"
                : setting.form() instanceof Form.Real ? "X" : setting.name().toUpperCase(java.util.Locale.ROOT);
    }

    /** What a setting does, what it may be, and what it is by default. */
    static String description(Setting<?> setting) {
        StringBuilder text = new StringBuilder(setting.meaning());
        if (setting.form() instanceof Form.Choice<?>
                || setting.form() instanceof Form.Whole whole && whole.most() < Integer.MAX_VALUE) {
            text.append(' ').append(capital(setting.form().expected())).append('.');
        }
        if (!(setting.form() instanceof Form.Flag) && !setting.initially().isEmpty()) {
            text.append(" Default: ").append(setting.initially()).append('.');
        }
        return text.toString().strip();
    }

    private static String capital(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    private void figureKinds(CommandSpec made) {
        String names = lab.figures().stream().map(FigureKind::name).collect(Collectors.joining(", "));
        made.addOption(OptionSpec.builder(FIGURE_KIND[0])
                .paramLabel("NAME")
                .type(String.class)
                .description(plain("Which figure: " + names + ". Default: "
                        + lab.figures().get(0).name() + "."))
                .build());
        for (int i = 1; i < FIGURE_KIND.length; i++) {
            made.addOption(OptionSpec.builder(FIGURE_KIND[i])
                    .paramLabel("NAME")
                    .type(String.class)
                    .hidden(true)
                    .build());
        }
    }

    private void usage(CommandSpec made) {
        String command = "loopscope " + lab.command();
        made.usageMessage()
                .description(plain(lab.summary() + " Rows are saved as they finish."))
                .customSynopsis(
                        command + " [--model M] --set FILE --out FILE.csv [options]",
                        "       " + command + " --read FILE.csv [options]      (rows of a set that is finished)")
                .synopsisHeading("Usage: ")
                .optionListHeading("%nOptions:%n")
                .sortOptions(false);
        if (!lab.examples().isEmpty()) {
            made.usageMessage()
                    .footer(java.util.stream.Stream.concat(
                                    java.util.stream.Stream.of("", "Examples:"),
                                    lab.examples().stream().map(example -> plain("  " + command + " " + example)))
                            .toArray(String[]::new));
        }
    }

    /** Picocli takes % in texts for a format. */
    private static String plain(String text) {
        return text.replace("%", "%%");
    }

    // ---- what it does

    @Override
    public Integer call() throws LoopscopeException {
        Optional<String> set = Optional.ofNullable(option("--set"));
        Checks.setOrRead(lab.command(), set.orElse(null), files.out, files.read);
        limit.check();
        Values values = values();
        FigureKind kind = kind();
        precision.value();
        OutFile.check(files.out);
        figure.check();
        if (files.read != null) {
            return show(files.read, values, kind);
        }
        Path out = java.util.Objects.requireNonNull(files.out);
        return run(set.orElseThrow(), out, values) ? show(out, values, kind) : ExitCode.CANCELLED;
    }

    private @Nullable String option(String name) {
        ParseResult parsed = spec.commandLine().getParseResult();
        return parsed.matchedOptionValue(name, (String) null);
    }

    private Values values() throws LoopscopeException {
        ParseResult parsed = spec.commandLine().getParseResult();
        Values values = Values.of(lab.settings());
        for (Setting<?> setting : lab.settings()) {
            Object given = parsed.matchedOptionValue("--" + setting.name(), (Object) null);
            values = given == null ? values : values.read(setting, String.valueOf(given));
        }
        lab.check(values);
        return values;
    }

    private FigureKind kind() throws LoopscopeException {
        for (String option : FIGURE_KIND) {
            String given = lab.figures().size() > 1 ? option(option) : null;
            if (given != null) {
                return lab.figures().stream()
                        .filter(kind -> kind.name().equals(given))
                        .findFirst()
                        .orElseThrow(() -> new LoopscopeException(option + ": expected one of "
                                + lab.figures().stream().map(FigureKind::name).collect(Collectors.joining(", "))
                                + ", found " + org.loopscope.model.base.ForeignText.quoted(given) + "."));
            }
        }
        return lab.figures().get(0);
    }

    /** False if it was cancelled, which is said. */
    private boolean run(String set, Path out, Values values) throws LoopscopeException {
        try (ProgressOption.Work work = progress.start(environment);
                LoopedModel opened = specialTokens.of(Models.open(model.name, precision.value(), work.control()))) {
            List<P> items = limit.of(lab.prompts().reader().read(set, values));
            SetRun<P, R> run = new SetRun<>(lab, opened, items, values);
            int before = run.into(out, kept -> {}, work.control());
            work.line().clear();
            SetWork.wentOn(environment, before);
            run.steps()
                    .ifPresent(steps -> SetWork.outsideTraining(
                            environment, steps, opened.config().trainedSteps()));
            return true;
        } catch (CancellationException e) {
            SetWork.cancelled(environment, out);
            return false;
        }
    }

    private int show(Path file, Values values, FigureKind kind) throws LoopscopeException {
        S summary = lab.summarise(file);
        requireOffered(summary, values);
        figure.draw(() -> drawn(summary, values, kind));
        Findings found = lab.findings(summary, values);
        if (files.json) {
            environment.out().println(Json.write(Json.tree(found.data())));
            return ExitCode.FINE;
        }
        FindingsText.print(found, environment.out());
        SetWork.written(environment, files.out, figure);
        return ExitCode.FINE;
    }

    private void requireOffered(S summary, Values values) throws LoopscopeException {
        for (Setting<?> setting : lab.settings()) {
            requireOffered(setting, summary, values);
        }
    }

    /** A choice that the rows have nothing for. */
    private <T> void requireOffered(Setting<T> setting, S summary, Values values) throws LoopscopeException {
        boolean chosen = setting.form() instanceof Form.Choice<T> || setting.form() instanceof Form.OfRows;
        if (!chosen || !setting.isForShowing()) {
            return;
        }
        List<T> offered = lab.offered(setting, summary);
        Optional<T> wanted = values.find(setting);
        Checks.require(
                wanted.isEmpty() || offered.contains(wanted.get()),
                "--" + setting.name() + ": expected one of "
                        + offered.stream().map(setting.form()::text).collect(Collectors.joining(", ")) + ", found \""
                        + values.text(setting) + "\".");
    }

    private Figure drawn(S summary, Values values, FigureKind kind) throws LoopscopeException {
        return lab.figure(kind, summary, values)
                .orElseThrow(() -> new LoopscopeException(
                        "--figure: expected rows with something for the figure " + kind.name() + ", found none."));
    }
}
