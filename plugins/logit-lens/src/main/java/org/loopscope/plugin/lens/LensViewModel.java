package org.loopscope.plugin.lens;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.analysis.lens.tuned.TunedLens;
import org.loopscope.analysis.lens.tuned.TunedLensFile;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.figure.TokenExitFigure;
import org.loopscope.lab.Values;
import org.loopscope.model.Capture;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.Selection;
import org.loopscope.plugin.card.LatestWork;
import org.loopscope.plugin.card.Subscriptions;

/**
 * State and logic of the Logit lens panel; knows no control. Used on the FX thread. Slow lenses run on the context's
 * executor, the latest asked for wins, and results come back through {@code fxThread}.
 */
final class LensViewModel {
    private final PanelContext context;
    private final Executor fxThread;
    private final Subscriptions subscriptions = new Subscriptions();
    private final ObjectProperty<LensValue> value = new SimpleObjectProperty<>(LensValue.PROBABILITY);
    private final BooleanProperty layers = new SimpleBooleanProperty();
    private final ObjectProperty<Values> values = new SimpleObjectProperty<>(Values.of(new LensLab().settings()));
    private final LatestWork<LensGrid> gridWork;
    private final BooleanProperty logarithmic = new SimpleBooleanProperty();
    private final ReadOnlyBooleanWrapper layersAvailable = new ReadOnlyBooleanWrapper();
    private final ReadOnlyStringWrapper progress = new ReadOnlyStringWrapper("");
    private final ReadOnlyObjectWrapper<@Nullable HeatmapFigure> heatmap = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> trajectories = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> exit = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyBooleanWrapper gated = new ReadOnlyBooleanWrapper(true);
    private final ReadOnlyObjectWrapper<List<Trajectories.Line>> lines = new ReadOnlyObjectWrapper<>(List.of());
    private final Map<Long, double[]> looseLines = new HashMap<>(); // (position, token) not kept by the lens
    private final List<Runnable> onDispose = new ArrayList<>();
    private final ReadOnlyObjectWrapper<@Nullable LensGrid> shownGrid = new ReadOnlyObjectWrapper<>();
    private final ObjectProperty<@Nullable TunedLens> tuned = new SimpleObjectProperty<>();
    private String tunedName = ""; // file name of tuned
    private @Nullable LensGrid layerGrid;
    private @Nullable LensGrid
            stepGrid; // with as many predictions as are asked for, where that is not what the run has
    private int clicked = -1; // the token that the last click pinned
    private int layerInStep = -1; // last chosen layer of the layer lens; -1 is the step's last

    LensViewModel(PanelContext context, Executor fxThread) {
        this.context = context;
        this.fxThread = fxThread;
        this.gridWork = new LatestWork<>(context, fxThread, "The layers of this run could not be read");
        subscriptions.onChange(context.selectionProperty(), s -> refreshSelection());
        subscriptions.onChange(context.exitRuleProperty(), r -> refreshRule());
        subscriptions.onChange(context.pinnedTokensProperty(), p -> refreshChart());
        value.addListener(o -> rebuild());
        layers.addListener(o -> rebuild());
        tuned.addListener(o -> lensChanged());
        subscriptions.onChange(values, v -> lensChanged());
        logarithmic.addListener(o -> refreshChart());
        subscriptions.follow(context.inspectionProperty(), this::show);
    }

    /** What the cells are coloured by. */
    ObjectProperty<LensValue> valueProperty() {
        return value;
    }

    /** Rows for every layer of every step instead of steps only. */
    BooleanProperty layersProperty() {
        return layers;
    }

    /** How many predictions of a cell are kept; what else the lab can be asked has properties of its own. */
    ObjectProperty<Values> valuesProperty() {
        return values;
    }

    /** Says something where progress stands. */
    void say(String sentence) {
        progress.set(sentence);
    }

    /** Whether the trajectory chart has a logarithmic axis. */
    BooleanProperty logarithmicProperty() {
        return logarithmic;
    }

    /** Whether the run has layer states. */
    ReadOnlyBooleanProperty layersAvailableProperty() {
        return layersAvailable.getReadOnlyProperty();
    }

