package org.loopscope.plugin.exit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executor;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.gate.GateData;
import org.loopscope.analysis.gate.GateSet;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.analysis.set.Scope;
import org.loopscope.figure.ChartFigure;
import org.loopscope.model.LoopedModel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.LabWork;
import org.loopscope.plugin.card.SetBar;
import org.loopscope.plugin.card.Subscriptions;
import org.loopscope.plugin.figure.GateSetFigures;

/** The gate over a set of prompts: a CSV that was saved, or a set that is run here; knows no control. Used on the FX thread. */
final class GateSetViewModel implements SetBar.Lab {
    private final PanelContext context;
    private final LabWork work;
    private final Subscriptions subscriptions = new Subscriptions();
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> calibration = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> gain = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyStringWrapper facts = new ReadOnlyStringWrapper("");
    private final ReadOnlyObjectWrapper<List<Tokens>> choices = new ReadOnlyObjectWrapper<>(List.of());
    private final ObjectProperty<@Nullable Tokens> tokens = new SimpleObjectProperty<>();
    private final ObjectProperty<Integer> generate = new SimpleObjectProperty<>(0); // as the command line
    private @Nullable Shown shown;

    /** Which tokens are counted; all where the scope is empty. */
    record Tokens(Optional<Scope> scope) {
        @Override
        public String toString() {
            return scope.map(Scope::title).orElse("all tokens");
        }
    }

    private record Shown(GateData data, String from) {}

    GateSetViewModel(PanelContext context, Executor executor, Executor fxThread) {
        this.context = context;
        this.work = LabWork.ofSet(executor, fxThread);
        subscriptions.onChange(tokens, t -> show());
        subscriptions.onChange(context.modelProperty(), m -> work.cancel());
    }

    @Override
    public LabWork work() {
        return work;
    }

    ReadOnlyObjectProperty<@Nullable ChartFigure> calibrationProperty() {
        return calibration.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable ChartFigure> gainProperty() {
        return gain.getReadOnlyProperty();
    }

    /** Which set is shown, λ that no label asks for, and saturation. */
    ReadOnlyStringProperty factsProperty() {
        return facts.getReadOnlyProperty();
    }

    /** Tokens that can be counted. */
    ReadOnlyObjectProperty<List<Tokens>> choicesProperty() {
        return choices.getReadOnlyProperty();
    }

    ObjectProperty<@Nullable Tokens> tokensProperty() {
        return tokens;
    }

    /** Tokens that are generated, at full depth, after a prompt without answer. */
    ObjectProperty<Integer> generateProperty() {
        return generate;
    }

    @Override
    public BooleanBinding cannotRunBinding() {
        return Bindings.or(work.runningProperty(), Bindings.isNull(context.modelProperty()));
    }

    @Override
    public void open(Path rows) {
        work.start(control -> new Shown(GateData.read(rows), String.valueOf(rows.getFileName())), this::adopt);
    }

    /** Runs a set, goes on where an earlier run stopped, and shows it. */
    @Override
    public void run(String set, Path rows) {
        LoopedModel model = context.modelProperty().get();
        Integer tokensToGenerate = generate.get();
        if (model == null || tokensToGenerate == null) {
            return;
        }
        work.start(
                control -> {
                    int steps = model.config().trainedSteps();
                    new GateSet(model, SetFile.prompts(set).prompts(), steps, tokensToGenerate).run(rows, control);
                    return new Shown(GateData.read(rows), String.valueOf(rows.getFileName()));
                },
                this::adopt);
    }

    private void adopt(Shown read) {
        shown = read;
        List<Tokens> all = new ArrayList<>(List.of(new Tokens(Optional.empty())));
        read.data().scopes().forEach(scope -> all.add(new Tokens(Optional.of(scope))));
        tokens.set(null);
        choices.set(List.copyOf(all));
        tokens.set(all.get(0));
    }

    private void show() {
        Shown now = shown;
        Tokens which = tokens.get();
        if (now == null || which == null) {
            calibration.set(null);
            gain.set(null);
            facts.set("");
            return;
        }
        GateData data = now.data();
        calibration.set(GateSetFigures.calibration(data, which.scope()));
        gain.set(GateSetFigures.gain(data, which.scope()));
        facts.set(String.format(
                Locale.ROOT,
                "%s, %s of %d prompts%s. %s",
                now.from(),
                which,
                data.calibration(which.scope()).prompts(),
                data.problems() == 0 ? "" : " (" + data.problems() + " not measured: a number was not finite)",
                GateSetFigures.warnings(data.calibration(which.scope()))));
    }

    void dispose() {
        work.cancel();
        subscriptions.drop();
    }
}
