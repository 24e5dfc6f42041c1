package org.loopscope.plugin.faithfulness;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.loopscope.analysis.agreement.AgreementMatrix;
import org.loopscope.analysis.agreement.AnswerRow;
import org.loopscope.analysis.agreement.AnswerTable;
import org.loopscope.analysis.agreement.WorseWithDepth;
import org.loopscope.analysis.probe.ProbeCheck;
import org.loopscope.analysis.probe.ProbeItem;
import org.loopscope.analysis.table.Columns;
import org.loopscope.analysis.table.Rows;
import org.loopscope.analysis.table.Tables;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.lab.FigureKind;
import org.loopscope.lab.FileKind;
import org.loopscope.lab.Findings;
import org.loopscope.lab.GuideText;
import org.loopscope.lab.Job;
import org.loopscope.lab.MeasuredOn;
import org.loopscope.lab.PromptKind;
import org.loopscope.lab.Setting;
import org.loopscope.lab.Values;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

/** What every step answers, how the steps agree, and whether more depth makes it worse. */
public final class AgreementLab extends ProbeLab<AnswerRow, AnswerTable> {
    static final FigureKind AGREEMENT =
            new FigureKind("agreement", AnswerFigures.AGREEMENT, "Agreement of loop steps over a set");
    private static final FileKind MATRIX = new FileKind(
            "matrix", "Save matrix", "Also write the matrix, as CSV with a line for each pair of steps.", "csv");
    private static final int LABELS_SHOWN = 6;

    /** Two steps, i < j. */
    private record Pair(int i, int j) {
        double of(ToDoubleBiFunction<Integer, Integer> value) {
            return value.applyAsDouble(i, j);
        }
    }

    @Override
    public String id() {
        return "agreement";
    }

    @Override
    public String title() {
        return "Agreement over a set";
    }

    @Override
    public String summary() {
        return "Asks every prompt of a set, notes what every step answers, and counts how the steps agree: with label marginals,"
                + " expected agreement, kappa and intervals; and how often more depth makes the right answer less probable.";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "--set embedded/probe-cups.jsonl --out answers.csv --matrix agreement.csv",
                "--model ByteDance/Ouro-1.4B --set ouro/question-pairs.jsonl --out answers.csv");
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(STEPS, TEMPLATE, PromptKind.SAMPLE, SEED);
    }

    @Override
    public List<FigureKind> figures() {
        return List.of(AGREEMENT);
    }

    @Override
    public String help() {
        return GuideText.section("faithfulness-lab", "Agreement over a set");
    }

    @Override
    PromptKind.Bundled bundled() {
        return ProbeLab::all;
    }

    @Override
    public Columns<AnswerRow> columns(Values values) {
        return AnswerRow.table(values.get(STEPS));
    }

    @Override
    public Job<AnswerRow> job(LoopedModel model, List<ProbeItem> items, Values values) throws LoopscopeException {
        ProbeCheck.require(model, items);
        return new Asking<>() {
            @Override
            public LoopedModel model() {
                return model;
            }

            @Override
            public int size() {
                return items.size();
            }

            @Override
            public List<AnswerRow> rows(int item, RunControl control) throws LoopscopeException {
                return List.of(AnswerRow.of(model, items.get(item), item + 1, steps(), control));
            }

            @Override
            public int steps() {
                return values.get(STEPS);
            }
        };
    }

    @Override
    AnswerTable read(Path rows) throws LoopscopeException {
        return AnswerTable.read(rows);
    }

    @Override
    public Optional<HeatmapFigure> figure(FigureKind kind, Found<AnswerTable> found, Values values) {
        String about = found.from() + " · " + found.rows().computeDtype();
        return Optional.of(AnswerFigures.agreement(found.rows().agreement(), about));
    }

    @Override
    public List<FileKind> files() {
        return List.of(MATRIX);
    }

    @Override
    public String file(FileKind kind, Found<AnswerTable> found, Values values, MeasuredOn from) {
        return Tables.csv(found.rows().agreement().toTable());
    }

    @Override
    public Findings findings(Found<AnswerTable> read, Values values) {
        AnswerTable answers = read.rows();
        AgreementMatrix agreement = answers.agreement();
        Findings found = new Findings()
                .line(agreement.n() + " prompts, T = " + agreement.steps() + ", " + answers.computeDtype())
                .line("")
                .put("compute_dtype", answers.computeDtype())
                .put("max_steps", agreement.steps())
                .put("prompts", agreement.n())
                .table("pairs", pairs(agreement))
                .table("steps", steps(answers, agreement));
        WorseWithDepth worse = answers.worse();
        if (worse.n() > 0) {
            found.line(String.format(
                            Locale.ROOT,
                            "%d of %d prompts (95 %%: %s) end with a less probable right answer than an earlier step gave (by"
                                    + " more than %.2f nats); %d were right at some step and are not at the last.",
                            worse.worseAtEnd(),
                            worse.n(),
                            Rows.shown(worse.worseAtEndInterval(), 3),
                            WorseWithDepth.TOLERANCE,
                            answers.lostRight()))
                    .put("with_right_answer", worse.n())
                    .put("worse_at_end", worse.worseAtEnd())
                    .put("worse_at_end", worse.worseAtEndInterval())
                    .put("lost_right", answers.lostRight());
        }
        return found;
    }

    private static Rows<Pair> pairs(AgreementMatrix agreement) {
        int steps = agreement.steps();
        List<Pair> pairs = IntStream.rangeClosed(1, steps)
                .boxed()
                .flatMap(i -> IntStream.rangeClosed(i + 1, steps).mapToObj(j -> new Pair(i, j)))
                .toList();
        return Rows.of(pairs)
                .whole("step_i", "i", Pair::i)
                .whole("step_j", "j", Pair::j)
                .whole("agreeing", "", pair -> agreement.count(pair.i, pair.j))
                .shown("A[i,j]", pair -> agreement.count(pair.i, pair.j) + "/" + agreement.n())
                .number("fraction", "share", 3, pair -> pair.of(agreement::fraction))
                .interval("fraction", 3, pair -> agreement.interval(pair.i, pair.j))
                .number("expected", "expected", 3, pair -> pair.of(agreement::expected))
                .number("kappa", "", 3, pair -> pair.of(agreement::kappa))
                .shown("kappa", pair -> {
                    double kappa = pair.of(agreement::kappa);
                    return Double.isNaN(kappa) ? "undefined" : Rows.shown(kappa, 3);
                });
    }

    private static Rows<Integer> steps(AnswerTable answers, AgreementMatrix agreement) {
        int[] stable = answers.stableHistogram();
        return Rows.of(IntStream.rangeClosed(1, agreement.steps()).boxed().toList())
                .whole("step", "step", t -> t)
                .whole("stable_from_here", "stable from here", t -> stable[t - 1])
                .number("accuracy", "accuracy", 3, answers::accuracy)
                .interval("accuracy", 3, answers::accuracyInterval)
                .text("labels", "labels", t -> agreement.marginals(t).stream()
                        .limit(LABELS_SHOWN)
                        .map(label -> label.text().strip() + " " + label.count())
                        .collect(Collectors.joining("  ")));
    }
}
