package org.loopscope.app.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.depth.DepthCurve;
import org.loopscope.analysis.depth.DepthData;
import org.loopscope.analysis.depth.DepthSweep;
import org.loopscope.analysis.depth.DraftAcceptance;
import org.loopscope.analysis.depth.DraftAcceptance.Tokens;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.figure.ChartFigure;
import org.loopscope.model.Capture;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.open.Models;
import org.loopscope.plugin.figure.DepthFigures;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What more or fewer loops would change, for a run or a prompt set. */
@Command(
        name = "depth",
        description =
                "Shows what every number of loops up to T would say and cost, from one run at T: quality, agreement,"
                        + " uncertainty, gate and arithmetic by step, and early steps as drafts of the last one. With --set for"
                        + " a prompt set, which can be stopped at any time and goes on where it was.",
        customSynopsis = {
            "loopscope depth [--model M] (CAPTURE | --prompt TEXT | --token-ids IDS |",
            "                       --prompt-file FILE) [--what TABLE] [options]",
            "       loopscope depth [--model M] --set FILE --out FILE.csv [--steps T] [options]",
            "       loopscope depth --read FILE.csv [options]      (a set that is finished)"
        },
        synopsisHeading = "Usage: ",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  loopscope depth --prompt \"people Ann's friend's boss is\" --steps 8",
            "  loopscope depth --prompt \"calc 2+2=\" --generate 24 --no-stop --what draft --block 4",
            "  loopscope depth --set embedded/people.jsonl --steps 16 --out depth.csv --figure depth.svg"
        },
        versionProvider = LoopscopeCommand.Version.class)
final class DepthCommand implements Callable<Integer> {
    private static final int BLOCK = 4;
    private static final int MOST_BLOCK = 64;
    /** Options of a single run, which the runs of a set do not follow. */
    private static final List<String> ONE_RUN = List.of(
            "--layers",
            "--exit-rule",
            "--kv",
            "--skip-loops",
            "--draft-step",
            "--draft-tokens",
            "--chat",
            "--no-stop",
            "--temperature",
            "--top-p",
            "--seed",
            "--csv",
            "--format");

    /** Which table of one run is written. */
    enum What {
        steps,
        tokens,
        draft
    }

    /** Which picture is drawn. */
    enum Picture {
        quality,
        probability,
        entropy,
        gate,
        cost,
        draft
    }

    private final CommandEnvironment environment;

    @Mixin
    private final CaptureInput input = new CaptureInput();

    @Mixin
    private final RunSettings settings = new RunSettings();

    @Option(
            names = "--set",
            paramLabel = "FILE",
            description =
                    "Instead of one run: the prompts of a set, JSONL or CSV, or the name of one that comes with the"
                            + " program. Rows go to --out as they come; --steps is T, --generate the tokens after a prompt without"
                            + " answer.")
    @Nullable
    private String set;

    @Option(names = "--read", paramLabel = "FILE", description = "Show the finished rows of a set; nothing is run.")
    @Nullable
    private Path read;

    @Option(
            names = "--what",
            paramLabel = "TABLE",
            description =
                    "Of one run: steps, all tokens together; tokens, each by itself; draft, early steps as drafts of"
                            + " the last. Without it: steps.")
    @Nullable
    private What what;

    @Option(
            names = "--block",
            paramLabel = "K",
            description = "Tokens drafted before they are verified, 1 to 64. Without it: 4.")
    @Nullable
    private Integer block;

    @Mixin
    private final FigureFile figure = new FigureFile();

    @Option(
            names = "--picture",
            paramLabel = "NAME",
            description = "With --figure: quality, probability, entropy, gate, cost or draft. Without it:"
                    + " quality, with --what draft: draft.")
    @Nullable
    private Picture picture;

    @Option(names = "--by-group", description = "With --set or --read: the table for every group of prompts as well.")
    private boolean byGroup;

