package org.loopscope.app.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.exit.ExitSummary;
import org.loopscope.analysis.exit.RuleBand;
import org.loopscope.analysis.exit.WeightedExit;
import org.loopscope.analysis.run.ExitTables;
import org.loopscope.analysis.run.GateDiagnosis;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.stat.RunIntervals;
import org.loopscope.app.panels.PanelRegistry;
import org.loopscope.figure.Figure;
import org.loopscope.model.Capture;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.exit.RuleKind;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.PanelState;
import org.loopscope.plugin.Selection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tech.tablesaw.api.Table;

/** The exits of one run, as a table. */
@Command(
        name = "exit",
        description =
                "Shows where an exit rule would leave on one text and what that costs: exit steps with the oracles, every rule's"
                        + " signal, tokens that hang on the exact threshold, what the gate knows, weighted exit.",
        customSynopsis = {
            "loopscope exit [--model M] (CAPTURE | --prompt TEXT | --token-ids IDS |",
            "                      --prompt-file FILE) [options]"
        },
        synopsisHeading = "Usage: ",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  loopscope exit --prompt \"people Ann's friend's boss is\" --rule entropy:1.0",
            "  loopscope exit capture.safetensors --what flips --rule q:0.8 --csv",
            "  loopscope exit capture.safetensors --what gate --figure gate.svg"
        },
        versionProvider = LoopscopeCommand.Version.class)
final class ExitCommand implements Callable<Integer> {
    private static final double DELTA = 0.05;
    /** What predictions are read from; the arithmetic stands behind it. */
    private static final String LENS = "step outputs, final norm applied once";

    /** Which table is written, and the figure of the Exit panel that goes with it. */
    enum What {
        steps("exit-steps"),
        summary("exit-histogram"),
        signals(null),
        flips(null),
        gate("exit-gate-reliability"),
        weighted("exit-weighted");

        private final @Nullable String figure;

        What(@Nullable String figure) {
            this.figure = figure;
        }
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
            description = "steps; summary; signals; flips; gate; weighted. Default: steps.")
    private What what = What.steps;

    @Option(
            names = "--rule",
            paramLabel = "RULE",
            description = "The rule that is replayed, written as for --exit-rule. Default: that of --exit-rule, or"
                    + " q:0.5.")
    @Nullable
    private String rule;

    @Option(
            names = "--delta",
            paramLabel = "SHARE",
            description =
                    "With --what flips: how far the threshold moves to both sides, as a share of its scale, up to 1."
                            + " Default: 0.05.")
    @Nullable
    private Double delta;

    @Mixin
    private final TableOutput output = new TableOutput();

    @Mixin
    private final FigureFile figure = new FigureFile();

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    ExitCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws LoopscopeException {
        ExitRule shown = check();
        try (ProgressOption.Work work = progress.start(environment);
                PromptRun run = input.open(settings, work)) {
            Inspection inspection = Inspection.of(run.capture(), run.model(), 1, work.control());
            Result result = result(inspection, shown, work.control());
            figure.draw(() -> figure(inspection, shown));
            work.line().clear();
            output.write(
                    result.table(), result.statement(), run.capture().model().computeDtype(), environment);
            if (!output.onlyCsv()) {
                figure.told(environment);
            }
            return input.told(run.capture(), environment.err());
        }
    }

    /** Refuses what cannot be used; the rule that is replayed. */
    private ExitRule check() throws LoopscopeException {
        output.check();
        settings.check();
        figure.check();
        ExitRule shown = rule == null ? settings.shownRule() : ExitRule.parse(rule);
        Checks.require(
                delta == null || what == What.flips,
                "--delta says how far a threshold moves: expected --what flips with it, found --what " + what + ".");
        Checks.require(
                delta == null || (delta > 0 && delta <= 1),
                "--delta: expected a number above 0 and up to 1, found " + delta + ".");
        RuleKind kind = RuleKind.of(shown);
        Checks.require(
                what != What.flips || (kind != RuleKind.FULL && kind != RuleKind.FIXED),
                "--what flips: expected a rule with a threshold, found " + shown.spec() + ".");
        Checks.require(
                !figure.wanted() || what.figure != null,
                "--figure: expected --what steps, summary, gate or weighted, which have a figure, found --what " + what
                        + ".");
        return shown;
    }

