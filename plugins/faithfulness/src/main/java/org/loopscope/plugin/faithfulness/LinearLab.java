package org.loopscope.plugin.faithfulness;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.loopscope.analysis.probe.DepthProbes;
import org.loopscope.analysis.probe.ProbeFolds;
import org.loopscope.analysis.probe.ProbeItem;
import org.loopscope.analysis.probe.ProbeRow;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.table.Columns;
import org.loopscope.analysis.table.Rows;
import org.loopscope.figure.ChartFigure;
import org.loopscope.lab.FigureKind;
import org.loopscope.lab.Findings;
import org.loopscope.lab.Form;
import org.loopscope.lab.GuideText;
import org.loopscope.lab.Job;
import org.loopscope.lab.PromptKind;
import org.loopscope.lab.Setting;
import org.loopscope.lab.Values;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;

/** Linear probes on the states of the last prompt token, place after place. */
public final class LinearLab extends ProbeLab<ProbeRow.InFile, List<ProbeRow.InFile>> {
    static final FigureKind AUC =
            new FigureKind("auc", ProbeFigures.AUC, "What can be read from the last token's state");
    static final Setting<String> STATES = Setting.choice(
                    "states",
                    List.of("layers", "steps"),
                    name -> name,
                    name -> name.equals("steps") ? "outputs of steps" : "after every layer")
            .means(
                    "Whether the residual stream after every layer of every step is probed, or the output of every step.")
            .or("layers");
    static final Setting<Integer> FOLDS = Setting.whole("folds", 2)
            .means(
                    "Folds of the cross-validation, where the set does not mark train and test: every class in about equal"
                            + " shares, and what has a prompt or a unit in common in the same fold.")
            .or(DepthProbes.Settings.USUAL_FOLDS);
    static final Setting<Double> L2 = Setting.of("l2", new Form.Real(0, 1e9, true, ""))
            .means("Strength of the penalty, X times the number of features.")
            .or(DepthProbes.Settings.USUAL_L2)
            .expecting("a number above 0");
    static final Setting<Integer> SHUFFLES = Setting.whole("shuffles", DepthProbes.Settings.USUAL_SHUFFLES, 1000)
            .means(
                    "How often the labels are shuffled beside every probe; the band of chance goes from the lowest to the"
                            + " highest AUC.")
            .or(DepthProbes.Settings.USUAL_SHUFFLES);

    @Override
    public String id() {
        return "linear";
    }

    @Override
    public String title() {
        return "Linear probes over a set";
    }

    @Override
    public String summary() {
        return "Trains a linear probe on the last prompt token's state after every layer of every step, to predict the model's own"
                + " answer at each step and the gold label; beside each what it finds in shuffled labels.";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "--set embedded/probe-cups.jsonl --out probe.csv --figure probe.png",
                "--model ByteDance/Ouro-1.4B --set quora_duplicate_questions.tsv --limit 1000 --out qqp.csv");
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(STEPS, STATES, FOLDS, L2, SHUFFLES, TEMPLATE, PromptKind.SAMPLE, SEED);
    }

    @Override
    public List<FigureKind> figures() {
        return List.of(AUC);
    }

    @Override
    public String help() {
        return GuideText.section("faithfulness-lab", "Linear probes over realised depth");
    }

    @Override
    PromptKind.Bundled bundled() {
        return ProbeLab::marked;
    }

    @Override
    void look(List<ProbeItem> items, Consumer<String> told) {
        int shared = ProbeFolds.sharedAcrossSplit(items);
        if (shared > 0) {
            told.accept(shared + " prompts marked for testing share a prompt or a unit with one for training; what they"
                    + " measure is not new to the probe.");
        }
    }

    @Override
    public Columns<ProbeRow.InFile> columns(Values values) {
        return ProbeRow.TABLE;
    }

    @Override
    public Job<ProbeRow.InFile> job(LoopedModel model, List<ProbeItem> items, Values values) throws LoopscopeException {
        return new LinearJob(
                model,
                items,
                new DepthProbes.Settings(
                        values.get(STEPS),
                        values.get(STATES).equals("layers") ? model.config().layers() : 0,
                        values.get(FOLDS),
                        values.get(L2),
                        values.get(SEED),
                        values.get(SHUFFLES)),
                prompts().hash(items));
    }

    @Override
    List<ProbeRow.InFile> read(Path rows) throws LoopscopeException {
        List<ProbeRow.InFile> all = new ArrayList<>();
        ProbeRow.TABLE.read(rows, all::add);
        return List.copyOf(all);
    }

    private static List<ProbeRow> rows(List<ProbeRow.InFile> all) {
        return all.stream().map(ProbeRow.InFile::row).toList();
    }

    @Override
    public Optional<ChartFigure> figure(FigureKind kind, Found<List<ProbeRow.InFile>> found, Values values) {
        List<ProbeRow.InFile> all = found.rows();
        int layers = 1 + all.stream().mapToInt(row -> row.row().layer()).max().orElse(0);
        return Optional.of(ProbeFigures.auc(
                rows(all),
                Math.max(1, layers),
                found.from() + " · " + all.get(0).computeDtype()));
    }

    @Override
    public Findings findings(Found<List<ProbeRow.InFile>> found, Values values) {
        List<ProbeRow.InFile> all = found.rows();
        ProbeRow any = all.get(0).row();
        String dtype = all.get(0).computeDtype();
        return new Findings()
                .line(String.format(
                        Locale.ROOT,
                        "%d probes, each beside %d shuffles of its labels, tested on %d prompts (%s), %s",
                        all.size(),
                        Math.max(1, any.shuffled().shuffles()),
                        any.n(),
                        any.evaluation(),
                        dtype))
                .line("")
                .put("compute_dtype", dtype)
                .put("evaluation", any.evaluation())
                .put("prompts_tested", any.n())
                .put("shuffles", any.shuffled().shuffles())
                .table("probes", table(rows(all)));
    }

    private static Rows<ProbeRow> table(List<ProbeRow> rows) {
        return Rows.of(rows)
                .text("target", "target", ProbeRow::target)
                .whole("step", "step", ProbeRow::step)
                .wholeIfAny(
                        "layer", "layer", row -> row.layer() < 0 ? OptionalInt.empty() : OptionalInt.of(row.layer()))
                .number("auc", "AUC", 3, ProbeRow::auc)
                .interval("auc", 3, row -> row.probe().aucInterval())
                .number("accuracy", "accuracy", 3, ProbeRow::accuracy)
                .number("majority", "majority", 3, ProbeRow::majority)
                .number("control_mean", "shuffled", 3, ProbeRow::controlMean)
                .number("control_low", "", 3, ProbeRow::controlLow)
                .number("control_high", "", 3, ProbeRow::controlHigh)
                .text("", "lowest to highest", row -> Rows.shown(new Interval(row.controlLow(), row.controlHigh()), 3))
                .number("selectivity", "selectivity", 3, ProbeRow::selectivity);
    }
}
