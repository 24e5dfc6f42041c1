package org.loopscope.plugin.exit;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.loopscope.analysis.exit.ExitSummary;
import org.loopscope.analysis.exit.RuleBand;
import org.loopscope.analysis.exit.WeightedExit;
import org.loopscope.analysis.run.ExitTables;
import org.loopscope.analysis.run.GateDiagnosis;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.stat.RunIntervals;
import org.loopscope.analysis.table.Rows;
import org.loopscope.figure.Figure;
import org.loopscope.lab.FigureKind;
import org.loopscope.lab.Form;
import org.loopscope.lab.GuideText;
import org.loopscope.lab.RunInput;
import org.loopscope.lab.RunLab;
import org.loopscope.lab.RunTable;
import org.loopscope.lab.Setting;
import org.loopscope.lab.TableKind;
import org.loopscope.lab.Values;
import org.loopscope.model.Capture;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.exit.RuleKind;
import org.loopscope.model.exit.RuleSyntax;
import tech.tablesaw.api.Table;

/** Where an exit rule would leave on one text, and what that costs. */
public final class ExitLab implements RunLab {
    static final Setting<ExitRule> RULE = Setting.of(
                    "rule", new Form.Text<>(ExitRule::parse, ExitRule::spec, "an exit rule"))
            .means("The rule that is replayed: " + RuleKind.grammar() + "; " + RuleSyntax.COMPOSING + ".")
            .orNothing("that of --exit-rule, or q:0.5");
    static final Setting<Double> DELTA = Setting.of("delta", new Form.Real(0, 1, true, ""))
            .means("With the table flips: how far the threshold moves to both sides, as a share of its scale, up to 1.")
            .or(ExitFigures.DELTA)
            .expecting("a number above 0 and up to 1");

    /** What predictions are read from; the arithmetic stands behind it. */
    private static final String LENS = "step outputs, final norm applied once";

    private static final TableKind STEPS = TableKind.of(
            "steps",
            "exit step of every token",
            new FigureKind("steps", ExitFigures.STEPS, "Exit step of every token"));
    private static final TableKind SUMMARY = TableKind.of(
            "summary",
            "what the rule saves and costs",
            new FigureKind("summary", ExitFigures.HISTOGRAM, "Tokens by exit step"));
    private static final TableKind SIGNALS = TableKind.of("signals", "what every rule compares");
    private static final TableKind FLIPS =
            TableKind.of("flips", "tokens whose exit changes if the threshold moves slightly");
    private static final TableKind GATE = TableKind.of(
            "gate",
            "what the gate knows",
            new FigureKind("gate", GateFigures.RELIABILITY, "Calibration of the gate on this run"));
    private static final TableKind WEIGHTED = TableKind.of(
            "weighted",
            "all steps weighted by the exit pdf",
            new FigureKind("weighted", WeightedFigure.ID, "Weighted exit, mixed in two ways"));

    @Override
    public String id() {
        return "exit";
    }

    @Override
    public String title() {
        return "Exit";
    }

