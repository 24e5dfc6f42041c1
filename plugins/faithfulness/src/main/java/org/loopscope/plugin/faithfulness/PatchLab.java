package org.loopscope.plugin.faithfulness;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.patch.PatchGrid;
import org.loopscope.analysis.patch.PatchPair;
import org.loopscope.analysis.patch.PatchPairs;
import org.loopscope.analysis.patch.PatchSettings;
import org.loopscope.analysis.patch.PatchSource;
import org.loopscope.analysis.patch.PatchSummary;
import org.loopscope.analysis.patch.PatchTable;
import org.loopscope.analysis.patch.Patching;
import org.loopscope.analysis.prompts.SampleSet;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.analysis.table.Columns;
import org.loopscope.analysis.table.Rows;
import org.loopscope.figure.Figure;
import org.loopscope.lab.FigureKind;
import org.loopscope.lab.Findings;
import org.loopscope.lab.Form;
import org.loopscope.lab.GuideText;
import org.loopscope.lab.Job;
import org.loopscope.lab.PromptKind;
import org.loopscope.lab.SetLab;
import org.loopscope.lab.Setting;
import org.loopscope.lab.Values;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

/** Activation patching: one state at a time is replaced by another, for every step and token of every pair of prompts. */
public final class PatchLab implements SetLab<PatchPair, PatchTable.InFile, PatchLab.Found> {
    static final Setting<Integer> STEPS = Setting.steps(1);
    static final Setting<PatchSource> SOURCE = Setting.choice(
                    "source", Arrays.asList(PatchSource.values()), PatchSource::cliName, PatchSource::text)
            .called("source")
            .means(
                    "What takes the place of a state: clean (the clean prompt's state into the corrupted run); into the clean"
                            + " run: corrupted, mean (of the set), noise, zero, or skip (the state one loop earlier).")
            .or(PatchSource.CLEAN)
            .refusedAs("Patch source");
    static final Setting<Boolean> LAYERS =
            Setting.flag("layers").means("Patch after every layer instead of after every step.");
    static final Setting<Double> NOISE = Setting.of("noise", new Form.Real(0, 1e6, true, ""))
            .means("Standard deviation of the noise, as a multiple of the state's root mean square.")
            .or(1.0)
            .expecting("a number above 0");
    static final Setting<Long> SEED =
            Setting.of("seed", new Form.Seed()).means("Seed of the noise.").or(0L);
    static final Setting<String> CORRUPTED = Setting.text("corrupted", "a text")
            .called("corrupted prompt")
            .means("With --prompt: the corrupted prompt, of the same number of tokens.")
            .orNothing("that of the set");
    static final Setting<String> ANSWER = Setting.text("answer", "a text")
            .means("With --prompt: the clean prompt's answer.")
            .orNothing("that of the set");

    static final FigureKind EFFECT = new FigureKind("effect", PatchFigures.BY_STEP, "Effect of one state by step");

    private static final PromptKind<PatchPair> KIND = new PromptKind<>(
            "JSONL with prompt, answer, corrupted, and if known corrupted_answer and group; or a set that comes with the"
                    + " program, such as embedded/patch-pairs.jsonl.",
            List.of("jsonl"),
            PatchLab::bundled,
            (name, values, told) -> {
                SetFile file = SetFile.open(name);
                return PatchPairs.read(file.reader(), file.name());
            },
            pair -> List.of(
                    pair.clean(),
                    pair.corrupted(),
                    pair.answer(),
                    pair.corruptedAnswer().orElse(""),
                    pair.group().orElse("")),
            Optional.of(PatchLab::single));

    /**
     * What rows say.
     *
     * @param from their file, and the model where it is known
     * @param only the cells where there is one pair, which was patched just now
     */
    record Found(PatchSummary summary, String from, Optional<Only> only) {}

    /** One pair with its cells. */
    record Only(PatchPair pair, PatchGrid grid) {}

    private static List<SampleSet> bundled() {
        String title = "Pairs of people, sums and cups, for patching";
        return List.of(new SampleSet("embedded/patch-pairs.jsonl", title, "embedded", title, false));
    }

    private static PatchPair single(Optional<String> text, Optional<int[]> ids, Values values)
            throws LoopscopeException {
        if (!values.isSet(CORRUPTED) || !values.isSet(ANSWER)) {
            throw new LoopscopeException("--prompt: expected --corrupted and --answer with it.");
        }
        return new PatchPair(
                text.orElseThrow(
                        () -> new LoopscopeException("--token-ids: expected --prompt, a pair is of two texts.")),
                values.get(CORRUPTED),
                values.get(ANSWER),
                Optional.empty(),
                Optional.empty());
    }

    @Override
    public String id() {
        return "patch";
    }

    @Override
    public String command() {
        return "probe patch";
    }

    @Override
    public String title() {
        return "Patching over a set of pairs";
    }

