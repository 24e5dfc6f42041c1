package org.loopscope.app.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.lens.tuned.LensTraining;
import org.loopscope.analysis.table.Tables;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.Precision;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.open.Models;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tech.tablesaw.api.Table;

/** Trains a tuned lens on the user's text. */
@Command(
        name = "tuned-lens",
        description =
                "Trains an affine translator for every layer, so that the lens reads from it what the last step will say. Every"
                        + " fifth text is held out; the divergence there is told before and after.",
        customSynopsis = "loopscope train tuned-lens [--model M] (--text FILE | --set FILE) --out FILE [options]",
        synopsisHeading = "Usage: ",
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  loopscope train tuned-lens --set embedded/people.jsonl --out lens.safetensors",
            "  loopscope lens --prompt \"people Ann's friend's boss is\" --tuned lens.safetensors"
        },
        versionProvider = LoopscopeCommand.Version.class)
final class TrainTunedLensCommand implements Callable<Integer> {
    /** One or the other. */
    static final class Source {
        @Option(
                names = "--text",
                paramLabel = "FILE",
                description = "A UTF-8 text file; each line is a text of its own.")
        @Nullable
        Path text;

        @Option(
                names = "--set",
                paramLabel = "FILE",
                description =
                        "A prompt set (JSONL or CSV), or one that comes with the program, such as embedded/people.jsonl; its"
                                + " prompts are the texts.")
        @Nullable
        String set;
    }

    private final CommandEnvironment environment;

    @Option(names = "--model", paramLabel = "DIR|embedded", description = "The model. Default: embedded.")
    private String model = Models.EMBEDDED;

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Source source = new Source();

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "The lens to write.")
    private Path out = Path.of("lens.safetensors");

    @Option(names = "--per-step", description = "One translator per step and layer. Default: shared over the steps.")
    private boolean perStep;

    @Option(names = "--steps", paramLabel = "T", description = "Steps of the runs. Default: as trained.")
    @Nullable
    private Integer steps;

    @Option(
            names = "--precision",
            paramLabel = "P",
            defaultValue = "float32",
            description =
                    "float32, bf16-weights, bfloat16 or int8-weights, as for run; runs in another precision are refused by"
                            + " the lens, except between the first two. Default: float32.")
    private String precision = "float32";

    @Option(names = "--epochs", paramLabel = "N", defaultValue = "5", description = "Passes over the text. Default: 5.")
    private int epochs;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "4000",
            description = "Tokens of the text that are used, texts drawn by the seed. Default: 4000.")
    private int maxTokens;

    @Option(
            names = "--piece",
            paramLabel = "N",
            defaultValue = "128",
            description = "Longer texts are cut into pieces of N tokens. Default: 128.")
    private int piece;

    @Option(names = "--rate", paramLabel = "X", description = "Rate of Adam at the start. Default: 0.02 / √d.")
    @Nullable
    private Double rate;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Of the order. Default: 0.")
    private long seed;

    @Option(names = "--csv", description = "Print the divergences as CSV.")
    private boolean csv;

    @Mixin
    private final SpecialTokensOption specialTokens = new SpecialTokensOption();

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    TrainTunedLensCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws LoopscopeException {
        check();
        Path file = source.set == null ? Objects.requireNonNull(source.text) : Path.of(source.set);
        List<String> texts = source.set == null ? LensTraining.lines(file) : LensTraining.prompts(source.set);
        LensTraining.Plan plan = new LensTraining.Plan(
                perStep,
                steps == null ? OptionalInt.empty() : OptionalInt.of(steps),
                epochs,
                maxTokens,
                piece,
                rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate),
                seed);
        try (ProgressOption.Work work = progress.start(environment);
                LoopedModel opened = specialTokens.of(Models.open(model, Precision.parse(precision), work.control()))) {
            LensTraining.Result result = LensTraining.run(opened, file, texts, plan, out, work.control());
            work.line().clear();
            print(result);
        }
        return ExitCode.FINE;
    }

    private void check() throws LoopscopeException {
        OutFile.check(out);
        Precision.parse(precision);
        within("--epochs", epochs, 1, 10_000);
        within("--max-tokens", maxTokens, 1, 10_000_000);
        within("--piece", piece, 2, 1 << 20);
        within("--steps", steps == null ? 1 : steps, 1, RunOptions.MAX_STEPS);
        if (rate != null && !(rate > 0 && rate <= 1)) {
            throw new LoopscopeException("--rate: expected a number above 0 and up to 1, found " + rate + ".");
        }
    }

    private static void within(String option, int value, int least, int most) throws LoopscopeException {
        if (value < least || value > most) {
            throw new LoopscopeException(option + ": expected " + least + " to " + most + ", found " + value + ".");
        }
    }

    private void print(LensTraining.Result trained) {
        PrintWriter result = environment.out();
        Table table = trained.fit().toTable();
        if (csv) {
            environment.exactOut().print(TableFormat.csv.text(Tables.withComputeDtype(table, trained.computeDtype())));
        } else {
            result.println(trained.summary());
            result.println();
            result.print(TableFormat.table.text(table));
            result.println();
            result.println("Lens written to " + out + ".");
        }
        result.flush();
    }
}
