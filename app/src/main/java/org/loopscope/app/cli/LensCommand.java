package org.loopscope.app.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.lens.GroupTrajectories;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.analysis.lens.PredictionDepth;
import org.loopscope.analysis.lens.TokenGroup;
import org.loopscope.analysis.lens.tuned.TunedLens;
import org.loopscope.analysis.lens.tuned.TunedLensFile;
import org.loopscope.analysis.table.Tables;
import org.loopscope.model.Capture;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tech.tablesaw.api.Table;

/** The logit lens of a capture as a table. */
@Command(
        name = "lens",
        description =
                "Shows what every loop step (and, with --layers, every layer in it) would say: the most probable next tokens, the"
                        + " rank of the final one, entropy and the divergence from the last step.",
        customSynopsis =
                "loopscope lens [--model M] (CAPTURE | --prompt TEXT | --token-ids IDS | --prompt-file FILE) [options]",
        synopsisHeading = "Usage: ",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  loopscope lens capture.safetensors --top 3",
            "  loopscope lens --prompt \"people Ann's friend's boss is\" --layers --format csv --out lens.csv"
        },
        versionProvider = LoopscopeCommand.Version.class)
final class LensCommand implements Callable<Integer> {
    /** How the lens is written. */
    enum Format {
        table,
        csv,
        json
    }

    /** Which table is written. */
    enum What {
        top,
        depth
    }

    private final CommandEnvironment environment;

    @Mixin
    private final CaptureInput input = new CaptureInput();

    @Mixin
    private final RunSettings settings = new RunSettings();

    @Option(
            names = "--top",
            paramLabel = "K",
            defaultValue = "5",
            description = "Predictions kept per token and row. Default: 5.")
    private int top;

    @Option(
            names = "--tuned",
            paramLabel = "FILE",
            description =
                    "Read the layers through a tuned lens, as loopscope train tuned-lens writes it; implies --layers.")
    @Nullable
    private Path tuned;

    @Option(
            names = "--what",
            paramLabel = "TABLE",
            description = "top, the predictions; depth, from which step (or, with --layers, layer) on the most probable"
                    + " token of every position is the final one. Default: top.")
    private What what = What.top;

    @Option(
            names = "--groups",
            paramLabel = "WORDS",
            description = "Instead of the top K: the probability of groups of tokens, as in"
                    + " \"yes: yes Yes; no: no No\"; with --tuned through that lens. With --format table or csv.")
    @Nullable
    private String groups;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table, csv or json. Default: table.")
    private Format format = Format.table;

    @Option(names = "--json", description = "The same as --format json.")
    private boolean json;

    @Option(names = "--out", paramLabel = "FILE", description = "Write to this file instead of stdout.")
    @Nullable
    private Path out;

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    LensCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws LoopscopeException {
        OutFile.check(out);
        settings.check();
        if (top < 1) {
            throw new LoopscopeException("--top: expected 1 or more, found " + top + ".");
        }
        Checks.require(
                what == What.top || groups == null,
                "--what depth and --groups are two tables: expected one of them, found both.");
        Checks.require(
                what == What.top || !(json || format == Format.json),
                "--what depth: expected --format table or csv, found json.");
        Optional<TunedLens> lens = tuned == null ? Optional.empty() : Optional.of(TunedLensFile.read(tuned));
        settings.layers |= lens.isPresent();
        try (ProgressOption.Work work = progress.start(environment);
                PromptRun run = input.open(settings, work, model -> {
                    if (lens.isPresent()) {
                        lens.get().requireModel(model, String.valueOf(tuned));
                    }
                })) {
            String text = text(run, lens, work.control());
            work.line().clear();
            if (out == null) {
                PrintWriter to = format == Format.csv ? environment.exactOut() : environment.out();
                to.print(text);
                to.flush();
            } else {
                OutFile.write(out, text);
                environment.out().println("Lens written to " + out + ".");
            }
            return input.told(run.capture(), environment.err());
        }
    }

    private String text(PromptRun run, Optional<TunedLens> lens, RunControl control) throws LoopscopeException {
        if (groups != null) {
            return groupText(run, lens, groups, control);
        }
        LensGrid grid = grid(run, lens, control);
        if (what == What.top) {
            return new LensText(grid).as(json ? Format.json : format);
        }
        Table depths = PredictionDepth.of(grid).toTable();
        return format == Format.csv
                ? TableFormat.csv.text(
                        Tables.withComputeDtype(depths, run.capture().model().computeDtype()))
                : "prediction depth: from which depth on the most probable token is the final one; n = "
                        + grid.positions() + " tokens, " + grid.statement() + "\n\n" + TableFormat.table.text(depths);
    }

    /** Groups at every position; refuses what is not defined for them. */
    private String groupText(PromptRun run, Optional<TunedLens> lens, String words, RunControl control)
            throws LoopscopeException {
        if (json || format == Format.json) {
            throw new LoopscopeException("--groups: expected --format table or csv, found json.");
        }
        Capture capture = run.capture();
        List<TokenGroup> parsed = TokenGroup.parse(
                words, run.model().tokenizer(), run.model().unembedding().vocabSize());
        List<Integer> all = IntStream.range(0, capture.length()).boxed().toList();
        GroupTrajectories result;
        if (lens.isPresent()) {
            result = lens.get().groups(capture, run.model().unembedding(), all, parsed, control);
        } else {
            result = GroupTrajectories.of(capture, run.model().unembedding(), all, parsed, settings.layers, control);
        }
        return format == Format.csv
                ? TableFormat.csv.text(Tables.withComputeDtype(
                        result.toTable(), capture.model().computeDtype()))
                : "summed probability of each group, " + result.statement() + "\n\n"
                        + TableFormat.table.text(result.toTable());
    }

    private LensGrid grid(PromptRun run, Optional<TunedLens> lens, RunControl control) throws LoopscopeException {
        Capture capture = run.capture();
        int k = Math.min(top, capture.config().vocabSize());
        if (lens.isPresent()) {
            return lens.get()
                    .read(capture, run.model().unembedding(), run.model().tokenizer(), k, control);
        }
        if (!settings.layers) {
            return LogitLens.steps(
                    capture, run.model().unembedding(), run.model().tokenizer(), k, control);
        }
        return LogitLens.layers(capture, run.model().unembedding(), run.model().tokenizer(), k, control);
    }
}
