package org.loopscope.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.loopscope.app.base.NoDisplayException;
import org.loopscope.bench.BenchResult;
import org.loopscope.bench.BenchRun;
import org.loopscope.bench.BenchShape;
import org.loopscope.bench.MachineInfo;
import org.loopscope.bench.Measurement;
import org.loopscope.bench.TimedWindow;
import org.loopscope.bench.WindowTimes;
import org.loopscope.bench.WindowWork;
import org.loopscope.model.Precision;
import org.loopscope.model.backend.Backend;
import org.loopscope.model.base.IoReason;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.base.TemporaryFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how fast the program is on this machine, beside what the machine allows. */
@Command(
        name = "bench",
        description =
                "Measures prompts, generation, the lens, loading, capturing and the window on this machine, each beside what its products"
                        + " and its memory allow in the same run. Takes about a minute for the small shapes, many for ouro-1.4b.",
        customSynopsis = "loopscope bench [--shape SHAPE,...] [--only NAME,...] [options]",
        synopsisHeading = "Usage: ",
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        footer = {
            "",
            "Names: prefill-64, prefill-256, decode, lens, load, capture-overhead, early-exit, slider, heatmap-scroll,",
            "fx-longest. The last two, and slider to its picture, open a window for a while.",
            "",
            "Examples:",
            "  loopscope bench",
            "  loopscope bench --shape ouro-1.4b --only prefill-64,decode --model-dir ./checkpoints --json"
        },
        versionProvider = LoopscopeCommand.Version.class)
final class BenchCommand implements Callable<Integer> {
    private final CommandEnvironment environment;

    @Option(
            names = "--shape",
            paramLabel = "SHAPE",
            split = ",",
            description =
                    "embedded (the trained model), tiny, ouro-1.4b (random ones, made on disk first; the last takes 2.9 GB there"
                            + " and 6 GB of memory). Default: embedded,tiny.")
    private List<String> shapes = List.of();

    @Option(
            names = "--precision",
            paramLabel = "P",
            split = ",",
            description = "float32, bf16-weights, bfloat16, int8-weights. Default: float32.")
    private List<String> precisions = List.of();

    @Option(names = "--only", paramLabel = "NAME", split = ",", description = "Measure these only. Default: all.")
    private List<String> only = List.of();

    @Option(
            names = "--repeat",
            paramLabel = "N",
            description = "Runs that count, after warming up. Default: 20, for ouro-1.4b 3.")
    @Nullable
    private Integer repeat;

    @Option(
            names = "--model-dir",
            paramLabel = "DIR",
            description = "Where random checkpoints are kept, to be used again. Default: a folder for temporary files.")
    @Nullable
    private Path modelDir;

    @Option(names = "--json", description = "Print one JSON object instead of the table.")
    private boolean json;

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    BenchCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws LoopscopeException {
        BenchRun run = new BenchRun(shapes(), precisions(), measurements(), repeat(), base(), this::timed);
        Backend.require();
        List<String> told = new ArrayList<>();
        List<BenchResult> results;
        MachineInfo machine;
        try (ProgressOption.Work work = progress.start(environment)) {
            machine = MachineInfo.current(environment.variables());
            results = run.measure(told::add, work.control());
        }
        told.forEach(environment.err()::println);
        BenchOutput output = new BenchOutput(machine, results);
        if (json) {
            environment.out().println(Json.write(output.json()));
        } else {
            output.print(environment.out());
        }
        return ExitCode.FINE;
    }

    private WindowTimes timed(WindowWork work, RunControl control) throws TimedWindow.Missing {
        try {
            return environment.window().time(work, control);
        } catch (NoDisplayException e) {
            throw new TimedWindow.Missing(e);
        }
    }

    private List<BenchShape> shapes() throws LoopscopeException {
        List<BenchShape> parsed = new ArrayList<>();
        for (String shape : shapes) {
            parsed.add(BenchShape.parse(shape.strip()));
        }
        return parsed.isEmpty() ? List.of(BenchShape.EMBEDDED, BenchShape.TINY) : parsed;
    }

    private List<Precision> precisions() throws LoopscopeException {
        List<Precision> parsed = new ArrayList<>();
        for (String precision : precisions) {
            parsed.add(Precision.parse(precision));
        }
        return parsed.isEmpty() ? List.of(Precision.FLOAT32) : parsed;
    }

    private List<Measurement> measurements() throws LoopscopeException {
        List<Measurement> parsed = new ArrayList<>();
        for (String name : only) {
            parsed.add(Measurement.parse(name.strip()));
        }
        return parsed.isEmpty() ? List.of(Measurement.values()) : parsed;
    }

    private OptionalInt repeat() throws LoopscopeException {
        if (repeat == null) {
            return OptionalInt.empty();
        }
        if (repeat < 1) {
            throw new LoopscopeException("--repeat: expected 1 or more, found " + repeat + ".");
        }
        return OptionalInt.of(repeat);
    }

    private Path base() throws LoopscopeException {
        if (modelDir == null) {
            try {
                return TemporaryFolder.ofThisUser().resolve("bench");
            } catch (IOException e) {
                throw new LoopscopeException("The temporary folder cannot be written (" + IoReason.of(e) + ").", e);
            }
        }
        if (Files.exists(modelDir) && !Files.isDirectory(modelDir)) {
            throw new LoopscopeException("--model-dir: expected a folder, found the file " + modelDir + ".");
        }
        return modelDir;
    }
}
