package org.loopscope.app.cli;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.analysis.sweep.Sweep;
import org.loopscope.analysis.sweep.SweepData;
import org.loopscope.analysis.sweep.SweepPlan;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.plugin.figure.SweepFigure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures exit rules on a prompt set. */
@Command(
        name = "sweep",
        description =
                "Runs every prompt of a set through all loop steps once and tells what each exit rule would save and cost"
                        + " there. Rows are kept as they come: the same command goes on where it was stopped.",
        customSynopsis = {
            "loopscope sweep [--model M] --set FILE --out FILE [options]",
            "       loopscope sweep --read FILE [options]      (a sweep that is finished)"
        },
        synopsisHeading = "Usage: ",
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  loopscope sweep --set embedded/people.jsonl --out people.csv --figure people.svg",
            "  loopscope sweep --model ./Ouro-1.4B --set set.jsonl --rules q:0.1..0.9,entropy,oracle --out sweep.csv",
            "  loopscope sweep --read people.csv --budget 2.5 --json"
        },
        versionProvider = LoopscopeCommand.Version.class)
final class SweepCommand implements Callable<Integer> {
    private final CommandEnvironment environment;

    @Mixin
    private final ModelOption model = new ModelOption();

    @Option(
            names = "--set",
            paramLabel = "FILE",
            description = "Prompts, JSONL or CSV, or a set that comes with the program, such as embedded/people.jsonl.")
    @Nullable
    private String set;

    @Option(
            names = "--rules",
            paramLabel = "RULES",
            defaultValue = "all",
            description =
                    "all, none, or a list such as q:0.1..0.9,entropy:1,kl,oracle: a rule with one threshold, with a"
                            + " range (nine thresholds, or /N of them), or alone for nine over its scale. Without it: all.")
    private String rules = "all";

    @Option(
            names = "--steps",
            paramLabel = "A..B",
            description = "Fixed steps that are compared as well; the last one is T. Without it: 1 to the trained T.")
    @Nullable
    private String steps;

    @Mixin
    private final SpecialTokensOption specialTokens = new SpecialTokensOption();

    @Mixin
    private final PrecisionOption precision = new PrecisionOption();

    @Option(
            names = "--generate",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Tokens generated at full depth after a prompt without answer, and measured. Without it: none.")
    private int generate;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "The CSV file: a row per prompt, rule and kind of tokens.")
    @Nullable
    private Path out;

    @Option(names = "--read", paramLabel = "FILE", description = "Show a finished sweep; nothing is run.")
    @Nullable
    private Path read;

    @Mixin
    private final FigureFile figure = new FigureFile();

    @Option(
            names = "--budget",
            paramLabel = "LOOPS",
            description = "Mean loops within which each rule's best threshold is named. Without it: 0.625 T.")
    @Nullable
    private Double budget;

    @Option(
            names = "--cost",
            paramLabel = "SHARE",
            description = "Name the threshold with the largest quality - SHARE * mean loops / T instead.")
    @Nullable
    private Double cost;

    @Option(names = "--by-group", description = "The table for every group of prompts as well.")
    private boolean byGroup;

    @Option(names = "--json", description = "Print one JSON object instead of the table.")
    private boolean json;

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    SweepCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws LoopscopeException {
        check();
        if (read != null) {
            return show(SweepData.read(read));
        }
        Path file = Objects.requireNonNull(out);
        String prompts = Objects.requireNonNull(set);
        return SetWork.run(
                        environment,
                        progress,
                        model.name,
                        precision.value(),
                        specialTokens,
                        file,
                        (opened, control) -> {
                            int trained = opened.config().trainedSteps();
                            SweepPlan plan = SweepPlan.parse(
                                    steps == null ? "1.." + trained : steps,
                                    rules,
                                    generate,
                                    opened.config().vocabSize());
                            int before = new Sweep(opened, SetFile.prompts(prompts), plan).run(file, control);
                            return new SetWork.Done(before, plan.steps());
                        })
                ? show(SweepData.read(file))
                : ExitCode.CANCELLED;
    }

    private void check() throws LoopscopeException {
        Checks.setOrRead("sweep", set, out, read);
        if (budget != null && !(budget >= 1)) {
            throw new LoopscopeException("--budget: expected 1 loop or more, found " + budget + ".");
        }
        if (cost != null && (!(cost >= 0) || budget != null)) {
            throw new LoopscopeException("--cost: expected 0 or more, and no --budget with it, found " + cost + ".");
        }
        precision.value();
        OutFile.check(out);
        figure.check();
    }

    private int show(SweepData data) throws LoopscopeException {
        SweepShown shown = new SweepShown(data, Optional.ofNullable(budget), Optional.ofNullable(cost));
        figure.draw(() -> SweepFigure.of(shown.curve(Optional.empty()), Optional.empty(), shown.budget()));
        if (json) {
            environment.out().println(Json.write(shown.json()));
        } else {
            shown.print(environment.out(), byGroup);
            SetWork.written(environment, out, figure);
        }
        return ExitCode.FINE;
    }
}
