package org.loopscope.plugin.exit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.loopscope.analysis.gate.GateCalibration;
import org.loopscope.analysis.gate.GateCalibration.Bin;
import org.loopscope.analysis.gate.GateCalibration.Step;
import org.loopscope.analysis.gate.GateCalibration.Target;
import org.loopscope.analysis.gate.GateData;
import org.loopscope.analysis.gate.GateRow;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.run.GateDiagnosis;
import org.loopscope.analysis.run.GateDiagnosis.Format;
import org.loopscope.analysis.set.PromptText;
import org.loopscope.analysis.set.PromptText.Span;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.table.Columns;
import org.loopscope.analysis.table.Rows;
import org.loopscope.figure.ChartFigure;
import org.loopscope.lab.FigureKind;
import org.loopscope.lab.Findings;
import org.loopscope.lab.GuideText;
import org.loopscope.lab.Job;
import org.loopscope.lab.PromptJob;
import org.loopscope.lab.PromptKind;
import org.loopscope.lab.SetLab;
import org.loopscope.lab.SetWords;
import org.loopscope.lab.Setting;
import org.loopscope.lab.Values;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;

/** Whether the exit gate knows what another loop is worth, over a set of prompts. */
public final class GateLab implements SetLab<Prompt, GateRow.InFile, GateData> {
    static final FigureKind CALIBRATION =
            new FigureKind("calibration", GateSetFigures.CALIBRATION, "Calibration of the gate over a set");
    static final FigureKind GAIN =
            new FigureKind("gain", GateSetFigures.GAIN, "What the next loop gains where the gate goes on");

    static final Setting<Integer> STEPS = Setting.steps(2);
    static final Setting<Integer> GENERATE = PromptJob.generate(0);
    static final Setting<Scope> SCOPE = Setting.choice(
                    "scope", List.of(Scope.PROMPT, Scope.ANSWER, Scope.GENERATED), Scope::cliName, Scope::title)
            .called("tokens")
            .means("Count only these tokens.")
            .orNothing("all tokens")
            .forShowing();

    @Override
    public String id() {
        return "gate";
    }

    @Override
    public String title() {
        return "Gate over a set";
    }

