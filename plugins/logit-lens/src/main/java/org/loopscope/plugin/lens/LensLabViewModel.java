package org.loopscope.plugin.lens;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.beans.value.ObservableValue;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.attention.AttentionChange;
import org.loopscope.analysis.lens.GroupTrajectories;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.TokenGroup;
import org.loopscope.analysis.lens.tuned.TunedLens;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.lab.Values;
import org.loopscope.model.AttentionMaps;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.RunModel;
import org.loopscope.plugin.Selection;
import org.loopscope.plugin.card.LatestWork;
import org.loopscope.plugin.card.Subscriptions;

/**
 * State and logic of the further cards of the Logit lens panel: token groups, prediction depth and attention. Knows no
 * control; used on the FX thread.
 */
final class LensLabViewModel {
    /** Most bytes of attention maps that are held: all heads and steps of a layer. */
    static final long ATTENTION_LIMIT = 1L << 30;

    private final PanelContext context;
    private final ObservableValue<@Nullable LensGrid> grid;
    private final ObservableValue<@Nullable TunedLens> tuned;
    private final Subscriptions subscriptions = new Subscriptions();
    private final StringProperty groupWords = new SimpleStringProperty("");
    private final ReadOnlyStringWrapper groupProblem = new ReadOnlyStringWrapper("");
    private final ObjectProperty<Values> attentionValues =
            new SimpleObjectProperty<>(Values.of(new AttentionLab().settings()).with(AttentionLab.HEAD, 0));
    private final ObjectProperty<AttentionFigures.Measure> measure =
            new SimpleObjectProperty<>(AttentionFigures.Measure.FROBENIUS);
    private final ReadOnlyBooleanWrapper attentionAvailable = new ReadOnlyBooleanWrapper();
    private final ReadOnlyStringWrapper attentionNote = new ReadOnlyStringWrapper("");
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> groups = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> depth = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable HeatmapFigure> map = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable HeatmapFigure> change = new ReadOnlyObjectWrapper<>();
    private final LatestWork<GroupTrajectories> groupWork;
    private final LatestWork<AttentionChange> attentionWork;
    private List<TokenGroup> parsed = List.of();
    private @Nullable AttentionChange attention;

    /**
     * @param grid what the heatmap shows
     * @param tuned the lens that layers of {@code grid} were read through; null for the logit lens
     */
    LensLabViewModel(
            PanelContext context,
            ObservableValue<@Nullable LensGrid> grid,
            ObservableValue<@Nullable TunedLens> tuned,
            Executor fxThread) {
        this.context = context;
        this.grid = grid;
        this.tuned = tuned;
        this.groupWork = new LatestWork<>(context, fxThread, "The token groups could not be read");
        this.attentionWork = new LatestWork<>(context, fxThread, "The attention could not be computed");
        subscriptions.onChange(context.selectionProperty(), s -> selected());
        subscriptions.onChange(context.modelProperty(), m -> modelChanged());
        subscriptions.onChange(grid, g -> gridChanged());
        measure.addListener(o -> refreshAttention());
        subscriptions.onChange(attentionValues, v -> attentionValuesChanged());
        subscriptions.follow(context.inspectionProperty(), this::show);
    }

    /** The groups as typed; {@link #applyGroups} takes them. */
    StringProperty groupWordsProperty() {
        return groupWords;
    }

    /** What is wrong with the groups as typed; empty if nothing. */
    ReadOnlyStringProperty groupProblemProperty() {
        return groupProblem.getReadOnlyProperty();
    }

    /** What the attention lab is set to; its step is the selected one, of all panels. */
    ObjectProperty<Values> attentionValuesProperty() {
        return attentionValues;
    }

    ObjectProperty<AttentionFigures.Measure> measureProperty() {
        return measure;
    }

    ReadOnlyBooleanProperty attentionAvailableProperty() {
        return attentionAvailable.getReadOnlyProperty();
    }

