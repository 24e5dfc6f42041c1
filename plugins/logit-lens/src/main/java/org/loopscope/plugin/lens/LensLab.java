package org.loopscope.plugin.lens;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.lens.DepthPoint;
import org.loopscope.analysis.lens.GroupTrajectories;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.analysis.lens.PredictionDepth;
import org.loopscope.analysis.lens.TokenGroup;
import org.loopscope.analysis.lens.tuned.TunedLens;
import org.loopscope.analysis.lens.tuned.TunedLensFile;
import org.loopscope.analysis.table.Rows;
import org.loopscope.lab.FigureKind;
import org.loopscope.lab.Findings;
import org.loopscope.lab.Form;
import org.loopscope.lab.GuideText;
import org.loopscope.lab.RunInput;
import org.loopscope.lab.RunLab;
import org.loopscope.lab.RunTable;
import org.loopscope.lab.Setting;
import org.loopscope.lab.TableKind;
import org.loopscope.lab.Values;
import org.loopscope.model.Capture;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.Unembedding;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.ProgramVersion;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.tokenizer.Tokenizer;

/** The logit lens of one run, or a tuned lens, as a table. */
public final class LensLab implements RunLab {
    static final Setting<Integer> TOP =
            Setting.whole("top", 1).means("Predictions kept per token and row.").or(5);
    static final Setting<Boolean> LAYERS =
            Setting.flag("layers").means("Read the residual stream after every layer of every step.");
    static final Setting<Named> TUNED = Setting.of("tuned", new Form.Text<>(Named::read, Named::file, "a tuned lens"))
            .means("Read the layers through a tuned lens, as loopscope train tuned-lens writes it; implies --layers.")
            .orNothing("the logit lens");
    static final Setting<String> GROUPS = Setting.text("groups", "groups of tokens")
            .means("Instead of the top K: the probability of groups of tokens, as in \"yes: yes Yes; no: no No\"; with"
                    + " --tuned through that lens. As table or CSV.")
            .orNothing("the most probable tokens");

    private static final TableKind PREDICTIONS = TableKind.of("top", "the predictions");
    private static final TableKind DEPTH = TableKind.of(
            "depth",
            "from which step, or layer with --layers, on the most probable token of every position is the final one; as"
                    + " table or CSV");

    /** A tuned lens and the name of its file. */
    record Named(String file, TunedLens lens) {
        static Named read(String file) throws LoopscopeException {
            try {
                return new Named(file, TunedLensFile.read(Path.of(file)));
            } catch (InvalidPathException e) {
                throw new LoopscopeException(
                        ForeignText.quoted(file) + ": expected a tuned lens, found a name that no file can have.", e);
            }
        }
    }

    /** One line of the table for people. */
    private record Place(int position, int row) {}

    @Override
    public String id() {
        return "lens";
    }

    @Override
    public String title() {
        return "Lens";
    }