    @Override
    public String summary() {
        return "Compares the exit gate of every token of a prompt set with what the loop before it gained and what the next one"
                + " would gain: calibration, the largest gates, saturation.";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "--set embedded/people.jsonl --out gate.csv --figure gate.svg",
                "--read gate.csv --scope answer --json",
                "--model ./Ouro-1.4B --set set.jsonl --generate 64 --out gate.csv");
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(STEPS, GENERATE, SCOPE);
    }

    @Override
    public List<FigureKind> figures() {
        return List.of(CALIBRATION, GAIN);
    }

    @Override
    public String help() {
        return GuideText.section("exit-lab", "Does the gate know?");
    }

    @Override
    public PromptKind<Prompt> prompts() {
        return PromptKind.PROMPTS;
    }

    @Override
    public Columns<GateRow.InFile> columns(Values values) {
        return GateRow.TABLE;
    }

    @Override
    public Job<GateRow.InFile> job(LoopedModel model, List<Prompt> items, Values values) throws LoopscopeException {
        model.requireGate(title());
        return new PromptJob<>(model, items, values.get(STEPS), values.get(GENERATE)) {
            @Override
            protected List<GateRow.InFile> rows(int number, Prompt prompt, PromptText text, Reader run)
                    throws LoopscopeException {
                var inspection = run.inspect(text.wholeIds());
                List<GateDiagnosis.Point> points = GateDiagnosis.of(inspection).points();
                List<GateRow.InFile> rows = new ArrayList<>();
                for (Span span : text.spans(inspection.capture().length())) {
                    for (GateDiagnosis.Point point : points) {
                        if (span.holds(point.position())) {
                            rows.add(inFile(GateRow.of(number, group(prompt), span.scope(), point, inspection)));
                        }
                    }
                }
                return rows;
            }

            @Override
            protected GateRow.InFile problem(int number, Prompt prompt) {
                return inFile(GateRow.problem(number, group(prompt), steps()));
            }

            private GateRow.InFile inFile(GateRow row) {
                return new GateRow.InFile(row, origin());
            }
        };
    }

    @Override
    public GateData summarise(Path rows) throws LoopscopeException {
        return GateData.read(rows);
    }

    @Override
    public <T> List<T> offered(Setting<T> setting, GateData data) {
        return setting.allowed()
                .filter(value ->
                        !(value instanceof Scope scope) || data.scopes().contains(scope))
                .toList();
    }

    @Override
    public Optional<ChartFigure> figure(FigureKind kind, GateData data, Values values) {
        Optional<Scope> scope = values.find(SCOPE);
        return Optional.of(
                kind.equals(GAIN) ? GateSetFigures.gain(data, scope) : GateSetFigures.calibration(data, scope));
    }

    @Override
    public Findings findings(GateData data, Values values) {
        Optional<Scope> scope = values.find(SCOPE);
        GateCalibration gate = data.calibration(scope);
        Findings found = new Findings()
                .line("Model      " + SetWords.model(data.model()) + ", " + data.computeDtype() + ", T = "
                        + data.steps())
                .line("Counted    " + scope.map(Scope::title).orElse("all tokens") + " of " + gate.prompts()
                        + " prompts" + SetWords.skipped(data.problems()) + "; 95 % intervals over prompts")
                .line(GateSetFigures.warnings(gate))
                .line("");
        found.put("model", data.model())
                .put("compute_dtype", data.computeDtype())
                .put("max_steps", data.steps())
                .put("scope", scope.map(Scope::cliName).orElse(null))
                .put("prompts", gate.prompts())
                .put("prompts_not_measured", data.problems())
                .put("gates", gate.gates())
                .put("largest_ideal_lambda", GateDiagnosis.LARGEST_IDEAL_LAMBDA)
                .put("above_ideal", gate.aboveIdeal())
                .put("above_ideal", gate.aboveInterval())
                .put("above_ideal_note", GateDiagnosis.ABOVE_IDEAL_NOTE)
                .put("largest_lambda", gate.largestLambda());
        Findings saturated = new Findings();
        for (Format format : Format.values()) {
            saturated.put(format.title(), gate.saturated(format));
        }
        found.put("saturated", saturated).table("steps", steps(gate));
        Findings targets = new Findings();
        for (Target target : Target.values()) {
            targets.put(target.name().toLowerCase(Locale.ROOT), target(gate, target));
            Rows<Bin> bins = bins(gate, target);
            found.line("").line(heading(gate, target)).table(bins);
        }
        return found.put("calibration", targets).line("");
    }

    private static Rows<Step> steps(GateCalibration gate) {
        return Rows.of(gate.steps())
                .whole("step", "after loop", Step::step)
                .whole("gates", "gates", Step::n)
                .number("mean_lambda", "mean lambda", 3, Step::lambda)
                .number("above_ideal", "above 0.5622", 3, Step::above)
                .interval("above_ideal", 3, Step::aboveInterval)
                .number("next_gain", "gain of the next loop, nats", 3, Step::nextGain)
                .interval("next_gain", 3, Step::gainInterval);
    }

    private static Rows<Bin> bins(GateCalibration gate, Target target) {
        return Rows.of(gate.bins(target))
                .number("predicted_continue", "1 - lambda", 3, Bin::predicted)
                .whole("n", "gates", Bin::n)
                .whole("prompts", "prompts", Bin::prompts)
                .number("bin_low", "", 3, Bin::low)
                .number("bin_high", "", 3, Bin::high)
                .number("observed", "mean", 3, Bin::observed)
                .interval("observed", 3, Bin::interval);
    }

    private static Findings target(GateCalibration gate, Target target) {
        Findings one = new Findings();
        if (target != Target.NEXT_GAIN) {
            one.put("error", gate.calibrationError(target));
        }
        return one.put("bins", bins(gate, target).objects());
    }

    private static String heading(GateCalibration gate, Target target) {
        return target == Target.NEXT_GAIN
                ? "1 - lambda and the gain of the next loop, nats"
                : "1 - lambda and the ideal probability to go on " + target.title() + "; calibration error "
                        + Rows.shown(gate.calibrationError(target), 3);
    }
}
