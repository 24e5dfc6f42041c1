package org.loopscope.plugin.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.loopscope.analysis.choice.ChoiceData;
import org.loopscope.analysis.choice.ChoiceFile;
import org.loopscope.analysis.choice.ChoiceItem;
import org.loopscope.analysis.choice.ChoiceMeasure;
import org.loopscope.analysis.choice.ChoiceRow;
import org.loopscope.analysis.choice.ChoiceScore;
import org.loopscope.analysis.choice.ChoiceTask;
import org.loopscope.analysis.prompts.SampleSet;
import org.loopscope.analysis.sweep.SweepPlan;
import org.loopscope.analysis.sweep.SweepRule;
import org.loopscope.analysis.table.Columns;
import org.loopscope.analysis.table.Origin;
import org.loopscope.figure.Figure;
import org.loopscope.lab.FigureKind;
import org.loopscope.lab.FileKind;
import org.loopscope.lab.Findings;
import org.loopscope.lab.GuideText;
import org.loopscope.lab.Job;
import org.loopscope.lab.MeasuredOn;
import org.loopscope.lab.PromptKind;
import org.loopscope.lab.SetLab;
import org.loopscope.lab.Setting;
import org.loopscope.lab.Values;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

/** Multiple choice by log-likelihood, by loop step and by exit rule. */
public final class ChoiceLab implements SetLab<ChoiceItem, ChoiceRow.InFile, ChoiceData> {
    static final Setting<Integer> STEPS = Setting.steps(1);
    static final Setting<String> RULES = Setting.text("rules", "a list of rules")
            .called("exit rules")
            .means("Exit rules by which choices are scored: none, all, or a list such as q:0.1..0.9,entropy:1,kl.")
            .or(model -> model.config().hasGate() ? "q" : "kl", "q, nine thresholds; kl for a model without a gate");
    static final Setting<ChoiceTask> TASK = Setting.choice(
                    "task", Arrays.asList(ChoiceTask.values()), ChoiceTask::cliName, ChoiceTask::title)
            .called("form of the file")
            .means("Which benchmark's file it is.")
            .or(ChoiceTask.AUTO);
    static final Setting<String> CONTEXT = field("context", "question", "prompt");
    static final Setting<String> CHOICES = field("choices", "list of choices", "choices");
    static final Setting<String> ANSWER = field("answer", "right choice, as text, number from 0 or letter", "answer");
    static final Setting<String> DELIMITER = Setting.text("delimiter", "text")
            .means("What stands between a context and a choice; a blank unless another is given.")
            .orNothing("a blank");
    static final Setting<String> DESCRIPTION = Setting.text("description", "text")
            .means("Text in front of every question; \\n is a line break.")
            .orNothing("that of the benchmark, for MMLU; else none");
    static final Setting<Integer> SHOTS = Setting.whole("shots", 0, 64)
            .called("solved examples")
            .means("Solved examples in front of every question, the first of --shots-set.")
            .or(0);
    static final Setting<String> SHOTS_SET = Setting.text("shots-set", "a file of the same form")
            .called("examples from")
            .means("The file with the examples, of the same form as the set.")
            .orNothing("none");
    static final Setting<Boolean> CHAT =
            Setting.flag("chat").means("Put every context into the chat form of the model.");
    static final Setting<ChoiceScore> SCORE = Setting.choice(
                    "score", Arrays.asList(ChoiceScore.values()), ChoiceScore::cliName, ChoiceScore::title)
            .called("choices are compared by")
            .means("By what the choices of a question are compared in figures.")
            .or(ChoiceScore.SUM)
            .forShowing();
    static final Setting<String> GROUP = Setting.group();

    static final FigureKind BY_STEP = new FigureKind("steps", "choice-steps", "Right answers by loop");
    static final FigureKind CURVE =
            new FigureKind("curve", "choice-curve", "Right answers and compute", "rows with exit rules");

    private static final FileKind SAMPLES = new FileKind(
            "save-samples",
            "Save samples",
            "Write a line for each question in the form of lm-evaluation-harness --log_samples, scored at full depth.",
            "jsonl");

    private static Setting<String> field(String name, String what, String usual) {
        return Setting.text(name + "-field", "the name of a field")
                .means("With --task fields: the field of the " + what + ".")
                .or(usual);
    }

    private static final PromptKind<ChoiceItem> KIND = new PromptKind<>(
            "Questions as published: MMLU (CSV), ARC, HellaSwag, WinoGrande, PIQA, BoolQ (JSONL), samples of"
                    + " lm-evaluation-harness, JSONL with prompt, choices and answer, or a set that comes with the program,"
                    + " such as embedded/probe-cups.jsonl.",
            List.of("jsonl", "csv"),
            () -> List.of(new SampleSet("embedded/probe-cups.jsonl", "Cups, with choices", "embedded", "", false)),
            (name, values, told) -> items(name, values),
            ChoiceItem::fields,
            Optional.empty());

    @Override
    public String id() {
        return "choice";
    }

    @Override
    public String command() {
        return "eval choice";
    }

    @Override
    public String title() {
        return "Multiple choice";
    }

