package org.loopscope.app.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.gate.GateData;
import org.loopscope.analysis.gate.GateSet;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.analysis.set.Scope;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.plugin.figure.GateSetFigures;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whether the exit gate knows what another loop is worth, over a set of prompts. */
@Command(
        name = "gate",
        description =
                "Sets the exit gate of every token of a prompt set against what the loop before it gained and what the next one"
                        + " would: calibration, the largest gates, saturation. Rows are kept as they come.",
        customSynopsis = {
            "loopscope gate [--model M] --set FILE --out FILE.csv [options]",
            "       loopscope gate --read FILE.csv [options]      (a diagnosis that is finished)"
        },
        synopsisHeading = "Usage: ",
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  loopscope gate --set embedded/people.jsonl --out gate.csv --figure gate.svg",
            "  loopscope gate --read gate.csv --scope answer --json",
            "  loopscope gate --model ./Ouro-1.4B --set set.jsonl --generate 64 --out gate.csv"
        },
        versionProvider = LoopscopeCommand.Version.class)
final class GateCommand implements Callable<Integer> {
    /** What the figure shows. */
    enum What {
        calibration,
        gain
    }

    private final CommandEnvironment environment;

    @Mixin
    private final ModelOption model = new ModelOption();

    @Option(
            names = "--set",
            paramLabel = "FILE",
            description =
                    "Prompts, JSONL or CSV, or a set that comes with the program, such as embedded/people.jsonl. An answer is"
                            + " given behind its prompt.")
    @Nullable
    private String set;

    @Mixin
    private final LimitOption limit = new LimitOption();

    @Option(
            names = "--steps",
            paramLabel = "T",
            description = "Recurrent steps, 2 to 64. Without it: as many as the model was trained with.")
    @Nullable
    private Integer steps;

    @Mixin
    private final SpecialTokensOption specialTokens = new SpecialTokensOption();

    @Mixin
    private final PrecisionOption precision = new PrecisionOption();

    @Option(
            names = "--generate",
            paramLabel = "N",
            defaultValue = "0",
            description = "Tokens generated at full depth after a prompt without answer. Without it: none.")
    private int generate;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "The CSV to write, a row per prompt, token and step. Rows are kept in FILE.part as they come; the same"
                            + " command goes on there.")
    @Nullable
    private Path out;

    @Option(names = "--read", paramLabel = "FILE", description = "Show a finished diagnosis; nothing is run.")
    @Nullable
    private Path read;

    @Option(
            names = "--scope",
            paramLabel = "TOKENS",
            description = "Count only these: prompt, answer or generated. Without it: all.")
    @Nullable
    private String scope;

    @Mixin
    private final FigureFile figure = new FigureFile();

    @Option(
            names = "--what",
            paramLabel = "FIGURE",
            defaultValue = "calibration",
            description = "Which figure: calibration or gain. Without it: calibration.")
    private What what = What.calibration;

    @Option(names = "--json", description = "Print one JSON object instead of the tables.")
    private boolean json;

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    GateCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws LoopscopeException {
        check();
        if (read != null) {
            return show(GateData.read(read));
        }
        Path file = Objects.requireNonNull(out);
        return SetWork.run(
                        environment,
                        progress,
                        model.name,
                        precision.value(),
                        specialTokens,
                        file,
                        (opened, control) -> {
                            int maxSteps = steps == null ? opened.config().trainedSteps() : steps;
                            int before = new GateSet(opened, prompts(), maxSteps, generate).run(file, control);
                            return new SetWork.Done(before, maxSteps);
                        })
                ? show(GateData.read(file))
                : ExitCode.CANCELLED;
    }

    private void check() throws LoopscopeException {
        Checks.setOrRead("gate", set, out, read);
        limit.check();
        Checks.atLeast("--generate", generate, 0);
        Checks.steps(steps, 2);
        Checks.require(
                scope == null
                        || Scope.named(scope).filter(s -> s != Scope.PROBLEM).isPresent(),
                "--scope: expected prompt, answer or generated, found \"" + scope + "\".");
        precision.value();
        OutFile.check(out);
        figure.check();
    }

    private List<Prompt> prompts() throws LoopscopeException {
        return limit.of(SetFile.prompts(Objects.requireNonNull(set)).prompts());
    }

    private int show(GateData data) throws LoopscopeException {
        Optional<Scope> wanted = scope == null ? Optional.empty() : Scope.named(scope);
        if (wanted.isPresent() && !data.scopes().contains(wanted.get())) {
            throw new LoopscopeException("--scope: expected one of "
                    + String.join(
                            ", ", data.scopes().stream().map(Scope::cliName).toList()) + ", found \"" + scope
                    + "\".");
        }
        figure.draw(
                () -> what == What.gain ? GateSetFigures.gain(data, wanted) : GateSetFigures.calibration(data, wanted));
        GateShown shown = new GateShown(data, wanted);
        if (json) {
            environment.out().println(Json.write(shown.json()));
            return ExitCode.FINE;
        }
        shown.print(environment.out());
        SetWork.written(environment, out, figure);
        return ExitCode.FINE;
    }
}
