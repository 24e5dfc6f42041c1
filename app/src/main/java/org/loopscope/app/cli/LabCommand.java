package org.loopscope.app.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.loopscope.lab.FigureKind;
import org.loopscope.lab.FileKind;
import org.loopscope.lab.Lab;
import org.loopscope.lab.MeasuredOn;
import org.loopscope.lab.PromptKind;
import org.loopscope.lab.RunLab;
import org.loopscope.lab.SetLab;
import org.loopscope.lab.Setting;
import org.loopscope.lab.TableKind;
import org.loopscope.lab.Values;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** The command of a lab, made from what the lab declares: of one run, of a set of prompts, or of both. */
final class LabCommand implements Callable<Integer> {
    /** Options of a run that the runs of a set follow too. */
    private static final Set<String> OF_SETS_TOO = Set.of("--model", "--precision", "--no-special-tokens");

    /** Of a lab without figures, which has no option for one. */
    private static final FigureKind NO_FIGURE = new FigureKind("none", "none", "none");

    private final Lab lab;
    private final CommandEnvironment environment;
    private final CommandSpec spec;
    private final LabOptions options;
    private final ModelOption model = new ModelOption();
    private final CaptureInput input = new CaptureInput();
    private final RunSettings settings = new RunSettings();
    private final PromptOptions prompt = new PromptOptions();
    private final SetOptions sets = new SetOptions();
    private final SpecialTokensOption specialTokens = new SpecialTokensOption();
    private final PrecisionOption precision = new PrecisionOption();
    private final FormatOptions format = new FormatOptions();
    private final OutOptions output = new OutOptions();
    private final FigureFile figure = new FigureFile();
    private final ProgressOption progress = new ProgressOption();
    private final CommonOptions common = new CommonOptions();

    /** What a lab over sets reads. */
    private static final class SetOptions {
        @Option(
                names = "--read",
                paramLabel = "FILE",
                description = "Show the rows of a set that is finished; nothing is run.")
        @Nullable
        private Path read;
    }

    /** What every lab writes. */
    private static final class OutOptions {
        @Option(
                names = "--out",
                paramLabel = "FILE",
                description = "The file to write. The rows of a set are"
                        + " saved to FILE.part as they finish; run the same command again to resume.")
        @Nullable
        private Path out;

        @Option(names = "--json", description = "Print one JSON object instead of tables.")
        private boolean json;
    }

    /** How the table of one run is written. */
    private static final class FormatOptions {
        @Option(
                names = "--format",
                paramLabel = "FORMAT",
                defaultValue = "table",
                description = "Of one run: table, csv or json. Default: table.")
        private RunLabWork.Format format = RunLabWork.Format.table;

        @Option(names = "--csv", description = "The same as --format csv.")
        private boolean csv;
    }

    private LabCommand(Lab lab, CommandEnvironment environment) {
        this.lab = lab;
        this.environment = environment;
        String name = lab.command().substring(lab.command().lastIndexOf(' ') + 1);
        this.spec = CommandSpec.wrapWithoutInspection(this).name(name).versionProvider(new LoopscopeCommand.Version());
        this.options = new LabOptions(lab, spec);
        addOptions();
        usage();
    }

    static CommandLine of(@Nullable Lab lab, CommandEnvironment environment) {
        return new CommandLine(new LabCommand(Objects.requireNonNull(lab, "lab"), environment).spec);
    }

    private boolean ofRuns() {
        return lab instanceof RunLab;
    }

    private boolean ofSets() {
        return lab instanceof SetLab<?, ?, ?>;
    }

    /** Whether a set may be one prompt, given by itself. */
    private boolean ofSinglePrompts() {
        return lab instanceof SetLab<?, ?, ?> set && set.prompts().single().isPresent();
    }

    private void addOptions() {
        if (ofRuns()) {
            add("input", input);
            input.of(spec);
            add("settings", settings);
        } else {
            add("model", model);
        }
        if (lab instanceof SetLab<?, ?, ?> set) {
            if (ofSinglePrompts()) {
                add("prompt", prompt);
            }
            spec.addOption(OptionSpec.builder("--set")
                    .paramLabel("FILE")
                    .type(String.class)
                    .description(LabOptions.plain(set.prompts().description()))
                    .build());
            add("sets", sets);
        }
        options.addSettings(false);
        if (!ofRuns()) {
            add("special", specialTokens);
            add("precision", precision);
        }
        options.addTables();
        options.addSettings(true);
        if (ofRuns()) {
            add("format", format);
        }
        add("output", output);
        if (!lab.figures().isEmpty()) {
            add("figure", figure);
        }
        options.addFigures();
        options.addFiles();
        add("progress", progress);
        add("common", common);
    }

