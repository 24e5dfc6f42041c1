package org.loopscope.app.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.patch.PatchGrid;
import org.loopscope.analysis.patch.PatchPair;
import org.loopscope.analysis.patch.PatchPairs;
import org.loopscope.analysis.patch.PatchSet;
import org.loopscope.analysis.patch.PatchSettings;
import org.loopscope.analysis.patch.PatchSource;
import org.loopscope.analysis.patch.PatchSummary;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.plugin.figure.PatchFigures;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Replaces one state at a time and measures what becomes of the answer. */
@Command(
        name = "patch",
        description =
                "Replaces the state of one step at one token by another, for every step and token of every pair of prompts, and"
                        + " measures what becomes of the clean prompt's answer.",
        customSynopsis = {
            "loopscope probe patch --set PAIRS.jsonl --out FILE.csv [options]",
            "       loopscope probe patch --prompt TEXT --corrupted TEXT --answer WORD --out FILE.csv [options]"
        },
        synopsisHeading = "Usage: ",
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  loopscope probe patch --set embedded/patch-pairs.jsonl --out patch.csv --figure by-step.png",
            "  loopscope probe patch --prompt \"people Ann's friend's boss is\" --corrupted \"people Bob's friend's boss is\""
                    + " --answer Sue --out one.csv --figure heatmap.png"
        },
        versionProvider = LoopscopeCommand.Version.class)
final class ProbePatchCommand implements Callable<Integer> {
    private final CommandEnvironment environment;

    @Option(
            names = "--set",
            paramLabel = "FILE",
            description =
                    "JSONL with prompt, answer, corrupted, and if known corrupted_answer and group; or a set that comes"
                            + " with the program, such as embedded/patch-pairs.jsonl.")
    @Nullable
    String set;

    @Option(names = "--prompt", paramLabel = "TEXT", description = "One clean prompt instead of a set.")
    @Nullable
    String prompt;

    @Option(
            names = "--corrupted",
            paramLabel = "TEXT",
            description = "With --prompt: the corrupted prompt, of the same number of tokens.")
    @Nullable
    String corrupted;

    @Option(names = "--answer", paramLabel = "WORD", description = "With --prompt: the clean prompt's answer.")
    @Nullable
    String answer;

    @Option(
            names = "--source",
            paramLabel = "SOURCE",
            defaultValue = "clean",
            description =
                    "What takes the place of a state: clean (the clean prompt's state into the corrupted run); into the"
                            + " clean run: corrupted, mean (of the set), noise, zero, or skip (the state one loop earlier)."
                            + " Default: clean.")
    String source = "clean";

    @Option(names = "--layers", description = "Patch after every layer instead of after every step.")
    boolean layers;

    @Option(
            names = "--noise",
            paramLabel = "X",
            defaultValue = "1",
            description = "Standard deviation of the noise, as a multiple of the state's root mean square. Default: 1.")
    double noise;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Seed of the noise. Default: 0.")
    long seed;

    @Mixin
    private final ProbeOptions options = new ProbeOptions();

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    ProbePatchCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws LoopscopeException {
        options.check();
        PatchSource chosen = PatchSource.parse(source);
        if (!(noise > 0 && noise < 1e6)) {
            throw new LoopscopeException("--noise: expected a number above 0, found " + noise + ".");
        }
        SetFile file = file();
        List<PatchPair> pairs = options.limited(pairs(file));
        try (ProgressOption.Work work = progress.start(environment);
                LoopedModel model = options.open(work.control())) {
            PatchSettings settings = new PatchSettings(options.steps(model), layers, chosen, noise, seed);
            return patch(model, settings, file, pairs, work);
        }
    }

    private int patch(
            LoopedModel model, PatchSettings settings, SetFile file, List<PatchPair> pairs, ProgressOption.Work work)
            throws LoopscopeException {
        KeptItems kept = new KeptItems(before -> {
            if (before > 0) {
                environment.err().println("Going on after " + before + " of " + pairs.size() + " pairs.");
            }
        });
        Optional<PatchGrid> only;
        try {
            only = new PatchSet(model, file, pairs, settings).run(options.out(), kept, work.control());
        } catch (CancellationException e) {
            work.line().clear();
            return options.cancelled(environment, e, kept.items(), "pairs");
        }
        work.line().clear();
        tell(model, settings, pairs, only);
        return ExitCode.FINE;
    }

    /** One pair is shown as the heatmap, a set as the effect by step. */
    private void tell(LoopedModel model, PatchSettings settings, List<PatchPair> pairs, Optional<PatchGrid> only)
            throws LoopscopeException {
        environment.out().println("Patching written to " + options.out() + ".");
        PatchSummary summary = PatchSummary.read(options.out());
        if (pairs.size() == 1) {
            if (only.isPresent()) {
                options.draw(PatchFigures.heatmap(only.get(), pairs.get(0), null), environment);
            }
        } else {
            int perLoop = layers ? model.config().layers() : 1;
            options.draw(
                    PatchFigures.byStep(
                            summary, settings.source(), perLoop, options.about(model, Objects.requireNonNull(set))),
                    environment);
        }
        print(summary);
    }

    private void print(PatchSummary summary) {
        TextTable table = new TextTable()
                .left("change")
                .right("step")
                .right("layer")
                .left("tokens")
                .right("n")
                .right("recovery")
                .left("95 %");
        for (PatchSummary.Line line : summary.lines()) {
            table.row(List.of(
                    line.change(),
                    Integer.toString(line.step()),
                    line.layer() < 0 ? "" : Integer.toString(line.layer()),
                    line.role(),
                    Integer.toString(line.n()),
                    String.format(Locale.ROOT, "%.3f", line.mean()),
                    Shown.interval(line.interval())));
        }
        table.print(environment.out());
        environment
                .out()
                .println(summary.pairs() - summary.withoutGap() + " of " + summary.pairs()
                        + " pairs counted; in the others the clean run does not make the answer twice as probable.");
    }

    private SetFile file() throws LoopscopeException {
        if ((set == null) == (prompt == null)) {
            throw new LoopscopeException("What to patch: expected one of --set and --prompt.");
        }
        if (set != null) {
            return SetFile.open(set);
        }
        if (corrupted == null || answer == null) {
            throw new LoopscopeException("--prompt: expected --corrupted and --answer with it.");
        }
        return SetFile.of("--prompt", prompt + "\n" + corrupted + "\n" + answer);
    }

    private List<PatchPair> pairs(SetFile file) throws LoopscopeException {
        if (set != null) {
            return PatchPairs.read(file.reader(), file.name());
        }
        List<PatchPair> one = new ArrayList<>();
        one.add(new PatchPair(
                String.valueOf(prompt),
                String.valueOf(corrupted),
                String.valueOf(answer),
                Optional.empty(),
                Optional.empty()));
        return one;
    }
}