    @Option(names = "--json", description = "Print one JSON object instead of the table.")
    private boolean json;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "Of one run: table or csv. Without it: table.")
    private TableFormat format = TableFormat.table;

    @Option(names = "--csv", description = "The same as --format csv.")
    private boolean csv;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Write the table of one run to this file instead of stdout; with --set the rows.")
    @Nullable
    private Path out;

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    DepthCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws LoopscopeException {
        check();
        if (read != null) {
            return show(DepthData.read(read));
        }
        return set != null ? ofSet(set) : ofRun();
    }

    private void check() throws LoopscopeException {
        OutFile.check(out);
        settings.check();
        boolean one = input.source.file != null || input.source.prompt != null;
        Checks.require(
                (one ? 1 : 0) + (set != null ? 1 : 0) + (read != null ? 1 : 0) <= 1,
                "depth: expected one of a capture or prompt, --set FILE and --read FILE; found more.");
        Checks.require(
                one || set != null || read != null, "depth: expected a capture, a prompt, --set FILE or --read FILE.");
        Checks.require(set == null || out != null, "--set: expected --out FILE.csv for the rows, found none.");
        Checks.require(
                read == null || out == null, "--read shows rows that are there: expected no --out, found " + out + ".");
        Checks.require(
                one || what == null,
                "--what is of one run: expected a capture or a prompt, found " + (set != null ? "--set." : "--read."));
        for (String option : ONE_RUN) {
            Checks.require(
                    one || !spec.commandLine().getParseResult().hasMatchedOption(option),
                    option + " is of one run: expected a capture or a prompt with it, found "
                            + (set != null ? "--set." : "--read."));
        }
        Checks.require(!one || !byGroup, "--by-group: expected --set or --read with it, found one run.");
        Checks.require(
                block == null || (block >= 1 && block <= MOST_BLOCK),
                "--block: expected 1 to " + MOST_BLOCK + ", found " + block + ".");
        Checks.require(
                picture == null || figure.wanted(), "--picture says what is drawn: expected --figure FILE with it.");
        figure.check();
    }

    private Picture picture() {
        if (picture != null) {
            return picture;
        }
        return what == What.draft ? Picture.draft : Picture.quality;
    }

    // ---- a set

    private int ofSet(String name) throws LoopscopeException {
        Path file = Objects.requireNonNull(out);
        String model = input.model == null ? Models.EMBEDDED : input.model;
        return SetWork.run(
                        environment,
                        progress,
                        model,
                        settings.precision(),
                        settings.specialTokens,
                        file,
                        (opened, control) -> {
                            int trained = opened.config().trainedSteps();
                            int steps = settings.steps == null ? trained : settings.steps;
                            int before = new DepthSweep(opened, SetFile.prompts(name), steps, settings.generate)
                                    .run(file, control);
                            return new SetWork.Done(before, steps);
                        })
                ? show(DepthData.read(file))
                : ExitCode.CANCELLED;
    }

    private int show(DepthData data) throws LoopscopeException {
        DepthShown shown = new DepthShown(data, blocks());
        figure.draw(() -> DepthFigures.curve(shown.curve(), curves()));
        if (json) {
            environment.out().println(Json.write(shown.json()));
            return ExitCode.FINE;
        }
        shown.print(environment.out(), byGroup);
        SetWork.written(environment, out, figure);
        return ExitCode.FINE;
    }

    // ---- one run

    private int ofRun() throws LoopscopeException {
        try (ProgressOption.Work work = progress.start(environment);
                PromptRun run = input.open(settings, work)) {
            Capture capture = run.capture();
            LensGrid lens = LogitLens.steps(
                    capture, run.model().unembedding(), run.model().tokenizer(), 1, work.control());
            work.line().clear();
            if (what == What.draft || picture() == Picture.draft) {
                Checks.require(lens.steps() > 1, "Drafts: expected a run of 2 steps or more, found 1.");
            }
            figure.draw(() -> picture(lens));
            DepthRunShown shown = new DepthRunShown(lens, what == null ? What.steps : what, blocks());
            if (json) {
                write(Json.write(shown.json()) + "\n");
            } else {
                write(csv() ? shown.csv() : shown.text());
            }
            toldOfFigure();
            SetWork.outsideTraining(environment, lens.steps(), capture.config().trainedSteps());
            return input.told(capture, environment.err());
        }
    }

    private void write(String text) throws LoopscopeException {
        if (out == null) {
            PrintWriter to = csv() ? environment.exactOut() : environment.out();
            to.print(text);
            to.flush();
        } else {
            OutFile.write(out, text);
            environment.out().println("Table written to " + out + ".");
        }
    }

    private int blocks() {
        return block == null ? BLOCK : block;
    }

    // ---- figures

    private DepthFigures.Curves curves() {
        return picture() == Picture.draft
                ? DepthFigures.Curves.DRAFTS
                : DepthFigures.Curves.valueOf(picture().name().toUpperCase(Locale.ROOT));
    }

    private ChartFigure picture(LensGrid lens) {
        if (picture() != Picture.draft) {
            return DepthFigures.curve(DepthCurve.ofRun(lens), curves());
        }
        Capture capture = lens.capture();
        return DepthFigures.draft(
                DraftAcceptance.of(lens, Tokens.ALL, blocks()),
                DraftAcceptance.of(lens, Tokens.GENERATED, blocks()),
                capture.config().trainedSteps(),
                capture.model().computeDtype() + ", " + capture.model().id());
    }

    /** Not behind a table for programs on standard output. */
    private void toldOfFigure() {
        if (!json && !(out == null && csv())) {
            figure.told(environment);
        }
    }

    private boolean csv() {
        return csv || format == TableFormat.csv;
    }
}