    private void add(String name, Object annotated) {
        spec.addMixin(name, CommandSpec.forAnnotatedObject(annotated));
    }

    private void usage() {
        String command = "loopscope " + lab.command();
        String one = " [--model M] (CAPTURE | --prompt TEXT | --token-ids IDS |\n" + " ".repeat(command.length() + 9)
                + "--prompt-file FILE) [options]";
        Stream<String> lines = Stream.of(
                        ofRuns() ? command + one : "",
                        ofSinglePrompts()
                                ? command
                                        + " [--model M] (--prompt TEXT | --token-ids IDS | --prompt-file FILE) [options]"
                                : "",
                        ofSets() ? command + " [--model M] --set FILE --out FILE.csv [options]" : "",
                        ofSets() ? command + " --read FILE.csv [options]      (rows of a set that is finished)" : "")
                .filter(line -> !line.isEmpty());
        String[] synopsis = lines.toArray(String[]::new);
        for (int i = 1; i < synopsis.length; i++) {
            synopsis[i] = "       " + synopsis[i];
        }
        spec.usageMessage()
                .description(LabOptions.plain(lab.summary() + (ofSets() ? " Rows are saved as they finish." : "")))
                .customSynopsis(synopsis)
                .synopsisHeading("Usage: ")
                .parameterListHeading("%n")
                .optionListHeading("%nOptions:%n")
                .sortOptions(false);
        if (!lab.examples().isEmpty()) {
            spec.usageMessage()
                    .footer(Stream.concat(
                                    Stream.of("", "Examples:"),
                                    lab.examples().stream()
                                            .map(example -> LabOptions.plain("  " + command + " " + example)))
                            .toArray(String[]::new));
        }
    }

    // ---- what it does

    @Override
    public Integer call() throws LoopscopeException {
        return LabFailure.guard(lab, this::work);
    }

    private int work() throws LoopscopeException {
        OutFile.check(output.out);
        boolean one = ofRuns() && (input.source.file != null || input.source.prompt != null);
        if (ofRuns()) {
            settings.check();
        } else {
            precision.value();
        }
        if (ofSets()) {
            checkSources(one);
        }
        Values values = options.values();
        lab.check(values);
        if (ofSets() && sets.read != null) {
            refuseOptionsOfMeasuring();
        }
        figure.check();
        for (FileKind file : options.files()) {
            OutFile.check(options.file(file).orElse(null));
            Checks.require(
                    !one || options.file(file).isEmpty(),
                    "--" + file.name() + ": expected --set or --read with it, found one run.");
        }
        Checks.require(
                options.figureOption() == null || figure.wanted() || !ofRuns(),
                options.figureOption() + " says what is drawn: expected --figure FILE with it.");
        return ofSets() && !one ? ofSet((SetLab<?, ?, ?>) lab, values) : ofRun((RunLab) lab, values);
    }

    private @Nullable String set() {
        return spec.commandLine().getParseResult().matchedOptionValue("--set", (String) null);
    }

    private void checkSources(boolean one) throws LoopscopeException {
        boolean onlyDraws = lab instanceof SetLab<?, ?, ?> of && of.drawing().contains(PromptKind.SEED);
        Checks.require(
                one || !onlyDraws || !given("--seed") || given("--sample"),
                "--seed: expected --sample N with it, found none.");
        if (ofSinglePrompts()) {
            checkSinglePrompt();
            return;
        }
        if (!ofRuns()) {
            Checks.setOrRead(lab.command(), set(), output.out, sets.read);
            return;
        }
        String command = lab.command();
        Checks.require(
                (one ? 1 : 0) + (set() != null ? 1 : 0) + (sets.read != null ? 1 : 0) <= 1,
                command + ": expected one of a capture or prompt, --set FILE and --read FILE; found more.");
        Checks.require(
                one || set() != null || sets.read != null,
                command + ": expected a capture, a prompt, --set FILE or --read FILE.");
        Checks.require(set() == null || output.out != null, "--set: expected --out FILE.csv for the rows, found none.");
        Checks.require(
                sets.read == null || output.out == null,
                "--read shows rows that are there: expected no --out, found " + output.out + ".");
        if (!one) {
            refuseOptionsOfOneRun();
        }
        for (String option : List.of("--limit", "--sample")) {
            Checks.require(!one || !given(option), option + ": expected --set with it, found one run.");
        }
    }