    @Override
    public String summary() {
        return "Scores the choices of questions by log-likelihood at every loop step and by exit rule, as"
                + " lm-evaluation-harness defines acc and acc_norm; what choices have in common is computed once.";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "--set embedded/probe-cups.jsonl --out cups.csv --figure cups.svg",
                "--model ./Ouro-1.4B --set arc_challenge.jsonl --out arc.csv --score acc_norm",
                "--model ./Ouro-1.4B --set college_physics_test.csv --shots 5 --shots-set college_physics_dev.csv --out physics.csv");
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(
                STEPS,
                RULES,
                TASK,
                CONTEXT,
                CHOICES,
                ANSWER,
                DELIMITER,
                DESCRIPTION,
                SHOTS,
                SHOTS_SET,
                CHAT,
                SCORE,
                GROUP);
    }

    @Override
    public void check(Values values) throws LoopscopeException {
        if ((values.get(SHOTS) > 0) != values.isSet(SHOTS_SET)) {
            throw new LoopscopeException(
                    "--shots: expected a number above 0 together with --shots-set FILE, found one of them.");
        }
    }

    @Override
    public List<FigureKind> figures() {
        return List.of(BY_STEP, CURVE);
    }

    @Override
    public String help() {
        return GuideText.section("evaluate-lab", "Multiple choice");
    }

    @Override
    public PromptKind<ChoiceItem> prompts() {
        return KIND;
    }

    private static ChoiceFile file(Values values) {
        return new ChoiceFile(
                values.get(TASK),
                values.find(DELIMITER).orElse(" "),
                values.get(CONTEXT),
                values.get(CHOICES),
                values.get(ANSWER));
    }

    /** Questions with what stands in front of them. */
    private static List<ChoiceItem> items(String name, Values values) throws LoopscopeException {
        List<ChoiceItem> items = file(values).read(name);
        StringBuilder shots = new StringBuilder();
        if (values.get(SHOTS) > 0) {
            List<ChoiceItem> solved = file(values).read(values.get(SHOTS_SET));
            if (solved.size() < values.get(SHOTS)) {
                throw new LoopscopeException("--shots: expected at most the " + solved.size() + " questions of "
                        + values.get(SHOTS_SET) + ", found " + values.get(SHOTS) + ".");
            }
            solved.subList(0, values.get(SHOTS))
                    .forEach(item -> shots.append(item.solved()).append("\n\n"));
        }
        boolean mmlu = name.endsWith(".csv") && values.get(TASK) != ChoiceTask.PROMPTS;
        Optional<String> description = values.find(DESCRIPTION).map(text -> text.replace("\\n", "\n"));
        return items.stream()
                .map(item -> item.after(description.orElse(
                                ChoiceFile.description(mmlu ? ChoiceTask.MMLU : ChoiceTask.AUTO, item.group()))
                        + shots))
                .toList();
    }

    @Override
    public Columns<ChoiceRow.InFile> columns(Values values) {
        return ChoiceRow.TABLE;
    }

    @Override
    public Job<ChoiceRow.InFile> job(LoopedModel model, List<ChoiceItem> items, Values values)
            throws LoopscopeException {
        int steps = values.get(STEPS);
        List<SweepRule> rules = new ArrayList<>(SweepPlan.parse(
                        "1.." + steps, values.get(RULES), 0, model.config().vocabSize())
                .on(model, values.get(RULES))
                .rules());
        rules.removeIf(rule -> rule.rule().isEmpty()); // oracles know the answer, mixtures are another distribution
        ChoiceMeasure measure = new ChoiceMeasure(model, steps, List.copyOf(rules), values.get(CHAT));
        for (int i = 0; i < items.size(); i++) {
            try {
                measure.check(items.get(i));
            } catch (LoopscopeException e) {
                throw new LoopscopeException("Question " + (i + 1) + " of the set: " + e.getMessage(), e);
            }
        }
        Origin origin = Origin.of(model.info());
        return new Job<>() {
            @Override
            public int size() {
                return items.size();
            }

            @Override
            public String items() {
                return "questions";
            }

            @Override
            public List<ChoiceRow.InFile> rows(int item, RunControl control) throws LoopscopeException {
                return measure.rows(item + 1, items.get(item), control).stream()
                        .map(row -> new ChoiceRow.InFile(row, origin))
                        .toList();
            }

            @Override
            public List<ChoiceRow.InFile> problem(int item, Exception cause) {
                return List.of(new ChoiceRow.InFile(measure.problem(item + 1, items.get(item)), origin));
            }

            @Override
            public int steps() {
                return steps;
            }

            @Override
            public Map<String, String> identity() {
                return Map.of(RULES.label(), SweepPlan.specs(measure.rules()));
            }
        };
    }

    @Override
    public ChoiceData summarise(Path rows) throws LoopscopeException {
        return ChoiceData.read(rows);
    }

    @Override
    @SuppressWarnings("unchecked") // the values of a setting are of its own type
    public <T> List<T> offered(Setting<T> setting, ChoiceData data) {
        return setting.equals(GROUP) ? (List<T>) data.groups() : SetLab.super.offered(setting, data);
    }

    @Override
    public Findings findings(ChoiceData data, Values values) {
        return new ChoiceFindings(data, values.find(GROUP)).of();
    }

    @Override
    public Optional<? extends Figure> figure(FigureKind kind, ChoiceData data, Values values) {
        ChoiceFigures figures = new ChoiceFigures(data, values.get(SCORE), values.find(GROUP));
        return kind.equals(CURVE) ? figures.curve() : figures.bySteps();
    }

    @Override
    public List<FileKind> files() {
        return List.of(SAMPLES);
    }

    @Override
    public String file(FileKind kind, ChoiceData data, Values values, MeasuredOn from) throws LoopscopeException {
        if (from.model().isEmpty()) {
            throw new LoopscopeException(
                    "--save-samples: expected --set with it, since rows do not hold the questions' texts, found --read.");
        }
        return Samples.of(data, items(from.set(), values));
    }
}
