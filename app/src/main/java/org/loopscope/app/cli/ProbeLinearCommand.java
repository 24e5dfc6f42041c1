package org.loopscope.app.cli;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.probe.DepthProbes;
import org.loopscope.analysis.probe.ProbeFolds;
import org.loopscope.analysis.probe.ProbeInput;
import org.loopscope.analysis.probe.ProbeResult;
import org.loopscope.analysis.probe.ProbeRow;
import org.loopscope.analysis.probe.ProbeRun;
import org.loopscope.analysis.probe.ProbeSet;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.plugin.figure.ProbeFigures;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains linear probes on the states of the last prompt token, place after place. */
@Command(
        name = "linear",
        description =
                "Trains a linear probe on the last prompt token's state after every layer of every step, to predict the model's own"
                        + " answer at each step and the gold label; beside each what it finds in shuffled labels.",
        customSynopsis = "loopscope probe linear --set FILE --out FILE.csv [options]",
        synopsisHeading = "Usage: ",
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  loopscope probe linear --set embedded/probe-cups.jsonl --out probe.csv --figure probe.png",
            "  loopscope probe linear --model ByteDance/Ouro-1.4B --set quora_duplicate_questions.tsv --limit 1000"
                    + " --out qqp.csv"
        },
        versionProvider = LoopscopeCommand.Version.class)
final class ProbeLinearCommand implements Callable<Integer> {
    private final CommandEnvironment environment;

    @Mixin
    private final ProbeSetOptions input = new ProbeSetOptions();

    @Mixin
    private final ProbeOptions options = new ProbeOptions();

    @Option(
            names = "--states",
            paramLabel = "WHERE",
            defaultValue = "layers",
            description =
                    "layers (the residual stream after every layer of every step) or steps (the output of every step)."
                            + " Default: layers.")
    String states = "layers";

    @Option(
            names = "--folds",
            paramLabel = "K",
            defaultValue = "5",
            description =
                    "Folds of the cross-validation, where the set does not mark train and test: every class in about equal"
                            + " shares, and what has a prompt or a unit in common in the same fold. Default: 5.")
    int folds;

    @Option(
            names = "--l2",
            paramLabel = "X",
            defaultValue = "0.1",
            description = "Strength of the penalty, X times the number of features. Default: 0.1.")
    double l2;

    @Option(
            names = "--shuffles",
            paramLabel = "N",
            defaultValue = "20",
            description =
                    "How often the labels are shuffled beside every probe, 20 to 1000; the band of chance goes from the lowest"
                            + " to the highest AUC. Default: 20.")
    int shuffles;

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    ProbeLinearCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws LoopscopeException {
        options.check();
        if (!states.equals("layers") && !states.equals("steps")) {
            throw new LoopscopeException("--states: expected layers or steps, found \"" + states + "\".");
        }
        if (!(l2 > 0 && l2 < 1e9)) {
            throw new LoopscopeException("--l2: expected a number above 0, found " + l2 + ".");
        }
        Checks.require(
                shuffles >= DepthProbes.Settings.USUAL_SHUFFLES && shuffles <= 1000,
                "--shuffles: expected a number from 20 to 1000, found " + shuffles + ".");
        ProbeInput asked = input.read(options, environment);
        tellShared(asked);
        try (ProgressOption.Work work = progress.start(environment);
                LoopedModel model = options.open(work.control())) {
            int layers = states.equals("layers") ? model.config().layers() : 0;
            DepthProbes.Settings settings =
                    new DepthProbes.Settings(options.steps(model), layers, folds, l2, input.seed, shuffles);
            return probe(
                    model,
                    new ProbeRun(model, asked, settings),
                    asked.set().items().size(),
                    work);
        }
    }

    private void tellShared(ProbeInput asked) {
        int shared = ProbeFolds.sharedAcrossSplit(asked.set().items());
        if (shared > 0) {
            environment
                    .err()
                    .println(shared
                            + " prompts marked for testing share a prompt or a unit with one for training; what they"
                            + " measure is not new to the probe.");
        }
    }

    private int probe(LoopedModel model, ProbeRun run, int prompts, ProgressOption.Work work)
            throws LoopscopeException {
        Kept kept = new Kept(prompts, run.probeCount());
        try {
            run.run(options.out(), kept, work.control());
        } catch (CancellationException e) {
            work.line().clear();
            if (kept.probes == 0) {
                environment
                        .err()
                        .println("The states of " + kept.prompts + " prompts are kept in "
                                + ProbeRun.statesOf(options.out()) + ".");
            }
            return options.cancelled(environment, e, kept.probes, "probes");
        }
        work.line().clear();
        tell(model);
        return ExitCode.FINE;
    }