    private void checkSinglePrompt() throws LoopscopeException {
        long sources = Stream.of(prompt.text, prompt.ids, prompt.file, set(), sets.read)
                .filter(Objects::nonNull)
                .count();
        Checks.require(
                sources == 1,
                lab.command() + ": expected one of --prompt, --token-ids, --prompt-file, --set and --read, found "
                        + (sources == 0 ? "none." : "several."));
        Checks.require(
                set() == null || output.out != null, "--set: expected --out FILE with it, where the rows are kept.");
        Checks.require(sets.read == null || output.out == null, "--read: expected no --out with it, nothing is run.");
    }

    private void refuseOptionsOfOneRun() throws LoopscopeException {
        String found = set() != null ? "--set." : "--read.";
        Checks.require(
                options.tableOption() == null,
                options.tableOption() + " is of one run: expected a capture or a prompt, found " + found);
        List<OptionSpec> ofRuns = Stream.of(
                        CommandSpec.forAnnotatedObject(new RunSettings()),
                        CommandSpec.forAnnotatedObject(new FormatOptions()))
                .flatMap(mixin -> mixin.options().stream())
                .toList();
        for (OptionSpec option : ofRuns) {
            boolean setting =
                    lab.asked().stream().anyMatch(s -> option.longestName().equals("--" + s.name()));
            Checks.require(
                    setting || OF_SETS_TOO.contains(option.longestName()) || !given(option.longestName()),
                    option.longestName() + " is of one run: expected a capture or a prompt with it, found " + found);
        }
    }

    private void refuseOptionsOfMeasuring() throws LoopscopeException {
        for (Setting<?> setting : lab.asked()) {
            Checks.require(
                    setting.isForShowing() || !given("--" + setting.name()),
                    "--" + setting.name() + " decides what is measured: expected --set with it, found --read.");
        }
    }

    private boolean given(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    private <P, R extends Record, S> int ofSet(SetLab<P, R, S> of, Values values) throws LoopscopeException {
        FigureKind kind = options.figure(lab.figures().get(0));
        SetLabWork<P, R, S> work = new SetLabWork<>(of, environment, values);
        Optional<S> summary = sets.read != null
                ? Optional.of(of.summarise(sets.read))
                : work.run(items(of, values), output.out, progress, this::open);
        if (summary.isEmpty()) {
            return ExitCode.CANCELLED;
        }
        String option = options.figureOption() == null ? "--figure" : options.figureOption();
        work.show(summary.get(), kind, option, figure, output.json);
        if (!output.json) {
            SetWork.written(environment, output.out, figure);
        }
        MeasuredOn from =
                new MeasuredOn(work.model(), sets.read != null ? sets.read.toString() : String.valueOf(set()));
        for (FileKind file : options.files()) {
            Optional<Path> path = options.file(file);
            if (path.isPresent()) {
                OutFile.write(path.get(), of.file(file, summary.get(), values, from));
                environment.err().println("Written to " + path.get() + ".");
            }
        }
        return ExitCode.FINE;
    }

    /** Read when the model is open, which may take long. */
    private <P> SetLabWork.Items<P> items(SetLab<P, ?, ?> of, Values values) {
        String set = set();
        return set != null
                ? told -> of.prompts().read(set, values, told)
                : told -> List.of(of.prompts().single().orElseThrow().of(prompt.readText(), prompt.readIds(), values));
    }

    private LoopedModel open(RunControl control) throws LoopscopeException {
        String name = !ofRuns() ? model.name : input.model == null ? Models.EMBEDDED : input.model;
        SpecialTokensOption special = ofRuns() ? settings.specialTokens : specialTokens;
        return special.of(Models.open(name, ofRuns() ? settings.precision() : precision.value(), control));
    }

    private int ofRun(RunLab of, Values values) throws LoopscopeException {
        TableKind table = options.table(of);
        of.check(table, figure.wanted(), values, settings.shownRule());
        FigureKind usual =
                table.figure().or(() -> lab.figures().stream().findFirst()).orElse(NO_FIGURE);
        FigureKind drawn = options.figure(usual);
        RunLabWork.Format written =
                output.json ? RunLabWork.Format.json : format.csv ? RunLabWork.Format.csv : format.format;
        return new RunLabWork(of, environment, values, table)
                .run(input, settings, progress, drawn, figure, written, output.out);
    }
}
