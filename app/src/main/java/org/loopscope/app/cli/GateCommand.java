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
import org.loopscope.analysis.exit.GateDiagnosis;
import org.loopscope.analysis.exit.GateDiagnosis.Format;
import org.loopscope.analysis.gate.GateCalibration;
import org.loopscope.analysis.gate.GateData;
import org.loopscope.analysis.gate.GateSet;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.prompts.PromptSet;
import org.loopscope.analysis.sweep.SweepRow.Scope;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.Models;
import org.loopscope.model.Precision;
import org.loopscope.model.RunOptions;
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

    @Option(
            names = "--model",
            paramLabel = "DIR|embedded",
            defaultValue = Models.EMBEDDED,
            description =
                    "A checkpoint folder, a name in the Hugging Face cache such as ByteDance/Ouro-1.4B, or embedded. Without it: embedded.")
    private String model = Models.EMBEDDED;

    @Option(
            names = "--set",
            paramLabel = "FILE",
            description =
                    "Prompts, JSONL or CSV, or a set that comes with the program, such as embedded/people.jsonl. An answer is"
                            + " given behind its prompt.")
    @Nullable
    private String set;

    @Option(names = "--limit", paramLabel = "N", description = "Only the first N prompts of the set. Without it: all.")
    @Nullable
    private Integer limit;

    @Option(
            names = "--steps",
            paramLabel = "T",
            description = "Recurrent steps, 2 to 64. Without it: as many as the model was trained with.")
    @Nullable
    private Integer steps;

    @Option(
            names = "--precision",
            paramLabel = "P",
            defaultValue = "float32",
            description = "float32, bf16-weights, bfloat16 or int8-weights, as for run. Without it: float32.")
    private String precision = "float32";

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
        try (ProgressOption.Work work = progress.start(environment);
                LoopedModel opened = Models.open(model, Precision.parse(precision), work.control())) {
            int maxSteps = steps == null ? opened.config().trainedSteps() : steps;
            int before = new GateSet(opened, prompts(), maxSteps, generate).run(file, work.control());
            work.line().clear();
            SetWork.wentOn(environment, before);
            SetWork.outsideTraining(environment, maxSteps, opened.config().trainedSteps());
        } catch (CancellationException e) {
            return SetWork.cancelled(environment, file);
        }
        return show(GateData.read(file));
    }

    private void check() throws LoopscopeException {
        Checks.require(
                read != null || (set != null && out != null),
                "gate: expected --set FILE and --out FILE, or --read FILE.");
        Checks.require(
                read == null || (set == null && out == null),
                "gate: expected --read FILE alone, or --set and --out, found both.");
        Checks.require(limit == null || limit >= 1, "--limit: expected 1 or more, found " + limit + ".");
        Checks.require(generate >= 0, "--generate: expected 0 or more, found " + generate + ".");
        Checks.require(
                steps == null || (steps >= 2 && steps <= RunOptions.MAX_STEPS),
                "Steps: expected a number from 2 to " + RunOptions.MAX_STEPS + ", found " + steps + ".");
        Checks.require(
                scope == null
                        || Scope.named(scope).filter(s -> s != Scope.PROBLEM).isPresent(),
                "--scope: expected prompt, answer or generated, found \"" + scope + "\".");
        Precision.parse(precision);
        OutFile.check(out);
        figure.check();
    }

    private List<Prompt> prompts() throws LoopscopeException {
        SetFile file = SetFile.open(Objects.requireNonNull(set));
        List<Prompt> all = PromptSet.read(file.reader(), file.name()).prompts();
        return limit == null || limit >= all.size() ? all : all.subList(0, limit);
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
        GateCalibration gate = data.calibration(wanted);
        if (json) {
            environment.out().println(Json.write(json(data, wanted, gate)));
            return ExitCode.FINE;
        }
        print(data, wanted, gate);
        if (out != null) {
            environment.out().println("Rows written to " + out + ".");
        }
        figure.told(environment);
        return ExitCode.FINE;
    }

    private void print(GateData data, Optional<Scope> wanted, GateCalibration gate) {
        var to = environment.out();
        to.println("Model      " + data.model() + ", " + data.computeDtype() + ", T = " + data.steps());
        to.println("Counted    " + wanted.map(Scope::title).orElse("all tokens") + " of " + gate.prompts() + " prompts"
                + (data.problems() == 0
                        ? ""
                        : " (" + data.problems() + " prompts not measured: a number was not finite)")
                + "; 95 % bootstrap intervals over prompts");
        to.println(GateSetFigures.warnings(gate));
        to.println();
        TextTable bySteps = new TextTable()
                .right("after loop")
                .right("gates")
                .right("mean lambda")
                .right("above 0.5622")
                .left("95 %")
                .right("gain of the next loop, nats")
                .left("95 %");
        for (GateCalibration.Step step : gate.steps()) {
            bySteps.row(List.of(
                    Integer.toString(step.step()),
                    Long.toString(step.n()),
                    number(step.lambda()),
                    number(step.above()),
                    Shown.interval(step.aboveInterval()),
                    number(step.nextGain()),
                    Shown.interval(step.gainInterval())));
        }
        bySteps.print(to);
        for (GateCalibration.Target target : GateCalibration.Target.values()) {
            to.println();
            to.println(
                    target == GateCalibration.Target.NEXT_GAIN
                            ? "1 - lambda and the gain of the next loop, nats"
                            : String.format(
                                    Locale.ROOT,
                                    "1 - lambda and the ideal probability to go on %s; calibration error %.3f",
                                    target.title(),
                                    gate.calibrationError(target)));
            TextTable bins = new TextTable()
                    .right("1 - lambda")
                    .right("gates")
                    .right("prompts")
                    .right("mean")
                    .left("95 %");
            for (GateCalibration.Bin bin : gate.bins(target)) {
                bins.row(List.of(
                        number(bin.predicted()),
                        Long.toString(bin.n()),
                        Integer.toString(bin.prompts()),
                        number(bin.observed()),
                        Shown.interval(bin.interval())));
            }
            bins.print(to);
        }
        to.println();
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.3f", value);
    }

    /** The object of docs/cli.md. */
    private static ObjectNode json(GateData data, Optional<Scope> wanted, GateCalibration gate) {
        ObjectNode root = Json.object()
                .put("model", data.model())
                .put("compute_dtype", data.computeDtype())
                .put("max_steps", data.steps())
                .put("scope", wanted.map(Scope::cliName).orElse(null))
                .put("prompts", gate.prompts())
                .put("prompts_not_measured", data.problems())
                .put("gates", gate.gates())
                .put("largest_ideal_lambda", GateDiagnosis.LARGEST_IDEAL_LAMBDA)
                .put("above_ideal", gate.aboveIdeal());
        Json.put(root, "above_ideal_low", gate.aboveInterval().low());
        Json.put(root, "above_ideal_high", gate.aboveInterval().high());
        Json.put(root, "largest_lambda", gate.largestLambda());
        ObjectNode saturated = root.putObject("saturated");
        for (Format format : Format.values()) {
            saturated.put(format.title(), gate.saturated(format));
        }
        ArrayNode bySteps = root.putArray("steps");
        for (GateCalibration.Step step : gate.steps()) {
            ObjectNode one = bySteps.addObject().put("step", step.step()).put("gates", step.n());
            Json.put(one, "mean_lambda", step.lambda());
            Json.put(one, "above_ideal", step.above(), step.aboveInterval());
            Json.put(one, "next_gain", step.nextGain(), step.gainInterval());
        }
        ObjectNode targets = root.putObject("calibration");
        for (GateCalibration.Target target : GateCalibration.Target.values()) {
            ObjectNode one = targets.putObject(target.name().toLowerCase(Locale.ROOT));
            if (target != GateCalibration.Target.NEXT_GAIN) {
                Json.put(one, "error", gate.calibrationError(target));
            }
            ArrayNode bins = one.putArray("bins");
            for (GateCalibration.Bin bin : gate.bins(target)) {
                ObjectNode at = bins.addObject().put("n", bin.n()).put("prompts", bin.prompts());
                Json.put(at, "bin_low", bin.low());
                Json.put(at, "bin_high", bin.high());
                Json.put(at, "predicted_continue", bin.predicted());
                Json.put(at, "observed", bin.observed(), bin.interval());
            }
        }
        return root;
    }
}
