package org.loopscope.plugin.depth;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.loopscope.analysis.depth.DepthCurve;
import org.loopscope.analysis.depth.DepthData;
import org.loopscope.analysis.depth.DepthReader;
import org.loopscope.analysis.depth.DepthRow;
import org.loopscope.analysis.depth.DraftAcceptance;
import org.loopscope.analysis.depth.DraftAcceptance.Tokens;
import org.loopscope.analysis.depth.TokenDepth;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.set.PromptText;
import org.loopscope.analysis.set.PromptText.Span;
import org.loopscope.analysis.table.Columns;
import org.loopscope.figure.ChartFigure;
import org.loopscope.lab.FigureKind;
import org.loopscope.lab.Findings;
import org.loopscope.lab.GuideText;
import org.loopscope.lab.Job;
import org.loopscope.lab.PromptJob;
import org.loopscope.lab.PromptKind;
import org.loopscope.lab.RunInput;
import org.loopscope.lab.RunLab;
import org.loopscope.lab.RunTable;
import org.loopscope.lab.SetLab;
import org.loopscope.lab.Setting;
import org.loopscope.lab.TableKind;
import org.loopscope.lab.Values;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.depth.DepthFigures.Curves;
import tech.tablesaw.api.Table;

/** What more or fewer loops would change, for a run or a prompt set. */
public final class DepthLab implements SetLab<Prompt, DepthRow.InFile, DepthData>, RunLab {
    /** Tokens drafted before they are verified, unless another number is asked for. */
    static final int USUAL_BLOCK = 4;

    static final Setting<Integer> STEPS = Setting.steps(1);
    static final Setting<Integer> GENERATE = PromptJob.generate(0);
    static final Setting<Integer> BLOCK = Setting.whole("block", 1, 64)
            .called("tokens drafted before they are verified (k)")
            .means("Tokens drafted before they are verified.")
            .or(USUAL_BLOCK)
            .expecting("1 to 64")
            .forShowing();
    static final Setting<Boolean> BY_GROUP = Setting.flag("by-group")
            .means("With --set or --read: the table for every group of prompts as well.")
            .forShowing();

    private static final TableKind OF_STEPS =
            TableKind.of("steps", "all tokens together", kind("quality", Curves.QUALITY));
    private static final TableKind OF_TOKENS =
            TableKind.of("tokens", "each token by itself", kind("quality", Curves.QUALITY));
    private static final FigureKind DRAFTS = kind("draft", Curves.DRAFTS);
    private static final TableKind OF_DRAFTS = TableKind.of("draft", "early steps as drafts of the last", DRAFTS);

    private static FigureKind kind(String name, Curves curves) {
        return new FigureKind(name, curves.id(), curves.title());
    }

    @Override
    public String id() {
        return "depth";
    }

    @Override
    public String title() {
        return "Depth";
    }

