package org.loopscope.plugin.card;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.prompts.SampleSet;
import org.loopscope.figure.Figure;
import org.loopscope.lab.FigureKind;
import org.loopscope.lab.Findings;
import org.loopscope.lab.Form;
import org.loopscope.lab.SetLab;
import org.loopscope.lab.SetRun;
import org.loopscope.lab.Setting;
import org.loopscope.lab.Values;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.plugin.PanelContext;

/**
 * A lab over sets in a panel: what it is set to, and rows that are there or are measured here; knows no control. Used on the FX
 * thread.
 */
public final class SetLabModel<P, R extends Record, S> implements SetBar.Lab {
    private final SetLab<P, R, S> lab;
    private final PanelContext context;
    private final LabWork work;
    private final Subscriptions subscriptions = new Subscriptions();
    private final ObjectProperty<Values> values;
    private final Map<FigureKind, ReadOnlyObjectWrapper<@Nullable Figure>> figures = new LinkedHashMap<>();
    private final ReadOnlyStringWrapper facts = new ReadOnlyStringWrapper("");
    private final ReadOnlyObjectWrapper<@Nullable S> summary = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyStringWrapper from = new ReadOnlyStringWrapper("");

    /** Rows that were read, what is drawn of them, and what was said of their set. */
    private record Read<S>(S summary, String from, Drawn drawn, List<String> told) {}

    private record Drawn(Map<FigureKind, Figure> figures, String facts) {}

    /** @param executor runs sets; they take long, so it should not be the one that panels share */
    public SetLabModel(SetLab<P, R, S> lab, PanelContext context, Executor executor, Executor fxThread) {
        this.lab = lab;
        this.context = context;
        this.work = LabWork.ofSet(executor, fxThread);
        this.values = new SimpleObjectProperty<>(Values.of(lab.asked()));
        lab.figures().forEach(kind -> figures.put(kind, new ReadOnlyObjectWrapper<>()));
        subscriptions.onChange(values, v -> show());
        subscriptions.onChange(context.modelProperty(), m -> work.cancel());
    }

    SetLab<P, R, S> lab() {
        return lab;
    }

    @Override
    public LabWork work() {
        return work;
    }

    /** What the lab is set to. Never null. */
    public ObjectProperty<Values> valuesProperty() {
        return values;
    }

    /** The model that sets are run through; null while none is open. */
    ReadOnlyObjectProperty<@Nullable LoopedModel> modelProperty() {
        return context.modelProperty();
    }

    /** What holds while a setting is not set: of the open model, or in words. */
    <T> String usual(Setting<T> setting) {
        LoopedModel model = context.modelProperty().get();
        String value = model == null ? "" : Values.of(lab.asked()).on(model).text(setting);
        return value.isEmpty() ? setting.initially() : value;
    }

    /** Null while no rows are shown, or where these rows have nothing for it. */
    public ReadOnlyObjectProperty<@Nullable Figure> figureProperty(FigureKind kind) {
        ReadOnlyObjectWrapper<@Nullable Figure> figure = figures.get(kind);
        if (figure == null) {
            throw new IllegalArgumentException("figure: want one of " + figures.keySet() + ", got " + kind);
        }
        return figure.getReadOnlyProperty();
    }

    /** Which rows are shown, and what is to be said of them. */
    public ReadOnlyStringProperty factsProperty() {
        return facts.getReadOnlyProperty();
    }

    /** Name of the file of the shown rows; empty while none are shown. */
    public ReadOnlyStringProperty rowsProperty() {
        return from.getReadOnlyProperty();
    }

    /** What the rows say together; null while none are shown. */
    public ReadOnlyObjectProperty<@Nullable S> summaryProperty() {
        return summary.getReadOnlyProperty();
    }

    /** Values of a choice that the shown rows have something for. */
    public <T> List<T> offered(Setting<T> setting) {
        S now = summary.get();
        return now == null ? setting.allowed().toList() : lab.offered(setting, now);
    }

    @Override
    public BooleanBinding cannotRunBinding() {
        return Bindings.or(work.runningProperty(), Bindings.isNull(context.modelProperty()));
    }

    @Override
    public List<SampleSet> bundled() throws LoopscopeException {
        return lab.prompts().bundled().sets();
    }

    @Override
    public List<String> setEndings() {
        return lab.prompts().endings();
    }

    @Override
    public void open(Path rows) {
        Values now = values.get();
        work.start(control -> read(lab.summarise(rows), rows, now, List.of()), this::adopt);
    }

    /** Runs a set, goes on where an earlier run stopped, and shows it. */
    @Override
    public void run(String set, Path rows) {
        LoopedModel model = context.modelProperty().get();
        Values now = values.get();
        if (model == null) {
            return;
        }
        work.start(
                control -> {
                    lab.check(now);
                    List<String> told = new ArrayList<>();
                    List<P> items = lab.prompts().read(set, now, told::add);
                    SetRun<P, R> run = new SetRun<>(lab, model, items, now);
                    run.into(rows, kept -> {}, control);
                    return read(lab.complete(lab.summarise(rows), run.job(), control), rows, now, told);
                },
                this::adopt);
    }

    private Read<S> read(S read, Path rows, Values now, List<String> told) throws LoopscopeException {
        String name = String.valueOf(rows.getFileName());
        return new Read<>(read, name, drawn(read, offeredOnly(now, read), name), told);
    }

    private Drawn drawn(S rows, Values now, String name) throws LoopscopeException {
        Map<FigureKind, Figure> drawn = new LinkedHashMap<>();
        for (FigureKind kind : lab.figures()) {
            Optional<? extends Figure> figure = lab.figure(kind, rows, now);
            figure.ifPresent(one -> drawn.put(kind, one));
        }
        return new Drawn(drawn, name + ": " + words(lab.findings(rows, now)));
    }

    /** The lines before the first table. */
    private static String words(Findings found) {
        return found.parts().stream()
                .takeWhile(part ->
                        part instanceof Findings.Line line && !line.text().isEmpty())
                .map(part ->
                        ((Findings.Line) part).text().replaceAll(" {2,}", " ").strip())
                .collect(Collectors.joining(" · "));
    }

    private void adopt(Read<S> read) {
        from.set(read.from());
        summary.set(read.summary());
        publish(read.drawn());
        values.set(offeredOnly(values.get(), read.summary()));
        work.say(String.join(" ", read.told()));
    }

    /** Without choices that these rows have nothing for. */
    private Values offeredOnly(Values now, S rows) {
        Values left = now;
        for (Setting<?> setting : lab.asked()) {
            left = isOffered(setting, left, rows) ? left : left.without(setting);
        }
        return left;
    }

    private <T> boolean isOffered(Setting<T> setting, Values now, S rows) {
        boolean chosen = setting.form() instanceof Form.Choice<T> || setting.form() instanceof Form.OfRows;
        return !setting.isForShowing()
                || !chosen
                || now.find(setting).map(lab.offered(setting, rows)::contains).orElse(true);
    }

    private void publish(Drawn drawn) {
        figures.forEach((kind, figure) -> figure.set(drawn.figures().get(kind)));
        facts.set(drawn.facts());
    }

    private void show() {
        S rows = summary.get();
        if (rows == null) {
            return;
        }
        try {
            publish(drawn(rows, values.get(), from.get()));
        } catch (LoopscopeException e) {
            work.say(String.valueOf(e.getMessage()));
        }
    }

    /** Stops what is at work, and drops the listeners on the context. */
    public void dispose() {
        work.cancel();
        subscriptions.drop();
    }
}
