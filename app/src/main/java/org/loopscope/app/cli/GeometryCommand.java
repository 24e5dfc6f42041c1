package org.loopscope.app.cli;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.geometry.EffectiveRank;
import org.loopscope.analysis.geometry.GeometryTables;
import org.loopscope.analysis.geometry.LayerGeometry;
import org.loopscope.analysis.geometry.LongRun;
import org.loopscope.analysis.geometry.Motion;
import org.loopscope.analysis.geometry.MotionClassifier;
import org.loopscope.analysis.geometry.Orbits;
import org.loopscope.analysis.geometry.StepGeometry;
import org.loopscope.model.Capture;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tech.tablesaw.api.Table;

/** How the states of a capture move, as a table. */
@Command(
        name = "geometry",
        description =
                "Shows how the state of every token moves from loop to loop: step size, angle, direction and acceleration;"
                        + " with --what also layers, effective rank, PCA orbits, and where a long run ends.",
        customSynopsis = {
            "loopscope geometry [--model M] (CAPTURE | --prompt TEXT | --token-ids IDS |",
            "                          --prompt-file FILE) [options]"
        },
        synopsisHeading = "Usage: ",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  loopscope geometry capture.safetensors --csv",
            "  loopscope geometry --prompt \"people Ann's friend's boss is\" --what motion --long 64"
        },
        versionProvider = LoopscopeCommand.Version.class)
final class GeometryCommand implements Callable<Integer> {
    /** Which table is written. */
    enum What {
        steps,
        layers,
        rank,
        orbits,
        motion,
        distance
    }

    private record Result(Table table, String statement) {}

    private final CommandEnvironment environment;

    @Mixin
    private final CaptureInput input = new CaptureInput();

    @Mixin
    private final RunSettings settings = new RunSettings();

    @Option(
            names = "--what",
            paramLabel = "TABLE",
            defaultValue = "steps",
            description =
                    "steps; layers (with --layers); rank; orbits (with --layers: of layers too); motion or distance"
                            + " (a long run is made). Default: steps.")
    private What what = What.steps;

    @Option(
            names = "--tokens",
            split = ",",
            paramLabel = "POS",
            description = "With --what orbits: positions that are fitted together, from 0. Default: all.")
    @Nullable
    private List<Integer> tokens;

    @Option(
            names = "--long",
            paramLabel = "N",
            defaultValue = "64",
            description = "With --what motion or distance: steps of the long run, 8 to 64. Default: 64.")
    private int longSteps = LongRun.STEPS;

    @Mixin
    private final TableOutput output = new TableOutput();

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    GeometryCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws LoopscopeException {
        output.check();
        settings.check();
        if (longSteps < MotionClassifier.MIN_STEPS || longSteps > RunOptions.MAX_STEPS) {
            throw new LoopscopeException("--long: expected " + MotionClassifier.MIN_STEPS + " to "
                    + RunOptions.MAX_STEPS + ", found " + longSteps + ".");
        }
        if (what == What.layers) {
            settings.layers = true;
        }
        try (ProgressOption.Work work = progress.start(environment);
                PromptRun run = input.open(settings, work)) {
            Result result = result(run, work.control());
            work.line().clear();
            String dtype = run.capture().model().computeDtype();
            output.write(result.table(), result.statement(), dtype, environment);
            return input.told(run.capture(), environment.err());
        }
    }

    private Result result(PromptRun run, RunControl control) throws LoopscopeException {
        Capture capture = run.capture();
        return switch (what) {
            case steps -> new Result(StepGeometry.of(capture).toTable(), "step outputs h_t, after the final norm");
            case layers ->
                new Result(
                        LayerGeometry.of(capture, control).toTable(),
                        "residual stream after each layer against before it, before the final norm");
            case rank -> new Result(ranks(capture, control), rankStatement(capture));
            case orbits -> orbits(capture, control);
            case motion, distance -> longRun(run, control);
        };
    }

    private static String rankStatement(Capture capture) {
        return "effective rank exp(H) of the states of " + EffectiveRank.tokensOf(capture.length()) + " of "
                + capture.length() + " tokens, each scaled to RMS 1";
    }

    private Table ranks(Capture capture, RunControl control) {
        return GeometryTables.ranks(
                EffectiveRank.ofSteps(capture, control),
                settings.layers ? EffectiveRank.ofLayers(capture, control) : new double[0][]);
    }

    private Result orbits(Capture capture, RunControl control) throws LoopscopeException {
        List<Integer> chosen = tokens == null
                ? IntStream.range(0, capture.length()).boxed().toList()
                : tokens.stream().distinct().toList();
        for (int p : chosen) {
            if (p < 0 || p >= capture.length()) {
                throw new LoopscopeException(
                        "--tokens: expected positions 0 to " + (capture.length() - 1) + ", found " + p + ".");
            }
        }
        if (capture.steps() * chosen.size() < 2 && !settings.layers) {
            throw new LoopscopeException("Orbits: expected at least two states, found one; take more steps or tokens.");
        }
        Orbits orbits = Orbits.of(capture, chosen, settings.layers, control);
        String shares = String.format(
                Locale.ROOT,
                "one PCA of %d states; axes 1 to 3 explain %.1f %%, %.1f %%, %.1f %% of the variance",
                orbits.fitted(),
                100 * orbits.explained(0),
                100 * orbits.explained(1),
                100 * orbits.explained(2));
        return new Result(orbits.toTable(), shares);
    }

    private Result longRun(PromptRun run, RunControl control) throws LoopscopeException {
        LongRun longRun = LongRun.run(run.model(), run.capture(), longSteps, control);
        StringBuilder statement = new StringBuilder("run of " + longSteps + " steps");
        for (Motion.Kind kind : Motion.Kind.values()) {
            int count = longRun.count(kind);
            statement.append(
                    count == 0 ? "" : ", " + count + " of " + run.capture().length() + " " + kind.label());
        }
        Table table = what == What.motion ? GeometryTables.motions(longRun) : GeometryTables.distances(longRun);
        return new Result(table, statement.toString());
    }
}
