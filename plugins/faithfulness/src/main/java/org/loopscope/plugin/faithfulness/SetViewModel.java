package org.loopscope.plugin.faithfulness;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.prompts.SampleSet;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.analysis.table.TableFile;
import org.loopscope.figure.Figure;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.LabWork;
import org.loopscope.plugin.card.SetBar;
import org.loopscope.plugin.card.Subscriptions;

/** One probe over a set: rows that are there, or a set that is run with the open model. Used on the FX thread. */
final class SetViewModel implements SetBar.Lab {
    private final PanelContext context;
    private final SetOptions options;
    private final Supplier<SetProbe> probe;
    private final Bundled bundled;
    private final LabWork work;
    private final Subscriptions subscriptions = new Subscriptions();
    private final ReadOnlyObjectWrapper<@Nullable Figure> figure = new ReadOnlyObjectWrapper<>();

    /** Sets that come with the program. */
    @FunctionalInterface
    interface Bundled {
        List<SampleSet> sets() throws LoopscopeException;
    }

    private record Read(SetProbe.Shown shown, String from) {}

    /**
     * @param probe as it is set when a set is begun
     * @param bundled those that fit it
     */
    SetViewModel(
            PanelContext context,
            SetOptions options,
            Supplier<SetProbe> probe,
            Bundled bundled,
            Executor executor,
            Executor fxThread) {
        this.context = context;
        this.options = options;
        this.probe = probe;
        this.bundled = bundled;
        this.work = LabWork.ofSet(executor, fxThread);
        subscriptions.onChange(context.modelProperty(), m -> work.cancel());
    }

    @Override
    public LabWork work() {
        return work;
    }

    @Override
    public BooleanBinding cannotRunBinding() {
        return Bindings.or(work.runningProperty(), Bindings.isNull(context.modelProperty()));
    }

    @Override
    public List<SampleSet> bundled() throws LoopscopeException {
        return bundled.sets();
    }

    @Override
    public List<String> setEndings() {
        return List.of("jsonl", "tsv");
    }

    /** Null before a set is shown. */
    ReadOnlyObjectProperty<@Nullable Figure> figureProperty() {
        return figure.getReadOnlyProperty();
    }

    @Override
    public void open(Path rows) {
        SetProbe chosen = probe.get();
        work.start(
                control -> {
                    String dtype = TableFile.first(rows, "loopscope probe").getOrDefault("compute_dtype", "");
                    return new Read(
                            chosen.read(rows, rows.getFileName() + " · " + dtype), "from " + rows.getFileName());
                },
                this::show);
    }

    /** Runs a set, goes on where an earlier run stopped, and shows it. */
    @Override
    public void run(String set, Path rows) {
        LoopedModel model = context.modelProperty().get();
        if (model == null) {
            return;
        }
        SetProbe chosen = probe.get();
        int steps = options.stepsProperty().get();
        int limit = options.limitProperty().get();
        String about = model.info().id() + ", " + SetFile.shortName(set) + " · "
                + model.info().computeDtype();
        work.start(
                control -> {
                    chosen.run(model, set, steps, limit, rows, control);
                    return new Read(chosen.read(rows, about), "written to " + rows.getFileName());
                },
                this::show);
    }

    private void show(Read read) {
        figure.set(read.shown().figure());
        work.say(read.shown().facts() + ", " + read.from());
    }

    void dispose() {
        work.cancel();
        subscriptions.drop();
    }
}
