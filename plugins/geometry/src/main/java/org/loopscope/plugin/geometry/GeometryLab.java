package org.loopscope.plugin.geometry;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.loopscope.analysis.geometry.EffectiveRank;
import org.loopscope.analysis.geometry.GeometryTables;
import org.loopscope.analysis.geometry.LayerGeometry;
import org.loopscope.analysis.geometry.LongRun;
import org.loopscope.analysis.geometry.Motion;
import org.loopscope.analysis.geometry.MotionClassifier;
import org.loopscope.analysis.geometry.Orbits;
import org.loopscope.analysis.geometry.StepGeometry;
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
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import tech.tablesaw.api.Table;

/** How the states of one run move from loop to loop. */
public final class GeometryLab implements RunLab {
    static final Setting<List<Integer>> TOKENS = Setting.of(
                    "tokens",
                    new Form.Text<>(
                            GeometryLab::positions,
                            all -> all.stream().map(String::valueOf).collect(Collectors.joining(",")),
                            "positions"))
            .means("With the table orbits: positions that are fitted together, from 0, with commas between.")
            .orNothing("all");
    static final Setting<Integer> LONG = Setting.whole("long", MotionClassifier.MIN_STEPS, RunOptions.MAX_STEPS)
            .means("With the table motion or distance: steps of the long run.")
            .or(LongRun.STEPS)
            .expecting(MotionClassifier.MIN_STEPS + " to " + RunOptions.MAX_STEPS);

    private static final TableKind LAYERS = TableKind.of("layers", "the residual stream after every layer");

    @Override
    public String id() {
        return "geometry";
    }

    @Override
    public String title() {
        return "Geometry";
    }

    @Override
    public String summary() {
        return "Shows how states move from loop to loop: norms, steps and angles, effective rank, orbits, and where a run of many"
                + " loops settles, cycles or drifts.";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "--prompt \"people Ann's friend's boss is\"",
                "capture.safetensors --table orbits --tokens 4,5,6",
                "--prompt \"people Ann's friend's boss is\" --table motion --long 64 --csv");
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(TOKENS, LONG);
    }

    /** Those of the panel need a choice of values, tokens and planes, which it offers. */
    @Override
    public List<FigureKind> figures() {
        return List.of();
    }

    @Override
    public String help() {
        return GuideText.page("geometry-lab");
    }

    @Override
    public List<TableKind> tables() {
        return List.of(
                TableKind.of("steps", "step outputs"),
                LAYERS,
                TableKind.of("rank", "effective rank"),
                TableKind.of("orbits", "states in the plane of their largest variance; with --layers of layers too"),
                TableKind.of("motion", "what tokens do in a long run"),
                TableKind.of("distance", "how far they are from its end"));
    }

    @Override
    public boolean needsLayers(TableKind table, Values values) {
        return table.equals(LAYERS);
    }

    private static List<Integer> positions(String text) throws LoopscopeException {
        try {
            return Stream.of(text.split(",", -1))
                    .map(part -> Integer.valueOf(part.strip()))
                    .distinct()
                    .toList();
        } catch (NumberFormatException e) {
            throw new LoopscopeException(
                    "--tokens: expected whole numbers with commas between them, found \"" + text + "\".", e);
        }
    }

    @Override
    public RunTable table(TableKind table, RunInput run, Values values) throws LoopscopeException {
        Capture capture = run.capture();
        RunTable made =
                switch (table.name()) {
                    case "layers" ->
                        RunTable.of(
                                LayerGeometry.of(capture, run.control()).toTable(),
                                "residual stream after each layer against before it, before the final norm");
                    case "rank" -> ranks(run);
                    case "orbits" -> orbits(run, values.find(TOKENS));
                    case "motion", "distance" ->
                        longRun(run, values.get(LONG), table.name().equals("motion"));
                    default ->
                        RunTable.of(StepGeometry.of(capture).toTable(), "step outputs h_t, after the final norm");
                };
        return RunTable.of(made.data(), made.statement() + ", " + run.dtype());
    }

    private static RunTable ranks(RunInput run) {
        Capture capture = run.capture();
        double[][] layers = capture.hasLayerStates() ? EffectiveRank.ofLayers(capture, run.control()) : new double[0][];
        return RunTable.of(
                GeometryTables.ranks(EffectiveRank.ofSteps(capture, run.control()), layers),
                "effective rank exp(H) of the states of " + EffectiveRank.tokensOf(capture.length()) + " of "
                        + capture.length() + " tokens, each scaled to RMS 1");
    }

    private static RunTable orbits(RunInput run, Optional<List<Integer>> tokens) throws LoopscopeException {
        Capture capture = run.capture();
        List<Integer> chosen = tokens.orElseGet(
                () -> IntStream.range(0, capture.length()).boxed().toList());
        for (int p : chosen) {
            if (p < 0 || p >= capture.length()) {
                throw new LoopscopeException(
                        "--tokens: expected positions 0 to " + (capture.length() - 1) + ", found " + p + ".");
            }
        }
        if (capture.steps() * chosen.size() < 2 && !capture.hasLayerStates()) {
            throw new LoopscopeException("Orbits: expected at least two states, found one; take more steps or tokens.");
        }
        Orbits orbits = Orbits.of(capture, chosen, capture.hasLayerStates(), run.control());
        return RunTable.of(
                orbits.toTable(),
                String.format(
                        Locale.ROOT,
                        "one PCA of %d states; axes 1 to 3 explain %.1f %%, %.1f %%, %.1f %% of the variance",
                        orbits.fitted(),
                        100 * orbits.explained(0),
                        100 * orbits.explained(1),
                        100 * orbits.explained(2)));
    }

    private static RunTable longRun(RunInput run, int steps, boolean motion) throws LoopscopeException {
        LongRun longRun = LongRun.run(run.model(), run.capture(), steps, run.control());
        StringBuilder statement = new StringBuilder("run of " + steps + " steps");
        for (Motion.Kind kind : Motion.Kind.values()) {
            int count = longRun.count(kind);
            statement.append(
                    count == 0 ? "" : ", " + count + " of " + run.capture().length() + " " + kind.label());
        }
        Table table = motion ? GeometryTables.motions(longRun) : GeometryTables.distances(longRun);
        return RunTable.of(table, statement.toString());
    }
}
