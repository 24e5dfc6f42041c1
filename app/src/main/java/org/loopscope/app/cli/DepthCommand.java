package org.loopscope.app.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.Tables;
import org.loopscope.analysis.depth.DepthCurve;
import org.loopscope.analysis.depth.DepthData;
import org.loopscope.analysis.depth.DepthSweep;
import org.loopscope.analysis.depth.DraftAcceptance;
import org.loopscope.analysis.depth.DraftAcceptance.Tokens;
import org.loopscope.analysis.depth.DraftReplay;
import org.loopscope.analysis.depth.TokenDepth;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.analysis.prompts.PromptSet;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.Models;
import org.loopscope.plugin.figure.ChartFigure;
import org.loopscope.plugin.figure.DepthFigures;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tech.tablesaw.api.Table;

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
        try (ProgressOption.Work work = progress.start(environment);
                LoopedModel opened = Models.open(
                        input.model == null ? Models.EMBEDDED : input.model, settings.precision(), work.control())) {
            PromptSet prompts = PromptSet.read(SetFile.open(name).reader(), name);
            int steps = settings.steps == null ? opened.config().trainedSteps() : settings.steps;
            int before = new DepthSweep(opened, prompts, steps, settings.generate).run(file, work.control());
            work.line().clear();
            SetWork.wentOn(environment, before);
            outside(steps, opened.config().trainedSteps());
        } catch (CancellationException e) {
            return SetWork.cancelled(environment, file);
        }
        return show(DepthData.read(file));
    }

    private void outside(int steps, int trained) {
        if (steps > trained) {
            environment
                    .err()
                    .println("Outside training: the model was trained with T = " + trained + ", T = " + steps
                            + " was run; steps after " + trained + " are extrapolation.");
        }
    }

    private int show(DepthData data) throws LoopscopeException {
        DepthShown shown = new DepthShown(data, blocks());
        figure.draw(() -> DepthFigures.curve(shown.curve(), curves()));
        if (json) {
            environment.out().println(Json.write(shown.json()));
            return ExitCode.FINE;
        }
        shown.print(environment.out(), byGroup);
        if (out != null) {
            environment.out().println("Rows written to " + out + ".");
        }
        toldOfFigure();
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
            if (json) {
                write(Json.write(json(lens)) + "\n");
            } else {
                write(csv || format == TableFormat.csv ? csv(lens) : text(lens));
            }
            toldOfFigure();
            outside(lens.steps(), capture.config().trainedSteps());
            return input.told(capture, environment.err());
        }
    }

    private void write(String text) throws LoopscopeException {
        if (out == null) {
            environment.out().print(text);
            environment.out().flush();
        } else {
            OutFile.write(out, text);
            environment.out().println("Table written to " + out + ".");
        }
    }

    private int blocks() {
        return block == null ? BLOCK : block;
    }

    private Table table(LensGrid lens) {
        return switch (what == null ? What.steps : what) {
            case steps -> DepthCurve.ofRun(lens).toTable();
            case tokens -> TokenDepth.table(lens);
            case draft -> draftTable(lens);
        };
    }

    private String csv(LensGrid lens) {
        return TableFormat.csv.text(
                Tables.withComputeDtype(table(lens), lens.capture().model().computeDtype()));
    }

    private String text(LensGrid lens) {
        String table = what == null || what == What.steps
                ? DepthShown.text(DepthCurve.ofRun(lens), blocks())
                : TableFormat.table.text(table(lens));
        return statement(lens) + "\n\n" + table + replays(lens);
    }

    private Table draftTable(LensGrid lens) {
        Table table = DraftAcceptance.of(lens, Tokens.ALL, blocks()).toTable();
        DraftAcceptance generated = DraftAcceptance.of(lens, Tokens.GENERATED, blocks());
        return generated.n() == 0 ? table : table.append(generated.toTable());
    }

    private String statement(LensGrid lens) {
        int n = lens.positions();
        return switch (what == null ? What.steps : what) {
            case steps ->
                "means over " + n + " tokens of one run, every T up to " + lens.steps() + " read from it, "
                        + lens.statement();
            case tokens -> "every T up to " + lens.steps() + " read from one run, " + lens.statement();
            case draft ->
                "drafts that step " + lens.steps() + " would accept, read from one run; the speed-up is estimated,"
                        + " " + lens.statement();
        };
    }

    /** What drafting would have done on this very text, below the table of drafts. */
    private String replays(LensGrid lens) {
        if (what != What.draft) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        for (int s = 1; s < lens.steps(); s++) {
            Optional<DraftReplay> replay = DraftReplay.of(lens, s, blocks());
            int step = s;
            replay.ifPresent(r -> text.append(String.format(
                    Locale.ROOT,
                    "%nDrafting this text at step %d, blocks of %d: %d rounds, %d of %s%d drafts accepted, %d passes instead of"
                            + " %d.",
                    step,
                    blocks(),
                    r.rounds(),
                    r.accepted(),
                    r.draftedExactly() ? "" : "at most ",
                    r.drafted(),
                    r.passes(),
                    r.fullDepthLoops())));
        }
        return text.isEmpty() ? "" : text.append(System.lineSeparator()).toString();
    }

    private ObjectNode json(LensGrid lens) {
        Capture capture = lens.capture();
        ObjectNode object = Json.object()
                .put("model", capture.model().id())
                .put("compute_dtype", capture.model().computeDtype())
                .put("max_steps", lens.steps())
                .put("trained_steps", capture.config().trainedSteps());
        ArrayNode rows = object.putArray((what == null ? What.steps : what).name());
        Table table = table(lens);
        for (int i = 0; i < table.rowCount(); i++) {
            ObjectNode row = rows.addObject();
            for (var column : table.columns()) {
                Object value = column.isMissing(i) ? null : column.get(i);
                if (value instanceof Double number) {
                    Json.put(row, column.name(), number);
                } else if (value instanceof Integer number) {
                    row.put(column.name(), number);
                } else if (value instanceof Boolean truth) {
                    row.put(column.name(), truth);
                } else {
                    row.put(column.name(), value == null ? null : String.valueOf(value));
                }
            }
        }
        return object;
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

    private void toldOfFigure() {
        if (!json) {
            figure.told(environment);
        }
    }
}