    @Override
    public String summary() {
        return "Shows where an exit rule would leave on one text and what that costs: exit steps with the oracles, every rule's"
                + " signal, tokens whose exit changes if the threshold moves slightly, what the gate knows, weighted exit.";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "--prompt \"people Ann's friend's boss is\" --rule entropy:1.0",
                "capture.safetensors --table flips --rule q:0.8 --csv",
                "capture.safetensors --table gate --figure gate.svg");
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(RULE, DELTA);
    }

    @Override
    public List<FigureKind> figures() {
        return tables().stream().flatMap(table -> table.figure().stream()).toList();
    }

    @Override
    public String help() {
        return GuideText.page("exit-lab");
    }

    @Override
    public List<TableKind> tables() {
        return List.of(STEPS, SUMMARY, SIGNALS, FLIPS, GATE, WEIGHTED);
    }

    @Override
    public void check(TableKind table, boolean drawn, Values values, ExitRule rule) throws LoopscopeException {
        if (values.isSet(DELTA) && !table.equals(FLIPS)) {
            throw new LoopscopeException(
                    "--delta says how far a threshold moves: expected --table flips with it, found --table "
                            + table.name() + ".");
        }
        ExitRule replayed = values.find(RULE).orElse(rule);
        RuleKind kind = RuleKind.of(replayed);
        if (table.equals(FLIPS) && (kind == RuleKind.FULL || kind == RuleKind.FIXED)) {
            throw new LoopscopeException(
                    "--table flips: expected a rule with a threshold, found " + replayed.spec() + ".");
        }
        if (drawn && table.figure().isEmpty()) {
            throw new LoopscopeException(
                    "--figure: expected --table steps, summary, gate or weighted, which have a figure, found --table "
                            + table.name() + ".");
        }
    }

    @Override
    public RunTable table(TableKind table, RunInput run, Values values) throws LoopscopeException {
        if (table.equals(GATE) || table.equals(WEIGHTED)) {
            run.capture().requireGates("--table " + table.name());
        }
        ExitRule rule = rule(run, values);
        Inspection inspection = run.inspection();
        RunTable made =
                switch (table.name()) {
                    case "summary" ->
                        RunTable.of(
                                ExitTables.summary(inspection, rule),
                                rule.spec() + ", " + origin(run.capture(), rule)
                                        + "; 95 % intervals of shares over tokens, none below " + RunIntervals.LEAST
                                        + " tokens, " + LENS);
                    case "signals" ->
                        RunTable.of(
                                ExitTables.signals(inspection),
                                "what each exit rule compares with its threshold; entropy and KL in nats, " + LENS);
                    case "flips" -> flips(inspection, rule, values.get(DELTA));
                    case "gate" -> gate(GateDiagnosis.of(inspection));
                    case "weighted" ->
                        weighted(WeightedExit.of(run.capture(), inspection.unembedding(), run.control()));
                    default -> RunTable.of(ExitTables.steps(inspection, rule), saved(inspection, rule));
                };
        return RunTable.of(made.data(), made.statement() + ", " + run.dtype());
    }

    private static ExitRule rule(RunInput run, Values values) throws LoopscopeException {
        ExitRule rule = values.find(RULE).orElse(run.rule());
        run.capture().requireGates(rule);
        return rule;
    }

    private static String saved(Inspection inspection, ExitRule rule) {
        ExitSummary summary = inspection.exits().summary(rule, inspection.lens());
        return String.format(
                Locale.ROOT,
                "%s, %s: mean exit step %.2f of %d, %d %% fewer loop passes (nominal); same top-1 token as full depth for %s",
                rule.spec(),
                origin(inspection.capture(), rule),
                summary.meanSteps(),
                summary.steps(),
                Math.round(100 * summary.savedFraction()),
                share(summary.agreeing(), summary.tokens(), summary.agreement()));
    }

    /** Whether the text is the one that this rule gives. */
    private static String origin(Capture capture, ExitRule rule) {
        if (capture.length() == capture.promptLength()) {
            return "replayed on the given text";
        }
        ExitRule made = capture.options().exitRule();
        return made.equals(rule)
                ? "the rule this text was generated with"
                : "replayed on text that was generated with " + made.spec();
    }

    private static String share(int count, int n, Interval interval) {
        return count + " of " + n + " (" + interval.words() + ")";
    }

    private static RunTable flips(Inspection inspection, ExitRule rule, double share) {
        Capture capture = inspection.capture();
        RuleBand band = RuleBand.around(
                        rule, share, capture.steps(), capture.config().vocabSize())
                .orElseThrow();
        Table table = ExitTables.flips(inspection, rule, band);
        return RunTable.of(
                table,
                String.format(
                        Locale.ROOT,
                        "%s, %s: %d of %d tokens leave elsewhere at a threshold of %.4g than of %.4g",
                        rule.spec(),
                        origin(capture, rule),
                        table.rowCount(),
                        capture.length(),
                        RuleKind.threshold(band.low()),
                        RuleKind.threshold(band.high())));
    }

    private static RunTable gate(GateDiagnosis gate) {
        return RunTable.of(
                gate.toTable(),
                String.format(
                        Locale.ROOT,
                        "%s%nCalibration error of 1 - λ: %s against w(t) (n = %d), %s against w(t+1) (n = %d); %s",
                        gate.warnings(),
                        Rows.shown(gate.calibrationError(GateDiagnosis.Label.STAGE_TWO), 3),
                        gate.labelled(GateDiagnosis.Label.STAGE_TWO),
                        Rows.shown(gate.calibrationError(GateDiagnosis.Label.NEXT_STEP), 3),
                        gate.labelled(GateDiagnosis.Label.NEXT_STEP),
                        LENS));
    }

    private static RunTable weighted(WeightedExit weighted) {
        int n = weighted.positions();
        return RunTable.of(
                weighted.toTable(),
                "same top-1 token as full depth: mixture of logits "
                        + share(weighted.agreeingLogits(), n, weighted.intervalLogits())
                        + ", of probabilities "
                        + share(weighted.agreeingProbabilities(), n, weighted.intervalProbabilities())
                        + "; no loop is saved, "
                        + LENS);
    }

    @Override
    public Optional<? extends Figure> figure(FigureKind kind, RunInput run, Values values) throws LoopscopeException {
        ExitRule rule = rule(run, values);
        Inspection inspection = run.inspection();
        return Optional.of(
                switch (kind.name()) {
                    case "summary" -> ExitFigures.histogram(inspection, rule);
                    case "gate" -> GateFigures.reliability(inspection, GateDiagnosis.of(inspection));
                    case "weighted" ->
                        WeightedFigure.of(
                                inspection, WeightedExit.of(run.capture(), inspection.unembedding(), run.control()));
                    default -> ExitFigures.steps(inspection, rule, run.capture().promptLength() - 1);
                });
    }
}