    /** What is being computed, or empty. */
    ReadOnlyStringProperty progressProperty() {
        return progress.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable HeatmapFigure> heatmapProperty() {
        return heatmap.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable ChartFigure> trajectoriesProperty() {
        return trajectories.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable ChartFigure> exitProperty() {
        return exit.getReadOnlyProperty();
    }

    /** Whether the run has a gate, or there is none yet. */
    ReadOnlyBooleanProperty gatedProperty() {
        return gated.getReadOnlyProperty();
    }

    /** The lines of the trajectory chart, in legend order. */
    ReadOnlyObjectProperty<List<Trajectories.Line>> linesProperty() {
        return lines.getReadOnlyProperty();
    }

    /** The grid that the heatmap shows. */
    ReadOnlyObjectProperty<@Nullable LensGrid> shownGridProperty() {
        return shownGrid.getReadOnlyProperty();
    }

    /** The tuned lens that layers are read through; null for the logit lens. */
    ReadOnlyObjectProperty<@Nullable TunedLens> tunedProperty() {
        return tuned;
    }

    /** Reads layers through the tuned lens in {@code file} from now on; a lens of another model or precision is refused. */
    void useTuned(Path file) {
        Inspection inspection = context.inspectionProperty().get();
        String name = String.valueOf(file.getFileName());
        try {
            TunedLens lens = TunedLensFile.read(file);
            if (inspection != null) {
                lens.requireModelOf(inspection.capture(), name);
            }
            tunedName = name;
            tuned.set(lens);
            layers.set(layersAvailable.get());
        } catch (LoopscopeException e) {
            context.showProblem(String.valueOf(e.getMessage()), e);
        }
    }

    /** Goes back to the logit lens. */
    void dropTuned() {
        tuned.set(null);
    }

    private void lensChanged() {
        layerGrid = null;
        stepGrid = null;
        rebuild();
    }

    /** Selects the token and step of a cell of the heatmap. */
    void select(int row, int position) {
        LensGrid grid = grid();
        if (grid == null) {
            return;
        }
        int perStep = grid.rows().size() / grid.steps();
        layerInStep = grid.stepOutputs() ? -1 : row % perStep;
        Selection before = context.selectionProperty().get();
        Selection now = new Selection(position, grid.rows().get(row).step());
        context.selectionProperty().set(now);
        if (now.equals(before)) {
            refreshSelection(); // another layer of the same step
        }
    }

    /** Moves the selected cell; stays inside the grid. */
    void move(int columns, int rows) {
        LensGrid grid = grid();
        Inspection inspection = context.inspectionProperty().get();
        if (grid != null && inspection != null) {
            int row = clamp(
                    selectedRow(grid, selection(inspection)) + rows, grid.rows().size());
            select(row, clamp(selection(inspection).position() + columns, grid.positions()));
        }
    }

    /**
     * A click on a cell: selects it and pins the token it predicts, so that its line stays in the chart. The pin of the
     * click before is let go unless {@code keep}; clicking the selected cell again lets its token go.
     */
    void click(int row, int position, boolean keep) {
        LensGrid grid = grid();
        Inspection inspection = context.inspectionProperty().get();
        if (grid == null || inspection == null) {
            return;
        }
        int token = grid.topId(row, position, 0);
        boolean again = selectedRow(grid, selection(inspection)) == row
                && selection(inspection).position() == position
                && pinned().contains(token);
        List<Integer> pins = new ArrayList<>(pinned());
        if (again || !keep) {
            pins.remove((Integer) (again ? token : clicked));
        }
        if (!again && !pins.contains(token)) {
            pins.add(token);
            clicked = token;
        } else {
            clicked = -1; // pinned another way, and stays
        }
        context.pinnedTokensProperty().set(List.copyOf(pins));
        select(row, position);
    }

    /** Pins the token that the selected cell predicts beside the others, or lets it go. */
    void pinSelected() {
        LensGrid grid = grid();
        Inspection inspection = context.inspectionProperty().get();
        if (grid != null && inspection != null) {
            Selection s = selection(inspection);
            togglePin(grid.topId(selectedRow(grid, s), s.position(), 0));
        }
    }

    /** A token as it is shown. */
    String tokenText(int tokenId) {
        Inspection inspection = context.inspectionProperty().get();
        return inspection == null || tokenId >= inspection.unembedding().vocabSize()
                ? "#" + tokenId
                : CellInfo.visible(inspection.lens().tokenText(tokenId));
    }

    /** Tokens whose lines are kept at every position. */
    List<Integer> pinned() {
        return context.pinnedTokensProperty().get();
    }

    /** Keeps a token's line at every position, or lets it go. */
    void togglePin(int tokenId) {
        List<Integer> pins = new ArrayList<>(pinned());
        if (!pins.remove((Integer) tokenId)) {
            pins.add(tokenId);
        }
        context.pinnedTokensProperty().set(List.copyOf(pins));
    }

    /** Lets every pinned token go. */
    void unpinAll() {
        context.pinnedTokensProperty().set(List.of());
    }

    /** All that is known of a cell, for the hover. */
    Optional<CellInfo> info(int row, int position) {
        LensGrid grid = grid();
        return grid == null || row >= grid.rows().size() || position >= grid.positions()
                ? Optional.empty()
                : Optional.of(CellInfo.of(grid, row, position));
    }

    /** The step whose probabilities the legend gives. */
    int shownStep() {
        Inspection inspection = context.inspectionProperty().get();
        return inspection == null ? 1 : selection(inspection).step();
    }

    /** Runs when the panel closes. */
    void onDispose(Runnable action) {
        onDispose.add(action);
    }

    void dispose() {
        subscriptions.drop();
        gridWork.cancel();
        onDispose.forEach(Runnable::run);
    }

    private void show(@Nullable Inspection inspection) {
        layerGrid = null;
        stepGrid = null;
        looseLines.clear();
        layersAvailable.set(inspection != null && inspection.capture().hasLayerStates());
        if (!layersAvailable.get()) {
            layers.set(false);
        }
        if (inspection != null) {
            dropTunedOfAnother(inspection);
        }
        rebuild();
    }

    /** Back to the logit lens if the tuned one does not belong to the run; why is told. */
    private void dropTunedOfAnother(Inspection inspection) {
        TunedLens lens = tuned.get();
        if (lens != null) {
            try {
                lens.requireModelOf(inspection.capture(), tunedName);
            } catch (LoopscopeException e) {
                tuned.set(null);
                context.showProblem(String.valueOf(e.getMessage()), e);
            }
        }
    }

    private @Nullable LensGrid grid() {
        Inspection inspection = context.inspectionProperty().get();
        if (inspection == null) {
            return null;
        }
        LensGrid own = layers.get() ? layerGrid : stepGrid;
        return own != null ? own : inspection.lens();
    }

    private Selection selection(Inspection inspection) {
        Capture capture = inspection.capture();
        return context.selectionProperty().get().within(capture.length(), capture.steps());
    }

    private int selectedRow(LensGrid grid, Selection selection) {
        int last = grid.rowOfStep(selection.step());
        if (grid.stepOutputs() || layerInStep < 0) {
            return last;
        }
        return last - grid.rows().size() / grid.steps() + 1 + layerInStep;
    }

    private void rebuild() {
        gridWork.cancel();
        progress.set("");
        Inspection inspection = context.inspectionProperty().get();
        if (inspection != null && isToBeRead(inspection)) {
            read(inspection, layers.get());
        }
        LensGrid grid = grid();
        shownGrid.set(grid);
        if (inspection == null || grid == null) {
            heatmap.set(null);
        } else {
            Selection s = selection(inspection);
            heatmap.set(LensFigures.heatmap(
                    inspection,
                    grid,
                    value.get(),
                    context.exitRuleProperty().get(),
                    s.position(),
                    selectedRow(grid, s)));
        }
        refreshChart();
    }

    private void refreshSelection() {
        refreshHeatmap();
        refreshChart();
    }

    /** The rule moves frames and the exit chart; the trajectories stay as they are. */
    private void refreshRule() {
        refreshHeatmap();
        refreshExit();
    }

    private void refreshHeatmap() {
        Inspection inspection = context.inspectionProperty().get();
        LensGrid grid = grid();
        HeatmapFigure shown = heatmap.get();
        if (inspection != null && grid != null && shown != null) {
            Selection s = selection(inspection);
            ExitRule rule = context.exitRuleProperty().get();
            heatmap.set(LensFigures.update(shown, inspection, grid, rule, s.position(), selectedRow(grid, s)));
        }
    }

    private void refreshExit() {
        Inspection inspection = context.inspectionProperty().get();
        gated.set(inspection == null || inspection.exits().hasGate());
        exit.set(
                inspection == null || !gated.get()
                        ? null
                        : TokenExitFigure.of(
                                inspection,
                                selection(inspection).position(),
                                context.exitRuleProperty().get()));
    }

    private void refreshChart() {
        refreshExit();
        Inspection inspection = context.inspectionProperty().get();
        if (inspection == null) {
            lines.set(List.of());
            trajectories.set(null);
            return;
        }
        Selection s = selection(inspection);
        List<Integer> missing = new ArrayList<>();
        List<Trajectories.Line> now = lines(inspection, s.position(), missing);
        lines.set(now);
        trajectories.set(Trajectories.figure(inspection, s.position(), s.step(), now, logarithmic.get()));
        missing.forEach(id -> computeLine(inspection, s.position(), id));
    }

    /** The lines that are known; tokens whose line must be computed first go to {@code missing}. */
    private List<Trajectories.Line> lines(Inspection inspection, int position, List<Integer> missing) {
        LensGrid lens = inspection.lens();
        List<Trajectories.Line> result = new ArrayList<>();
        for (int id : Trajectories.choose(lens, position, pinned())) {
            List<Trajectories.Line> kept = Trajectories.read(lens, position, List.of(id));
            double[] loose = looseLines.get(key(position, id));
            boolean pin = pinned().contains(id);
            if (!kept.isEmpty()) {
                result.add(new Trajectories.Line(
                        id, lens.tokenText(id), kept.get(0).logProbability(), pin));
            } else if (loose != null) {
                result.add(new Trajectories.Line(id, lens.tokenText(id), loose, pin));
            } else if (id < inspection.unembedding().vocabSize()) {
                missing.add(id);
            }
        }
        return List.copyOf(result);
    }

    /** A pinned token that is nowhere near the top here: its line is computed apart. */
    private void computeLine(Inspection inspection, int position, int tokenId) {
        context.executor().execute(() -> {
            try {
                double[] line = LogitLens.trajectory(inspection.capture(), inspection.unembedding(), position, tokenId);
                fxThread.execute(() -> lineDone(inspection, position, tokenId, line));
            } catch (RuntimeException | OutOfMemoryError e) {
                fxThread.execute(() -> context.showProblem(
                        "The line of “" + CellInfo.visible(inspection.lens().tokenText(tokenId))
                                + "” could not be read: " + reason(e),
                        e));
            }
        });
    }

    private void lineDone(Inspection inspection, int position, int tokenId, double[] line) {
        if (inspection == context.inspectionProperty().get()) {
            looseLines.put(key(position, tokenId), line);
            refreshChart();
        }
    }

    private boolean isToBeRead(Inspection inspection) {
        int kept = inspection.lens().topK();
        int asked = Math.min(
                values.get().get(LensLab.TOP), inspection.capture().config().vocabSize());
        return layers.get() ? layerGrid == null : stepGrid == null && asked != kept;
    }

    private void read(Inspection inspection, boolean everyLayer) {
        Optional<TunedLens> lens = everyLayer ? Optional.ofNullable(tuned.get()) : Optional.empty();
        int top = values.get().get(LensLab.TOP);
        gridWork.start(
                everyLayer ? "Reading every layer" : "Reading every step",
                progress::set,
                control -> LensLab.grid(
                        inspection.capture(),
                        inspection.unembedding(),
                        inspection.tokenizer(),
                        lens,
                        everyLayer,
                        top,
                        control),
                grid -> {
                    layerGrid = everyLayer ? grid : layerGrid;
                    stepGrid = everyLayer ? stepGrid : grid;
                    rebuild();
                },
                () -> layers.set(layers.get() && layerGrid != null));
    }

    private static String reason(Throwable e) {
        return e instanceof OutOfMemoryError
                ? "there is not enough memory; run fewer tokens or steps."
                : String.valueOf(e.getMessage());
    }

    private static long key(int position, int tokenId) {
        return (long) position << 32 | tokenId;
    }

    private static int clamp(int index, int size) {
        return Math.max(0, Math.min(size - 1, index));
    }
}
