package org.loopscope.plugin.geometry;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
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
import org.loopscope.analysis.geometry.EffectiveRank;
import org.loopscope.analysis.geometry.LayerGeometry;
import org.loopscope.analysis.geometry.LongRun;
import org.loopscope.analysis.geometry.MotionClassifier;
import org.loopscope.analysis.geometry.Orbits;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.lab.Values;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.RunModel;
import org.loopscope.plugin.Selection;
import org.loopscope.plugin.card.LatestWork;
import org.loopscope.plugin.card.Subscriptions;

/**
 * State and logic of the Geometry panel; knows no control. Used on the FX thread; what takes longer than a frame runs on
 * the context's executor, the latest request wins.
 */
final class GeometryViewModel {
    /** Which tokens share a plane. */
    enum OrbitTokens {
        SELECTED("selected token"),
        RECENT("with the 4 before"),
        ALL("all tokens");

        private final String label;

        OrbitTokens(String label) {
            this.label = label;
        }

        List<Integer> of(int position, int length) {
            int from = this == ALL ? 0 : this == SELECTED ? position : Math.max(0, position - 4);
            int to = this == ALL ? length - 1 : position;
            return IntStream.rangeClosed(from, to).boxed().toList();
        }

        @Override
        public String toString() {
            return label;
        }
    }

    private final PanelContext context;
    private final Subscriptions subscriptions = new Subscriptions();
    private final ObjectProperty<GeometryValue> value = new SimpleObjectProperty<>(GeometryValue.RELATIVE_STEP);
    private final BooleanProperty layers = new SimpleBooleanProperty();
    private final ObjectProperty<OrbitTokens> orbitTokens = new SimpleObjectProperty<>(OrbitTokens.RECENT);
    private final ObjectProperty<Values> values = new SimpleObjectProperty<>(Values.of(new GeometryLab().settings()));
    private final BooleanProperty thirdAxis = new SimpleBooleanProperty();
    private final ReadOnlyBooleanWrapper layersAvailable = new ReadOnlyBooleanWrapper();
    private final ReadOnlyBooleanWrapper longRunAvailable = new ReadOnlyBooleanWrapper();
    private final ReadOnlyStringWrapper progress = new ReadOnlyStringWrapper("");
    private final ReadOnlyObjectWrapper<@Nullable HeatmapFigure> map = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> curves = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> summary = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> orbitFigure = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable HeatmapFigure> motion = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> distance = new ReadOnlyObjectWrapper<>();
    private final LatestWork<LayerGeometry> layerWork;
    private final LatestWork<double[]> rankWork;
    private final LatestWork<Orbits> orbitWork;
    private final LatestWork<LongRun> longWork;
    private @Nullable LayerGeometry layerGeometry;
    private double @Nullable [] ranks;
    private @Nullable Orbits orbits;
    private @Nullable LongRun longRun;

    GeometryViewModel(PanelContext context, Executor fxThread) {
        this.context = context;
        this.layerWork = new LatestWork<>(context, fxThread, "The layers of this run could not be measured");
        this.rankWork = new LatestWork<>(context, fxThread, "The effective rank could not be computed");
        this.orbitWork = new LatestWork<>(context, fxThread, "The orbits could not be computed");
        this.longWork = new LatestWork<>(context, fxThread, "The long run could not be made");
        subscriptions.onChange(context.selectionProperty(), s -> selected());
        subscriptions.onChange(context.modelProperty(), m -> modelChanged());
        value.addListener(o -> refreshMap());
        layers.addListener(o -> layersChanged());
        orbitTokens.addListener(o -> fitOrbits());
        subscriptions.onChange(values, v -> selected());
        thirdAxis.addListener(o -> refreshOrbits());
        subscriptions.follow(context.inspectionProperty(), this::show);
    }

    ObjectProperty<GeometryValue> valueProperty() {
        return value;
    }

    /** Rows for layers in the map, and layers in the orbits. */
    BooleanProperty layersProperty() {
        return layers;
    }

    ReadOnlyBooleanProperty layersAvailableProperty() {
        return layersAvailable.getReadOnlyProperty();
    }

    /** What the lab is set to; tokens that are set and in the run take the place of {@link #orbitTokensProperty}. */
    ObjectProperty<Values> valuesProperty() {
        return values;
    }