    @Override
    public String summary() {
        return "Replaces the state of one step at one token by another, for every step and token of every pair of prompts, and"
                + " measures what becomes of the clean prompt's answer.";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "--set embedded/patch-pairs.jsonl --out patch.csv --figure by-step.png",
                "--prompt \"people Ann's friend's boss is\" --corrupted \"people Bob's friend's boss is\" --answer Sue"
                        + " --out one.csv --figure heatmap.png");
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(STEPS, SOURCE, LAYERS, NOISE, SEED, CORRUPTED, ANSWER);
    }

    @Override
    public List<FigureKind> figures() {
        return List.of(EFFECT);
    }

    @Override
    public String help() {
        return GuideText.section("faithfulness-lab", "Patching");
    }

    @Override
    public PromptKind<PatchPair> prompts() {
        return KIND;
    }

    @Override
    public Columns<PatchTable.InFile> columns(Values values) {
        return PatchTable.TABLE;
    }

    @Override
    public Job<PatchTable.InFile> job(LoopedModel model, List<PatchPair> pairs, Values values)
            throws LoopscopeException {
        return new PatchJob(
                model,
                pairs,
                new PatchSettings(
                        values.get(STEPS),
                        values.get(LAYERS),
                        values.get(SOURCE),
                        values.get(NOISE),
                        values.get(SEED)));
    }

    /** Pairs one after the other; keeps the cells of an only one. */
    private static final class PatchJob implements Job<PatchTable.InFile> {
        private final LoopedModel model;
        private final List<PatchPair> pairs;
        private final PatchSettings settings;
        private @Nullable Patching patching;
        private @Nullable PatchGrid last;

        PatchJob(LoopedModel model, List<PatchPair> pairs, PatchSettings settings) throws LoopscopeException {
            this.model = model;
            this.pairs = pairs;
            this.settings = settings;
            Patching any = new Patching(model, settings);
            for (int i = 0; i < pairs.size(); i++) { // before hours have gone into the first of them
                try {
                    any.require(pairs.get(i));
                } catch (LoopscopeException e) {
                    throw numbered(i, e);
                }
            }
        }

        private static LoopscopeException numbered(int item, LoopscopeException e) {
            return new LoopscopeException("Pair " + (item + 1) + ": " + e.getMessage(), e);
        }

        @Override
        public int size() {
            return pairs.size();
        }

        @Override
        public String items() {
            return "pairs";
        }

        private PatchGrid grid(int item, RunControl control) throws LoopscopeException {
            Patching known = patching;
            if (known == null) {
                known = settings.source() == PatchSource.MEAN
                        ? Patching.withMean(model, settings, pairs, control)
                        : new Patching(model, settings);
                patching = known;
            }
            try {
                return known.grid(pairs.get(item), control);
            } catch (LoopscopeException e) {
                throw numbered(item, e);
            }
        }

        @Override
        public List<PatchTable.InFile> rows(int item, RunControl control) throws LoopscopeException {
            PatchGrid grid = grid(item, control);
            last = grid;
            return PatchTable.inFile(item + 1, pairs.get(item), grid);
        }

        @Override
        public int steps() {
            return settings.steps();
        }

        /** The cells of an only pair, also where its rows were there already. */
        Optional<Only> only(RunControl control) throws LoopscopeException {
            if (pairs.size() != 1) {
                return Optional.empty();
            }
            PatchGrid known = last;
            return Optional.of(new Only(pairs.get(0), known != null ? known : grid(0, control)));
        }
    }

    @Override
    public Found summarise(Path rows) throws LoopscopeException {
        return new Found(PatchSummary.read(rows), String.valueOf(rows.getFileName()), Optional.empty());
    }

    @Override
    public Found complete(Found found, Job<PatchTable.InFile> job, RunControl control) throws LoopscopeException {
        PatchJob patched = (PatchJob) job;
        return new Found(found.summary(), patched.model.info().id() + ", " + found.from(), patched.only(control));
    }

    @Override
    public Optional<? extends Figure> figure(FigureKind kind, Found found, Values values) {
        Optional<Figure> heatmap = found.only().map(only -> PatchFigures.heatmap(only.grid(), only.pair(), null));
        return heatmap.isPresent()
                ? heatmap
                : Optional.of(PatchFigures.byStep(
                        found.summary(), found.from() + " · " + found.summary().computeDtype()));
    }

    @Override
    public Findings findings(Found found, Values values) {
        PatchSummary summary = found.summary();
        return new Findings()
                .line("Replaced by " + summary.source().text() + ", " + summary.computeDtype())
                .line("")
                .put("source", summary.source().cliName())
                .put("compute_dtype", summary.computeDtype())
                .put("pairs", summary.pairs())
                .put("pairs_without_gap", summary.withoutGap())
                .table("lines", lines(summary))
                .line(summary.pairs() - summary.withoutGap() + " of " + summary.pairs()
                        + " pairs counted; in the others the clean run does not make the answer twice as probable.");
    }

    private static Rows<PatchSummary.Line> lines(PatchSummary summary) {
        return Rows.of(summary.lines())
                .text("change", "change", PatchSummary.Line::change)
                .whole("step", "step", PatchSummary.Line::step)
                .text("layer", "layer", line -> line.layer() < 0 ? "" : String.format(Locale.ROOT, "%d", line.layer()))
                .text("tokens", "tokens", PatchSummary.Line::role)
                .whole("n", "n", PatchSummary.Line::n)
                .number("recovery", "recovery", 3, PatchSummary.Line::mean)
                .interval("recovery", 3, PatchSummary.Line::interval);
    }
}