    /** What the files hold; says at the start what an earlier call has left. */
    private final class Kept implements ProbeRun.Kept {
        private final int allPrompts;
        private final int allProbes;
        private boolean started;
        private int prompts;
        private int probes;

        Kept(int allPrompts, int allProbes) {
            this.allPrompts = allPrompts;
            this.allProbes = allProbes;
        }

        @Override
        public void holds(int ofPrompts, int ofProbes) {
            if (!started && ofPrompts > 0) {
                environment
                        .err()
                        .println("Going on after " + ofPrompts + " of " + allPrompts + " prompts and " + ofProbes
                                + " of " + allProbes + " probes.");
            }
            started = true;
            prompts = ofPrompts;
            probes = ofProbes;
        }
    }

    private void tell(LoopedModel model) throws LoopscopeException {
        List<ProbeRow> rows = ProbeRow.read(options.out());
        environment.out().println("Probes written to " + options.out() + ".");
        String about = options.about(model, input.set());
        int layers = states.equals("layers") ? model.config().layers() : 1;
        options.draw(ProbeFigures.auc(rows, layers, about), environment);
        TextTable table = new TextTable()
                .left("target")
                .right("step")
                .right("layer")
                .right("AUC")
                .left("95 %")
                .right("accuracy")
                .right("majority")
                .right("shuffled")
                .left("lowest to highest")
                .right("selectivity");
        for (ProbeRow row : rows) {
            ProbeResult probe = row.probe();
            table.row(List.of(
                    row.target(),
                    Integer.toString(row.step()),
                    row.layer() < 0 ? "" : Integer.toString(row.layer()),
                    number(probe.auc()),
                    Shown.interval(probe.aucInterval()),
                    number(probe.accuracy()),
                    number(probe.majority()),
                    number(row.shuffled().mean()),
                    Shown.interval(
                            new Interval(row.shuffled().low(), row.shuffled().high())),
                    number(row.selectivity())));
        }
        table.print(environment.out());
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.3f", value);
    }

    /** Where the prompts of a probe come from. */
    static final class ProbeSetOptions {
        @Option(
                names = "--set",
                paramLabel = "FILE",
                required = true,
                description =
                        "JSONL with prompt, answer, choices and split, or with question1, question2 and label; the Quora question"
                                + " pairs as published (.tsv); or a set that comes with the program, such as embedded/probe-cups.jsonl.")
        @Nullable
        String set;

        @Option(
                names = "--template",
                paramLabel = "TEXT",
                description =
                        "How a pair of questions is asked, with {question1}, {question2} and \\n for a new line. Answers are"
                                + " True and False. Default: as docs/guide/faithfulness-lab.md says.")
        @Nullable
        String template;

        @Option(
                names = "--sample",
                paramLabel = "N",
                description =
                        "Draw N prompts or pairs of the set (of the first --limit ones), rather than the first N. Default:"
                                + " all are taken.")
        @Nullable
        Integer sample;

        @Option(
                names = "--seed",
                paramLabel = "N",
                defaultValue = "0",
                description =
                        "Seed of what is drawn: the sample; in probe linear also folds and shuffled labels. Default: 0.")
        long seed;

        String set() {
            return String.valueOf(set);
        }

        String template() throws LoopscopeException {
            if (template == null) {
                return ProbeSet.TEMPLATE;
            }
            if (!template.contains("{question1}") || !template.contains("{question2}")) {
                throw new LoopscopeException(
                        "--template: expected {question1} and {question2} in it, found \"" + template + "\".");
            }
            return template.replace("\\n", "\n");
        }

        ProbeInput read(ProbeOptions options, CommandEnvironment environment) throws LoopscopeException {
            Checks.atLeast("--sample", sample, 1);
            int limit = options.limit == null ? Integer.MAX_VALUE : options.limit;
            ProbeInput all = ProbeInput.open(set(), template(), limit);
            ProbeInput read = sample == null ? all : all.sampled(sample, seed);
            if (read.set().leftOut() > 0) {
                environment
                        .err()
                        .println(read.set().leftOut() + " lines of " + set() + " lack fields and are left out.");
            }
            return read;
        }
    }
}