    @Override
    public String summary() {
        return "Shows what every number of loops up to T would say and cost, from one run at T: quality, agreement,"
                + " uncertainty, gate and arithmetic by step, and early steps as drafts of the last one.";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "--prompt \"people Ann's friend's boss is\" --steps 8",
                "--prompt \"calc 2+2=\" --generate 24 --no-stop --table draft --block 4",
                "--set embedded/people.jsonl --steps 16 --out depth.csv --figure depth.svg");
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(STEPS, GENERATE, BLOCK, BY_GROUP);
    }

    @Override
    public List<FigureKind> figures() {
        return List.of(
                kind("quality", Curves.QUALITY),
                kind("probability", Curves.PROBABILITY),
                kind("entropy", Curves.ENTROPY),
                kind("gate", Curves.GATE),
                kind("cost", Curves.COST),
                DRAFTS);
    }

    @Override
    public String help() {
        return GuideText.page("depth-lab");
    }

    // ---- a set

    @Override
    public PromptKind<Prompt> prompts() {
        return PromptKind.PROMPTS;
    }

    @Override
    public Columns<DepthRow.InFile> columns(Values values) {
        return DepthRow.TABLE;
    }

    @Override
    public Job<DepthRow.InFile> job(LoopedModel model, List<Prompt> items, Values values) throws LoopscopeException {
        return new PromptJob<>(model, items, values.get(STEPS), values.get(GENERATE)) {
            @Override
            protected List<DepthRow.InFile> rows(int number, Prompt prompt, PromptText text, Reader run)
                    throws LoopscopeException {
                Capture capture = run.run(text.ids(), false);
                DepthReader reader = new DepthReader(LogitLens.steps(capture, model.unembedding(), 1, run.control()));
                double[] last = text.answered()
                        ? LogitLens.trajectory(capture, model.unembedding(), capture.length() - 1, text.lastOfAnswer())
                        : new double[0];
                List<DepthRow.InFile> rows = new ArrayList<>();
                for (Span span : text.spans(capture.length())) {
                    reader.rows(number, group(prompt), span, text.next(capture), false, last)
                            .forEach(row -> rows.add(new DepthRow.InFile(row, origin())));
                }
                return rows;
            }

            @Override
            protected DepthRow.InFile problem(int number, Prompt prompt) {
                int trained = model.config().trainedSteps();
                return new DepthRow.InFile(DepthRow.problem(number, group(prompt), trained, steps()), origin());
            }
        };
    }

    @Override
    public DepthData summarise(Path rows) throws LoopscopeException {
        return DepthData.read(rows);
    }

    @Override
    public Findings findings(DepthData data, Values values) throws LoopscopeException {
        return new DepthFindings(data, values.get(BLOCK)).of(values.get(BY_GROUP));
    }

    @Override
    public Optional<ChartFigure> figure(FigureKind kind, DepthData data, Values values) throws LoopscopeException {
        return Optional.of(DepthFigures.curve(new DepthFindings(data, values.get(BLOCK)).curve(), curves(kind)));
    }

    private static Curves curves(FigureKind kind) {
        for (Curves curves : Curves.values()) {
            if (curves.id().equals(kind.id())) {
                return curves;
            }
        }
        throw new IllegalArgumentException("figure: want one of depth, got " + kind);
    }

    // ---- one run

    @Override
    public List<TableKind> tables() {
        return List.of(OF_STEPS, OF_TOKENS, OF_DRAFTS);
    }

    @Override
    public void check(TableKind table, boolean drawn, Values values, ExitRule rule) throws LoopscopeException {
        if (values.get(BY_GROUP)) {
            throw new LoopscopeException("--by-group: expected --set or --read with it, found one run.");
        }
    }

    private static LensGrid lens(RunInput run) {
        return run.inspection().lens();
    }

    @Override
    public RunTable table(TableKind table, RunInput run, Values values) throws LoopscopeException {
        LensGrid lens = lens(run);
        int block = values.get(BLOCK);
        String upTo = "every T up to " + lens.steps() + " read from ";
        if (table.equals(OF_TOKENS)) {
            return RunTable.of(TokenDepth.table(lens), upTo + "one run, " + lens.statement());
        }
        if (table.equals(OF_DRAFTS)) {
            requireTwoSteps(lens);
            return RunTable.of(
                            drafts(lens, block),
                            "drafts that step " + lens.steps()
                                    + " would accept, read from one run; the speed-up is estimated, "
                                    + lens.statement())
                    .after(DepthFindings.replays(lens, block));
        }
        DepthCurve curve = DepthCurve.ofRun(lens);
        return RunTable.of(
                        curve.toTable(),
                        "means over " + lens.positions() + " tokens of one run, " + upTo + "it, " + lens.statement())
                .forPeople(DepthFindings.ofRun(curve, block));
    }

    private static void requireTwoSteps(LensGrid lens) throws LoopscopeException {
        if (lens.steps() < 2) {
            throw new LoopscopeException("Drafts: expected a run of 2 steps or more, found 1.");
        }
    }

    private static Table drafts(LensGrid lens, int block) {
        Table table = DraftAcceptance.of(lens, Tokens.ALL, block).toTable();
        DraftAcceptance generated = DraftAcceptance.of(lens, Tokens.GENERATED, block);
        return generated.n() == 0 ? table : table.append(generated.toTable());
    }

    @Override
    public Optional<ChartFigure> figure(FigureKind kind, RunInput run, Values values) throws LoopscopeException {
        if (!kind.equals(DRAFTS)) {
            return Optional.of(DepthFigures.curve(DepthCurve.ofRun(lens(run)), curves(kind)));
        }
        requireTwoSteps(lens(run));
        return Optional.of(RunFigures.draft(run.inspection(), values.get(BLOCK)));
    }
}