    private Result result(Inspection inspection, ExitRule shown, RunControl control) {
        return switch (what) {
            case steps -> new Result(ExitTables.steps(inspection, shown), summary(inspection, shown));
            case summary ->
                new Result(
                        ExitTables.summary(inspection, shown),
                        shown.spec() + ", " + origin(inspection.capture(), shown)
                                + "; 95 % intervals of shares over tokens, none below " + RunIntervals.LEAST
                                + " tokens, "
                                + LENS);
            case signals ->
                new Result(
                        ExitTables.signals(inspection),
                        "what each exit rule compares with its threshold; entropy and KL in nats, " + LENS);
            case flips -> flips(inspection, shown);
            case gate -> gate(GateDiagnosis.of(inspection));
            case weighted -> weighted(WeightedExit.of(inspection.capture(), inspection.unembedding(), control));
        };
    }

    private static String summary(Inspection inspection, ExitRule shown) {
        ExitSummary summary = inspection.exits().summary(shown, inspection.lens());
        return String.format(
                Locale.ROOT,
                "%s, %s: mean exit step %.2f of %d, %s fewer loop passes (nominal); same top-1 token as full depth for %s",
                shown.spec(),
                origin(inspection.capture(), shown),
                summary.meanSteps(),
                summary.steps(),
                Shown.percent(summary.savedFraction()),
                share(summary.agreeing(), summary.tokens(), summary.agreement()));
    }

    /** Whether the text is the one that this rule gives. */
    private static String origin(Capture capture, ExitRule shown) {
        if (capture.length() == capture.promptLength()) {
            return "replayed on the given text";
        }
        ExitRule made = capture.options().exitRule();
        return made.equals(shown)
                ? "the rule this text was generated with"
                : "replayed on text that was generated with " + made.spec();
    }

    private static String share(int count, int n, Interval interval) {
        return String.format(Locale.ROOT, "%d of %d (%s)", count, n, interval.words());
    }

    private Result flips(Inspection inspection, ExitRule shown) {
        double share = delta == null ? DELTA : delta;
        Capture capture = inspection.capture();
        RuleBand band = RuleBand.around(
                        shown, share, capture.steps(), capture.config().vocabSize())
                .orElseThrow();
        Table table = ExitTables.flips(inspection, shown, band);
        return new Result(
                table,
                String.format(
                        Locale.ROOT,
                        "%s, %s: %d of %d tokens leave elsewhere at a threshold of %.4g than of %.4g",
                        shown.spec(),
                        origin(capture, shown),
                        table.rowCount(),
                        capture.length(),
                        RuleKind.threshold(band.low()),
                        RuleKind.threshold(band.high())));
    }

    private static Result gate(GateDiagnosis gate) {
        return new Result(
                gate.toTable(),
                String.format(
                        Locale.ROOT,
                        "%s%nCalibration error of 1 - λ: %s against w(t) (n = %d), %s against w(t+1) (n = %d); %s",
                        gate.warnings(),
                        Shown.number(gate.calibrationError(GateDiagnosis.Label.STAGE_TWO), 3),
                        gate.labelled(GateDiagnosis.Label.STAGE_TWO),
                        Shown.number(gate.calibrationError(GateDiagnosis.Label.NEXT_STEP), 3),
                        gate.labelled(GateDiagnosis.Label.NEXT_STEP),
                        LENS));
    }

    private static Result weighted(WeightedExit weighted) {
        int n = weighted.positions();
        int logits = weighted.agreeingLogits();
        int probabilities = weighted.agreeingProbabilities();
        return new Result(
                weighted.toTable(),
                "same top-1 token as full depth: mixture of logits "
                        + share(logits, n, weighted.intervalLogits())
                        + ", of probabilities "
                        + share(probabilities, n, weighted.intervalProbabilities())
                        + "; no loop is saved, "
                        + LENS);
    }

    /** As the Exit panel draws it, the last given token selected. */
    private Figure figure(Inspection inspection, ExitRule shown) throws LoopscopeException {
        Capture capture = inspection.capture();
        Selection selection = new Selection(capture.promptLength() - 1, capture.steps());
        List<PanelProvider> panels =
                PanelRegistry.load((sentence, cause) -> environment.err().println(sentence));
        Optional<Figure> found = panels.stream()
                .filter(panel -> panel.id().equals("exit"))
                .flatMap(panel -> panel.figures(new PanelState(inspection, selection, shown)).stream())
                .filter(f -> f.id().equals(what.figure))
                .findFirst();
        return found.orElseThrow(() -> new LoopscopeException(
                "--figure: expected the Exit panel, which draws it, found none among the panels."));
    }
}
