package org.loopscope.plugin.depth;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.depth.DepthCurve;
import org.loopscope.analysis.depth.DepthData;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.analysis.set.Scope;
import org.loopscope.figure.ChartFigure;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.LatestWork;
import org.loopscope.plugin.card.SetLabModel;
import org.loopscope.plugin.card.Subscriptions;
import org.loopscope.plugin.depth.DepthFigures.Curves;

/**
 * State and logic of the Depth panel; knows no control. Used on the FX thread. Curves are computed on the context's
 * executor, the latest request wins; a set runs on the given worker and can be cancelled, what is done stays in its file.
 */
final class DepthViewModel {
    private final PanelContext context;
    private final SetLabModel<?, ?, DepthData> sets;
    private final Subscriptions subscriptions = new Subscriptions();
    private final Map<Curves, ReadOnlyObjectWrapper<@Nullable ChartFigure>> curves = new EnumMap<>(Curves.class);
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> draft = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyStringWrapper draftText = new ReadOnlyStringWrapper("");
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> token = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<List<View>> views = new ReadOnlyObjectWrapper<>(List.of());
    private final ObjectProperty<@Nullable View> view = new SimpleObjectProperty<>();
    private final LatestWork<Optional<DepthCurve>> curveWork;
    private final LatestWork<Draft> draftWork;

    /** What the curves are of: the shown run, or tokens and prompts of a set. */
    record View(Optional<Scope> scope, Optional<String> group) {
        static final View RUN = new View(Optional.empty(), Optional.empty());

        @Override
        public String toString() {
            return scope.map(s -> "set: " + s.title() + group.map(g -> ", " + g).orElse(""))
                    .orElse("this run: all tokens");
        }
    }

    private record Draft(ChartFigure figure, String text) {}

    /** @param worker runs sets; they take long, so it should not be the one that panels share */
    DepthViewModel(PanelContext context, Executor worker, Executor fxThread) {
        this.context = context;
        this.sets = new SetLabModel<>(new DepthLab(), context, worker, fxThread);
        this.curveWork = new LatestWork<>(context, fxThread, "The curves could not be computed");
        this.draftWork = new LatestWork<>(context, fxThread, "The drafts could not be computed");
        for (Curves which : Curves.values()) {
            curves.put(which, new ReadOnlyObjectWrapper<>());
        }
        subscriptions.onChange(view, v -> show());
        subscriptions.onChange(sets.valuesProperty(), v -> refreshDraft());
        subscriptions.onChange(sets.summaryProperty(), this::adopt);
        subscriptions.onChange(context.selectionProperty(), s -> refreshToken());
        subscriptions.follow(context.inspectionProperty(), i -> refreshRun());
    }

    ReadOnlyObjectProperty<@Nullable ChartFigure> curveProperty(Curves which) {
        return Objects.requireNonNull(curves.get(which)).getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable ChartFigure> draftProperty() {
        return draft.getReadOnlyProperty();
    }

    /** What the drafts would save. */
    ReadOnlyStringProperty draftTextProperty() {
        return draftText.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable ChartFigure> tokenProperty() {
        return token.getReadOnlyProperty();
    }

    /** What can be shown: the run first, then the set's tokens, the most telling first. */
    ReadOnlyObjectProperty<List<View>> viewsProperty() {
        return views.getReadOnlyProperty();
    }

    ObjectProperty<@Nullable View> viewProperty() {
        return view;
    }

    /** Opens and runs sets, and knows k. */
    SetLabModel<?, ?, DepthData> sets() {
        return sets;
    }

    private void refreshRun() {
        refreshDraft();
        refreshToken();
        View before = view.get();
        offer(before == null || before.equals(View.RUN) ? View.RUN : before);
    }

    /** Offers what there is and shows {@code wanted}, or the first where that is gone. */
    private void offer(View wanted) {
        List<View> all = new ArrayList<>();
        if (context.inspectionProperty().get() != null) {
            all.add(View.RUN);
        }
        DepthData set = sets.summaryProperty().get();
        if (set != null) {
            add(all, set, set.mainScope());
            set.scopes().forEach(scope -> add(all, set, scope));
        }
        List<View> distinct = all.stream().distinct().toList();
        views.set(distinct);
        View now = distinct.contains(wanted) ? wanted : distinct.isEmpty() ? null : distinct.get(0);
        if (now != null && now.equals(view.get())) {
            show();
        } else {
            view.set(now);
        }
    }

    private static void add(List<View> all, DepthData set, Scope scope) {
        if (set.scopes().contains(scope)) {
            all.add(new View(Optional.of(scope), Optional.empty()));
            set.groups().forEach(group -> all.add(new View(Optional.of(scope), Optional.of(group))));
        }
    }

    private void show() {
        View now = view.get();
        Inspection inspection = context.inspectionProperty().get();
        DepthData set = sets.summaryProperty().get();
        if (now == null || (now.scope().isEmpty() && inspection == null)) {
            curveWork.cancel();
            curves.values().forEach(figure -> figure.set(null));
            return;
        }
        curveWork.start("", s -> {}, control -> curve(now, inspection, set), this::draw);
    }

    private static Optional<DepthCurve> curve(View view, @Nullable Inspection inspection, @Nullable DepthData set) {
        if (view.scope().isPresent()) {
            return set == null ? Optional.empty() : set.curve(view.scope().get(), view.group());
        }
        return Optional.ofNullable(inspection).map(i -> DepthCurve.ofRun(i.lens()));
    }

    private void draw(Optional<DepthCurve> curve) {
        curves.forEach((which, figure) ->
                figure.set(curve.map(c -> DepthFigures.curve(c, which)).orElse(null)));
    }

    private void refreshDraft() {
        Inspection inspection = context.inspectionProperty().get();
        int k = sets.valuesProperty().get().get(DepthLab.BLOCK);
        if (inspection == null || inspection.capture().steps() < 2) {
            draftWork.cancel();
            draft.set(null);
            draftText.set("");
            return;
        }
        draftWork.start(
                "",
                s -> {},
                control -> new Draft(RunFigures.draft(inspection, k), RunFigures.draftText(inspection, k)),
                now -> {
                    draft.set(now.figure());
                    draftText.set(now.text());
                });
    }

    private void refreshToken() {
        Inspection inspection = context.inspectionProperty().get();
        token.set(
                inspection == null
                        ? null
                        : RunFigures.token(
                                inspection,
                                context.selectionProperty()
                                        .get()
                                        .within(
                                                inspection.capture().length(),
                                                inspection.capture().steps())
                                        .position()));
    }

    private void adopt(@Nullable DepthData read) {
        if (read != null) {
            offer(new View(Optional.of(read.mainScope()), Optional.empty()));
        }
    }

    void dispose() {
        sets.dispose();
        curveWork.cancel();
        draftWork.cancel();
        subscriptions.drop();
    }
}
