package org.loopscope.plugin.compare;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.compare.Comparison;
import org.loopscope.analysis.compare.NamedInspection;
import org.loopscope.figure.FigureDifference;
import org.loopscope.figure.LinkedCells;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.Readings;
import org.loopscope.plugin.Selection;
import org.loopscope.plugin.card.LatestWork;
import org.loopscope.plugin.card.Subscriptions;
import org.loopscope.plugin.comparing.ComparedFigures;
import org.loopscope.plugin.comparing.ComparedFigures.Entry;
import org.loopscope.plugin.comparing.ComparedFigures.Source;

/** The figures of a chosen panel, of every compared run, and the differences of a chosen one. Knows no control. */
final class PanelFiguresViewModel {
    /** Where figures may come from; the first is this panel's own values, which have no source. */
    record Choice(String title, Optional<Source> source) {
        static final Choice OWN = new Choice("values of this panel", Optional.empty());

        @Override
        public String toString() {
            return title;
        }
    }

    /**
     * One figure of every run with its differences.
     *
     * @param names of the runs, A first
     */
    record Shown(List<String> names, Entry entry, List<FigureDifference.Result> differences, LinkedCells cells) {}

    private record Made(List<Readings> readings, ComparedFigures.Panel panel) {}

    private final PanelContext context;
    private final ReadOnlyObjectProperty<@Nullable Comparison> comparison;
    private final List<Choice> choices;
    private final ObjectProperty<Choice> choice = new SimpleObjectProperty<>(Choice.OWN);
    private final ReadOnlyObjectWrapper<List<Entry>> entries = new ReadOnlyObjectWrapper<>(List.of());
    private final ObjectProperty<@Nullable Entry> entry = new SimpleObjectProperty<>();
    private final ReadOnlyObjectWrapper<@Nullable Shown> shown = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyStringWrapper note = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper progress = new ReadOnlyStringWrapper("");
    private final Subscriptions subscriptions = new Subscriptions();
    private final LatestWork<Made> figureWork;
    private final LatestWork<Shown> differenceWork;
    private Optional<List<Readings>> readings = Optional.empty(); // of this comparison
    private String wanted = ""; // name of the figure that was chosen last

    PanelFiguresViewModel(
            PanelContext context, ReadOnlyObjectProperty<@Nullable Comparison> comparison, Executor fxThread) {
        this.context = context;
        this.comparison = comparison;
        this.choices = Stream.concat(
                        Stream.of(Choice.OWN),
                        ComparedFigures.sources(context.panels()).stream()
                                .filter(source -> !isThisPanel(source))
                                .map(source -> new Choice(source.title(), Optional.of(source))))
                .toList();
        String failure = "These figures could not be compared";
        this.figureWork = new LatestWork<>(context, fxThread, failure);
        this.differenceWork = new LatestWork<>(context, fxThread, failure);
        choice.addListener(o -> sourceChanged());
        entry.addListener(o -> entryChanged());
        subscriptions.onChange(comparison, now -> {
            readings = Optional.empty();
            refresh();
        });
        subscriptions.onChange(context.selectionProperty(), s -> refresh());
        subscriptions.onChange(context.exitRuleProperty(), r -> refresh());
    }

    /** This panel has no figures of one run; what is made for comparing has its id. */
    private static boolean isThisPanel(Source source) {
        return source.id().equals(CompareProvider.ID) && source.title().equals(CompareProvider.TITLE);
    }

    List<Choice> choices() {
        return choices;
    }

    /** Which panel's figures are compared; {@link Choice#OWN} for the values of the Compare panel itself. */
    ObjectProperty<Choice> choiceProperty() {
        return choice;
    }

    /** The figures of the chosen panel that at least one run has. */
    ReadOnlyObjectProperty<List<Entry>> entriesProperty() {
        return entries.getReadOnlyProperty();
    }

    /** The chosen one of them. */
    ObjectProperty<@Nullable Entry> entryProperty() {
        return entry;
    }

    /** Null while there is nothing to show. */
    ReadOnlyObjectProperty<@Nullable Shown> shownProperty() {
        return shown.getReadOnlyProperty();
    }

    /** Why there is nothing, or which run a panel failed for; empty when all is well. */
    ReadOnlyStringProperty noteProperty() {
        return note.getReadOnlyProperty();
    }

    ReadOnlyStringProperty progressProperty() {
        return progress.getReadOnlyProperty();
    }

    void dispose() {
        subscriptions.drop();
        figureWork.cancel();
        differenceWork.cancel();
    }

    private void sourceChanged() {
        entries.set(List.of());
        entry.set(null);
        shown.set(null);
        note.set("");
        wanted = "";
        refresh();
    }

    private void refresh() {
        Comparison now = comparison.get();
        Optional<Source> source =
                Objects.requireNonNullElse(choice.get(), Choice.OWN).source();
        if (now == null || source.isEmpty()) {
            figureWork.cancel();
            differenceWork.cancel();
            progress.set("");
            shown.set(null);
            return;
        }
        Optional<List<Readings>> known = readings;
        Selection selection = context.selectionProperty().get();
        ExitRule rule = context.exitRuleProperty().get();
        figureWork.start(
                "Making the figures of every run",
                progress::set,
                control -> {
                    List<Readings> read = known.isPresent() ? known.get() : ComparedFigures.readings(now, control);
                    return new Made(
                            read,
                            ComparedFigures.of(
                                    source.get(), ComparedFigures.states(now, selection, rule, read), control));
                },
                made -> {
                    readings = Optional.of(made.readings);
                    show(made.panel, now);
                });
    }

    private void show(ComparedFigures.Panel panel, Comparison now) {
        String before = wanted;
        entries.set(panel.entries());
        String missing = panel.entries().isEmpty() ? emptyNote(panel, now) : "";
        note.set(String.join(
                        " ",
                        Stream.concat(panel.problems().stream(), Stream.of(missing))
                                .toList())
                .strip());
        entry.set(panel.entries().stream()
                .filter(e -> e.name().equals(before))
                .findFirst()
                .orElse(panel.entries().isEmpty() ? null : panel.entries().get(0)));
        if (entry.get() == null) {
            shown.set(null);
        }
    }

    private static String emptyNote(ComparedFigures.Panel panel, Comparison now) {
        boolean layers =
                now.runs().stream().anyMatch(run -> run.inspection().capture().hasLayerStates());
        return panel.id().equals(CompareProvider.ID) && !layers
                ? "These runs were captured without layer states. Tick “layer states” below T and run them again."
                : "This panel has no figure of these runs.";
    }

    private void entryChanged() {
        Entry chosen = entry.get();
        Comparison now = comparison.get();
        if (chosen == null || now == null) {
            return;
        }
        wanted = chosen.name();
        differenceWork.start(
                "",
                text -> {},
                control -> new Shown(
                        now.runs().stream().map(NamedInspection::name).toList(),
                        chosen,
                        chosen.differences(now),
                        LinkedCells.of(now, chosen.ofRuns())),
                shown::set);
    }
}