    @Override
    public String summary() {
        return "Shows what every loop step (and, with --layers, every layer in it) would say: the most probable next tokens, the"
                + " rank of the final one, entropy and the divergence from the last step.";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "capture.safetensors --top 3",
                "--prompt \"people Ann's friend's boss is\" --layers --csv --out lens.csv");
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(TOP, LAYERS, TUNED, GROUPS);
    }

    /** Those of the panel follow its selection. */
    @Override
    public List<FigureKind> figures() {
        return List.of();
    }

    @Override
    public String help() {
        return GuideText.page("lens-lab");
    }

    @Override
    public List<TableKind> tables() {
        return List.of(PREDICTIONS, DEPTH);
    }

    @Override
    public boolean needsLayers(TableKind table, Values values) {
        return values.get(LAYERS) || values.isSet(TUNED);
    }

    @Override
    public String written() {
        return title();
    }

    @Override
    public void check(TableKind table, boolean drawn, Values values, ExitRule rule) throws LoopscopeException {
        if (table.equals(DEPTH) && values.isSet(GROUPS)) {
            throw new LoopscopeException("--what depth and --groups are two tables: expected one of them, found both.");
        }
    }

    @Override
    public void fits(ModelInfo model, Values values) throws LoopscopeException {
        Optional<Named> tuned = values.find(TUNED);
        if (tuned.isPresent()) {
            tuned.get().lens().requireModel(model, tuned.get().file());
        }
    }

    @Override
    public RunTable table(TableKind table, RunInput run, Values values) throws LoopscopeException {
        if (values.isSet(GROUPS)) {
            GroupTrajectories groups = groups(run, values);
            return RunTable.of(groups.toTable(), "summed probability of each group, " + groups.statement())
                    .asJson(() -> noJson("--groups"));
        }
        LensGrid grid = grid(run, values);
        if (table.equals(DEPTH)) {
            return RunTable.of(
                            PredictionDepth.of(grid).toTable(),
                            "prediction depth: from which depth on the most probable token is the final one; n = "
                                    + grid.positions() + " tokens, " + grid.statement())
                    .asJson(() -> noJson("--what depth"));
        }
        return RunTable.of(
                        grid.toTable(), grid.statement() + "; p and KL against the last step, entropy and KL in nats")
                .forPeople(new Findings().table(predictions(grid)))
                .asJson(() -> json(grid));
    }

    private static Map<String, @Nullable Object> noJson(String option) throws LoopscopeException {
        throw new LoopscopeException(option + ": expected --format table or csv, found json.");
    }

    private static GroupTrajectories groups(RunInput run, Values values) throws LoopscopeException {
        Capture capture = run.capture();
        var unembedding = run.model().unembedding();
        List<TokenGroup> groups =
                TokenGroup.parse(values.get(GROUPS), run.model().tokenizer(), unembedding.vocabSize());
        List<Integer> all = IntStream.range(0, capture.length()).boxed().toList();
        Optional<Named> tuned = values.find(TUNED);
        return tuned.isPresent()
                ? tuned.get().lens().groups(capture, unembedding, all, groups, run.control())
                : GroupTrajectories.of(capture, unembedding, all, groups, values.get(LAYERS), run.control());
    }

    private static LensGrid grid(RunInput run, Values values) throws LoopscopeException {
        return grid(
                run.capture(),
                run.model().unembedding(),
                run.model().tokenizer(),
                values.find(TUNED).map(Named::lens),
                values.get(LAYERS),
                values.get(TOP),
                run.control());
    }

    /** What is read, through {@code tuned} if it is there. */
    static LensGrid grid(
            Capture capture,
            Unembedding unembedding,
            Optional<Tokenizer> tokenizer,
            Optional<TunedLens> tuned,
            boolean layers,
            int top,
            RunControl control)
            throws LoopscopeException {
        int k = Math.min(top, capture.config().vocabSize());
        if (tuned.isPresent()) {
            return tuned.get().read(capture, unembedding, tokenizer, k, control);
        }
        return layers
                ? LogitLens.layers(capture, unembedding, tokenizer, k, control)
                : LogitLens.steps(capture, unembedding, tokenizer, k, control);
    }

    private static List<Place> places(LensGrid lens) {
        return IntStream.range(0, lens.positions())
                .boxed()
                .flatMap(p -> IntStream.range(0, lens.rows().size()).mapToObj(row -> new Place(p, row)))
                .toList();
    }

    private static Rows<Place> predictions(LensGrid lens) {
        Rows<Place> rows = Rows.of(places(lens))
                .whole("", "pos", Place::position)
                .text("", "token", at -> ForeignText.token(lens.capture().tokenText(at.position)))
                .text("", "at", at -> lens.rows().get(at.row).label())
                .whole("", "rank of final", at -> lens.rankOfFinal(at.row, at.position))
                .number("", "entropy", 3, at -> lens.entropy(at.row, at.position))
                .number("", "KL", 3, at -> lens.klToLast(at.row, at.position));
        for (int i = 0; i < lens.topK(); i++) {
            int k = i;
            rows.text("", "top " + (k + 1), at -> ForeignText.token(lens.topText(at.row, at.position, k)))
                    .number("", "p", 3, at -> lens.topProbability(at.row, at.position, k));
        }
        return rows;
    }

    private static Map<String, @Nullable Object> json(LensGrid lens) {
        return new Findings()
                .put("format", 1)
                .put("program_version", ProgramVersion.get())
                .put("model", Findings.of(lens.capture().model()))
                .put("lens", lens.statement())
                .put("token_ids", lens.capture().tokenIds())
                .put("token_texts", lens.capture().tokenTexts())
                .put("rows", places(lens).stream().map(at -> row(lens, at)).toList())
                .data();
    }

    private static Map<String, @Nullable Object> row(LensGrid lens, Place at) {
        DepthPoint point = lens.rows().get(at.row);
        return new Findings()
                .put("position", at.position)
                .put("step", point.step())
                .put("layer", point.layer().isPresent() ? (Object) point.layer().getAsInt() : null)
                .put("entropy", lens.entropy(at.row, at.position))
                .put("kl_to_last", lens.klToLast(at.row, at.position))
                .put("final_id", lens.finalId(at.position))
                .put("rank_of_final", lens.rankOfFinal(at.row, at.position))
                .put("log_probability_of_final", lens.logProbabilityOfFinal(at.row, at.position))
                .put("probability_of_next", lens.probabilityOfNext(at.row, at.position))
                .put(
                        "top",
                        IntStream.range(0, lens.topK())
                                .mapToObj(k -> top(lens, at, k))
                                .toList())
                .data();
    }

    private static Map<String, @Nullable Object> top(LensGrid lens, Place at, int k) {
        return new Findings()
                .put("id", lens.topId(at.row, at.position, k))
                .put("text", lens.topText(at.row, at.position, k))
                .put("probability", lens.topProbability(at.row, at.position, k))
                .put("log_probability", lens.topLogProbability(at.row, at.position, k))
                .data();
    }
}
