package org.loopscope.plugin.exit;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.exit.WeightedExit;
import org.loopscope.analysis.run.GateDiagnosis;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.model.base.RunControl;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.Subscriptions;

/**
 * Gate diagnosis and weighted exit of the run that is shown; knows no control. Computed on the context's executor once
 * they are looked at; the latest run wins. Used on the FX thread.
 */
final class LabViewModel {
    private final PanelContext context;
    private final Executor fxThread;
    private final Subscriptions subscriptions = new Subscriptions();
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> reliability = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> scatter = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable HeatmapFigure> weighted = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyStringWrapper warnings = new ReadOnlyStringWrapper("");
    private final ObjectProperty<GateFigures.Beside> beside = new SimpleObjectProperty<>(GateFigures.Beside.ENTROPY);
    private @Nullable Computed computed;
    private volatile @Nullable Inspection wanted; // the run being computed; the worker asks whether it still is
    private boolean looked;

    /** What was found, and the figures of it that hang on nothing else: describing them takes longer than a frame. */
    private record Computed(
            Inspection inspection,
            GateDiagnosis gate,
            WeightedExit weighted,
            ChartFigure reliability,
            HeatmapFigure weightedFigure,
            String warnings) {
        static Computed of(Inspection inspection, RunControl control) {
            GateDiagnosis gate = GateDiagnosis.of(inspection);
            WeightedExit weighted = WeightedExit.of(inspection.capture(), inspection.unembedding(), control);
            return new Computed(
                    inspection,
                    gate,
                    weighted,
                    GateFigures.reliability(inspection, gate),
                    WeightedFigure.of(inspection, weighted),
                    gate.warnings());
        }
    }

    LabViewModel(PanelContext context, Executor fxThread) {
        this.context = context;
        this.fxThread = fxThread;
        subscriptions.onChange(context.inspectionProperty(), i -> refresh());
        subscriptions.onChange(beside, b -> show());
    }

    ReadOnlyObjectProperty<@Nullable ChartFigure> reliabilityProperty() {
        return reliability.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable ChartFigure> scatterProperty() {
        return scatter.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable HeatmapFigure> weightedProperty() {
        return weighted.getReadOnlyProperty();
    }

    /** λ that no label asks for, and saturation. */
    ReadOnlyStringProperty warningsProperty() {
        return warnings.getReadOnlyProperty();
    }

    /** What the scatter shows beside λ. */
    ObjectProperty<GateFigures.Beside> besideProperty() {
        return beside;
    }

    /** Told when the figures come into view. */
    void look() {
        if (!looked) {
            looked = true;
            refresh();
        }
    }

    /** Lines about a cell of the weighted exit, for the hover. */
    List<String> info(int row, int position) {
        Computed now = computed;
        return now == null ? List.of() : WeightedFigure.info(now.inspection(), now.weighted(), row, position);
    }

    void dispose() {
        subscriptions.drop();
        wanted = null;
        computed = null;
    }

    private void refresh() {
        computed = null;
        show();
        Inspection inspection = context.inspectionProperty().get();
        wanted = inspection;
        if (!looked || inspection == null || !inspection.exits().hasGate()) {
            return;
        }
        RunControl control = RunControl.of(() -> wanted != inspection, (stage, done, total) -> {});
        context.executor().execute(() -> {
            try {
                Computed made = Computed.of(inspection, control);
                fxThread.execute(() -> publish(made));
            } catch (CancellationException e) {
                return; // another run is shown
            }
        });
    }

    private void publish(Computed made) {
        if (made.inspection() == wanted) {
            computed = made;
            show();
        }
    }

    private void show() {
        Computed now = computed;
        if (now == null) {
            reliability.set(null);
            scatter.set(null);
            weighted.set(null);
            warnings.set("");
            return;
        }
        reliability.set(now.reliability());
        scatter.set(GateFigures.scatter(now.inspection(), now.gate(), beside.get()));
        weighted.set(now.weightedFigure());
        warnings.set(now.warnings());
    }
}