    /** Progress, or why there is no attention. */
    ReadOnlyStringProperty attentionNoteProperty() {
        return attentionNote.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable ChartFigure> groupsProperty() {
        return groups.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable ChartFigure> depthProperty() {
        return depth.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable HeatmapFigure> mapProperty() {
        return map.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable HeatmapFigure> changeProperty() {
        return change.getReadOnlyProperty();
    }

    /** Reads {@link #groupWordsProperty} and shows the groups at the selected token. */
    void applyGroups() {
        Inspection inspection = context.inspectionProperty().get();
        groupProblem.set("");
        if (inspection == null) {
            return;
        }
        if (groupWords.get().isBlank()) {
            parsed = List.of();
        } else {
            try {
                parsed = TokenGroup.parse(
                        groupWords.get(),
                        inspection.tokenizer(),
                        inspection.unembedding().vocabSize());
            } catch (LoopscopeException e) {
                groupProblem.set(String.valueOf(e.getMessage()));
                return;
            }
        }
        readGroups();
    }

    /** Computes the maps of the chosen layer at every step. */
    void computeAttention() {
        Inspection inspection = context.inspectionProperty().get();
        Optional<AttentionMaps> maps = inspection == null ? Optional.empty() : maps(inspection);
        if (inspection == null || maps.isEmpty()) {
            return;
        }
        long bytes = maps.get().attentionBytes(inspection.capture().length())
                * inspection.capture().steps();
        if (bytes > ATTENTION_LIMIT) {
            attentionNote.set("The maps of a layer would take " + (bytes >> 20) + " MiB, more than "
                    + (ATTENTION_LIMIT >> 20) + "; run fewer tokens or steps.");
            return;
        }
        Optional<AttentionLab.Place> place = place(inspection);
        if (place.isEmpty()) {
            return;
        }
        attentionWork.start(
                "Computing attention",
                attentionNote::set,
                control -> AttentionChange.of(
                        maps.get(), inspection.capture(), place.get().layer(), control),
                made -> {
                    attention = made;
                    refreshAttention();
                });
    }

    /** Chooses a head and a step of the change picture. */
    void selectHead(int row, int column) {
        attentionValues.set(attentionValues.get().with(AttentionLab.HEAD, row));
        context.selectionProperty()
                .set(new Selection(context.selectionProperty().get().position(), column + 1));
    }

    /** Selects the token of a row of the map. */
    void selectQuery(int row) {
        context.selectionProperty()
                .set(new Selection(row, context.selectionProperty().get().step()));
    }

    /** Lines about one weight, for the hover. */
    List<String> weightInfo(int query, int key) {
        AttentionChange now = attention;
        Inspection inspection = context.inspectionProperty().get();
        Optional<AttentionLab.Place> place = inspection == null ? Optional.empty() : place(inspection);
        if (now == null || inspection == null || place.isEmpty() || key > query || query >= now.positions()) {
            return List.of();
        }
        List<String> tokens = LensFigures.columnLabels(inspection.capture());
        StringBuilder byStep = new StringBuilder("by loop:");
        for (int t = 1; t <= Math.min(16, now.steps()); t++) {
            byStep.append(String.format(
                    java.util.Locale.ROOT, " %.3f", now.at(t).weight(place.get().head(), query, key)));
        }
        return List.of("“" + tokens.get(query) + "” looks at “" + tokens.get(key) + "”", byStep.toString());
    }

    void dispose() {
        subscriptions.drop();
        groupWork.cancel();
        attentionWork.cancel();
    }

    private Optional<AttentionMaps> maps(Inspection inspection) {
        return inspection.capture().hasLayerStates()
                ? RunModel.of(context, inspection).flatMap(LoopedModel::attention)
                : Optional.empty();
    }

    private void show(@Nullable Inspection inspection) {
        groupWork.cancel();
        attentionWork.cancel();
        attention = null;
        parsed = List.of();
        modelChanged();
        attentionNote.set(noAttention(inspection));
        applyGroups();
        refreshDepth();
        refreshAttention();
        stepSelected();
    }

    private void modelChanged() {
        Inspection inspection = context.inspectionProperty().get();
        attentionAvailable.set(inspection != null && maps(inspection).isPresent());
    }

    private void selected() {
        readGroups();
        refreshDepth();
        stepSelected();
    }

    private void stepSelected() {
        Inspection inspection = context.inspectionProperty().get();
        if (inspection != null) {
            attentionValues.set(attentionValues
                    .get()
                    .with(AttentionLab.STEP, selection(inspection).step()));
        }
    }

    /** Why no attention can be computed; empty where it can, and without a run. */
    private String noAttention(@Nullable Inspection inspection) {
        return inspection == null || attentionAvailable.get() ? "" : "needs a run with layer states (capture: layers)";
    }

    private void gridChanged() {
        readGroups();
        refreshDepth();
    }

    private void readGroups() {
        Inspection inspection = context.inspectionProperty().get();
        if (inspection == null || parsed.isEmpty()) {
            groupWork.cancel();
            groups.set(null);
            return;
        }
        List<TokenGroup> wanted = parsed;
        int position = selection(inspection).position();
        LensGrid shown = grid.getValue();
        boolean inside =
                shown != null && !shown.stepOutputs() && inspection.capture().hasLayerStates();
        TunedLens lens = tuned.getValue();
        groupWork.start(
                "",
                s -> {},
                control -> groups(inspection, position, wanted, inside, lens, control),
                made -> groups.set(GroupFigure.of(inspection, made, position)));
    }

    private static GroupTrajectories groups(
            Inspection inspection,
            int position,
            List<TokenGroup> wanted,
            boolean inside,
            @Nullable TunedLens lens,
            RunControl control)
            throws LoopscopeException {
        List<Integer> at = List.of(position);
        return inside && lens != null
                ? lens.groups(inspection.capture(), inspection.unembedding(), at, wanted, control)
                : GroupTrajectories.of(inspection.capture(), inspection.unembedding(), at, wanted, inside, control);
    }

    private void refreshDepth() {
        LensGrid shown = grid.getValue();
        Inspection inspection = context.inspectionProperty().get();
        depth.set(
                shown == null || inspection == null || shown.capture() != inspection.capture()
                        ? null
                        : DepthFigure.of(shown, selection(inspection).position()));
    }

    /** Where the map is; empty, which is said, if that is not in the run. */
    private Optional<AttentionLab.Place> place(Inspection inspection) {
        try {
            return Optional.of(AttentionLab.place(inspection.capture(), attentionValues.get()));
        } catch (LoopscopeException e) {
            attentionNote.set(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private void attentionValuesChanged() {
        Inspection inspection = context.inspectionProperty().get();
        AttentionChange now = attention;
        attentionNote.set(noAttention(inspection));
        Optional<AttentionLab.Place> place = inspection == null ? Optional.empty() : place(inspection);
        if (inspection != null
                && place.isPresent()
                && place.get().step() != selection(inspection).step()) {
            context.selectionProperty()
                    .set(new Selection(
                            selection(inspection).position(), place.get().step()));
        }
        if (now != null && place.isPresent() && place.get().layer() != now.layer()) {
            computeAttention();
        } else {
            refreshAttention();
        }
    }

    private void refreshAttention() {
        Inspection inspection = context.inspectionProperty().get();
        AttentionChange now = attention;
        Optional<AttentionLab.Place> place = inspection == null || now == null ? Optional.empty() : place(inspection);
        if (inspection == null || now == null || place.isEmpty()) {
            map.set(null);
            change.set(null);
        } else {
            int step = place.get().step();
            int head = place.get().head();
            map.set(AttentionFigures.map(
                    inspection, now, step, head, selection(inspection).position()));
            change.set(AttentionFigures.change(inspection, now, measure.get(), step, head));
        }
    }

    private Selection selection(Inspection inspection) {
        return context.selectionProperty()
                .get()
                .within(inspection.capture().length(), inspection.capture().steps());
    }
}