    ObjectProperty<OrbitTokens> orbitTokensProperty() {
        return orbitTokens;
    }

    /** Axis 3 upwards instead of axis 2. */
    BooleanProperty thirdAxisProperty() {
        return thirdAxis;
    }

    /** Whether a long run can be asked for: the model is known and none is under way. */
    ReadOnlyBooleanProperty longRunAvailableProperty() {
        return longRunAvailable.getReadOnlyProperty();
    }

    ReadOnlyStringProperty progressProperty() {
        return progress.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable HeatmapFigure> mapProperty() {
        return map.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable ChartFigure> curvesProperty() {
        return curves.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable ChartFigure> summaryProperty() {
        return summary.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable ChartFigure> orbitsProperty() {
        return orbitFigure.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable HeatmapFigure> motionProperty() {
        return motion.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable ChartFigure> distanceProperty() {
        return distance.getReadOnlyProperty();
    }

    /** Selects a token and the step of a row of the map. */
    void select(int row, int position) {
        Inspection inspection = context.inspectionProperty().get();
        HeatmapFigure shown = map.get();
        if (inspection != null && shown != null) {
            int perStep = shown.rows() / inspection.capture().steps();
            context.selectionProperty().set(new Selection(position, row / perStep + 1));
        }
    }

    /** Selects a token, keeping the step. */
    void selectToken(int position) {
        context.selectionProperty()
                .set(new Selection(position, context.selectionProperty().get().step()));
    }

    /** Moves the selection; stays inside the run. */
    void move(int columns, int steps) {
        Inspection inspection = context.inspectionProperty().get();
        if (inspection != null) {
            Selection s = selection(inspection);
            int position = clamp(s.position() + columns, inspection.capture().length());
            int step = 1 + clamp(s.step() - 1 + steps, inspection.capture().steps());
            context.selectionProperty().set(new Selection(position, step));
        }
    }

    /** All numbers of a token at the step of a row, for the hover. */
    List<String> info(int row, int position) {
        Inspection inspection = context.inspectionProperty().get();
        HeatmapFigure shown = map.get();
        if (inspection == null || shown == null) {
            return List.of();
        }
        int step = row / (shown.rows() / inspection.capture().steps()) + 1;
        return HoverText.of(inspection, layerGeometry, shown.rows(), row, step, position);
    }

    List<String> motionInfo(int position) {
        LongRun run = longRun;
        return run == null ? List.of() : MotionFigure.info(run, position);
    }

    /** Runs the tokens again for many steps and shows where they end. */
    void runLong() {
        Inspection inspection = context.inspectionProperty().get();
        Optional<LoopedModel> loaded = inspection == null ? Optional.empty() : RunModel.of(context, inspection);
        if (inspection == null || loaded.isEmpty() || !longRunAvailable.get()) {
            return;
        }
        longRunAvailable.set(false);
        int steps = values.get().get(GeometryLab.LONG);
        longWork.start(
                "Running " + steps + " loops",
                progress::set,
                control -> LongRun.run(loaded.get(), inspection.capture(), steps, control),
                run -> {
                    longRun = run;
                    refreshLong();
                },
                () -> longRunAvailable.set(true));
    }

    void dispose() {
        subscriptions.drop();
        layerWork.cancel();
        rankWork.cancel();
        orbitWork.cancel();
        longWork.cancel();
    }

    private void show(@Nullable Inspection inspection) {
        layerWork.cancel();
        rankWork.cancel();
        orbitWork.cancel();
        longWork.cancel();
        progress.set("");
        layerGeometry = null;
        ranks = null;
        orbits = null;
        longRun = null;
        layersAvailable.set(inspection != null && inspection.capture().hasLayerStates());
        modelChanged();
        if (!layersAvailable.get()) {
            layers.set(false);
        }
        if (inspection != null) {
            Capture capture = inspection.capture();
            if (capture.steps() >= MotionClassifier.MIN_STEPS) {
                longWork.start("", told -> {}, control -> LongRun.of(capture), made -> {
                    longRun = made;
                    refreshLong();
                });
            }
            rankWork.start("", s -> {}, control -> EffectiveRank.ofSteps(capture, control), made -> {
                ranks = made;
                refreshSummary();
            });
        }
        layersChanged();
        selected();
        refreshSummary();
    }

    private void modelChanged() {
        Inspection inspection = context.inspectionProperty().get();
        longRunAvailable.set(
                inspection != null && RunModel.of(context, inspection).isPresent());
    }

    private void layersChanged() {
        Inspection inspection = context.inspectionProperty().get();
        if (inspection != null && layers.get() && layerGeometry == null) {
            layerWork.start(
                    "Measuring layers",
                    progress::set,
                    control -> LayerGeometry.of(inspection.capture(), control),
                    made -> {
                        layerGeometry = made;
                        refreshMap();
                    });
        }
        refreshMap();
        fitOrbits();
    }

    private void selected() {
        refreshMap();
        refreshSummary();
        refreshLong();
        Inspection inspection = context.inspectionProperty().get();
        curves.set(
                inspection == null
                        ? null
                        : CurveFigures.token(
                                inspection,
                                selection(inspection).position(),
                                selection(inspection).step()));
        Orbits now = orbits;
        if (now == null || inspection == null || !fits(now, inspection)) {
            fitOrbits();
        } else {
            refreshOrbits();
        }
    }

    /** Whether the orbits are those of the tokens that are asked for. */
    private boolean fits(Orbits now, Inspection inspection) {
        return now.layers() == layers.get()
                && tokens(inspection)
                        .equals(now.points().stream()
                                .map(Orbits.Point::position)
                                .distinct()
                                .toList());
    }

    /** Those that are set and in this run, or else those of the choice. */
    private List<Integer> tokens(Inspection inspection) {
        int length = inspection.capture().length();
        List<Integer> set = values.get().find(GeometryLab.TOKENS).orElse(List.of()).stream()
                .filter(p -> p >= 0 && p < length)
                .toList();
        return set.isEmpty() ? orbitTokens.get().of(selection(inspection).position(), length) : set;
    }

    private void fitOrbits() {
        Inspection inspection = context.inspectionProperty().get();
        if (inspection == null || inspection.capture().steps() < 2) {
            orbits = null;
            refreshOrbits();
            return;
        }
        Capture capture = inspection.capture();
        boolean withLayers = layers.get() && capture.hasLayerStates();
        List<Integer> tokens = tokens(inspection);
        orbitWork.start("", s -> {}, control -> Orbits.of(capture, tokens, withLayers, control), made -> {
            orbits = made;
            refreshOrbits();
        });
    }

    private void refreshMap() {
        Inspection inspection = context.inspectionProperty().get();
        map.set(
                inspection == null
                        ? null
                        : MapFigure.of(
                                inspection,
                                layers.get() ? Optional.ofNullable(layerGeometry) : Optional.empty(),
                                value.get(),
                                selection(inspection).position(),
                                selection(inspection).step()));
    }

    private void refreshSummary() {
        Inspection inspection = context.inspectionProperty().get();
        double[] now = ranks;
        summary.set(
                inspection == null || now == null
                        ? null
                        : CurveFigures.summary(
                                inspection,
                                now,
                                EffectiveRank.tokensOf(inspection.capture().length()),
                                selection(inspection).step()));
    }

    private void refreshOrbits() {
        Inspection inspection = context.inspectionProperty().get();
        Orbits now = orbits;
        orbitFigure.set(
                inspection == null || now == null
                        ? null
                        : OrbitFigure.of(inspection, now, selection(inspection).position(), thirdAxis.get() ? 2 : 1));
    }

    private void refreshLong() {
        Inspection inspection = context.inspectionProperty().get();
        LongRun run = longRun;
        if (inspection == null || run == null) {
            motion.set(null);
            distance.set(null);
        } else {
            Selection s = selection(inspection);
            motion.set(MotionFigure.of(run, s.position()));
            distance.set(CurveFigures.distance(run, s.position(), s.step()));
        }
    }

    private Selection selection(Inspection inspection) {
        return context.selectionProperty()
                .get()
                .within(inspection.capture().length(), inspection.capture().steps());
    }

    private static int clamp(int index, int size) {
        return Math.max(0, Math.min(size - 1, index));
    }
}
