package org.loopscope.app.workbench;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.compare.Comparison;
import org.loopscope.analysis.compare.NamedInspection;

/**
 * Which runs are compared: the one that is shown, which is A, and those that were ticked, in the order of ticking; four at
 * most. Used on the FX thread.
 */
public final class ComparedRuns {
    private static final int NAME = 60;

    private final List<RunEntry> history;
    private final ReadOnlyObjectProperty<@Nullable RunEntry> shown;
    private final Consumer<String> notice;
    private final ObservableList<RunEntry> ticked = FXCollections.observableArrayList();
    private final ObservableList<RunEntry> readOnly =
            FXCollections.unmodifiableObservableList(ticked); // held: listens weakly
    private final ReadOnlyObjectWrapper<List<RunEntry>> ticks = new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<List<RunEntry>> runs = new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<List<NamedInspection>> inspections = new ReadOnlyObjectWrapper<>(List.of());

    /**
     * @param history newest first
     * @param notice told in one sentence why a run cannot be ticked
     */
    ComparedRuns(List<RunEntry> history, ReadOnlyObjectProperty<@Nullable RunEntry> shown, Consumer<String> notice) {
        this.history = history;
        this.shown = shown;
        this.notice = notice;
        shown.addListener((o, before, now) -> update());
    }

    /** The ticked runs, in the order of ticking. */
    public ObservableList<RunEntry> ticked() {
        return readOnly;
    }

    /** The same as a value, for back and forward. */
    ReadOnlyObjectProperty<List<RunEntry>> ticksProperty() {
        return ticks.getReadOnlyProperty();
    }

    /** The compared runs, A first; empty while there are fewer than two. */
    public ReadOnlyObjectProperty<List<RunEntry>> runsProperty() {
        return runs.getReadOnlyProperty();
    }

    /** The same for panels. */
    public ReadOnlyObjectProperty<List<NamedInspection>> inspectionsProperty() {
        return inspections.getReadOnlyProperty();
    }

    /** A to D, or empty for a run that is not compared. */
    public Optional<String> letter(RunEntry run) {
        int index = runs.get().indexOf(run);
        return index < 0 ? Optional.empty() : Optional.of(Comparison.letter(index));
    }

    /** Ticks a run, or takes its tick away; one too many is refused. */
    public void tick(RunEntry run, boolean on) {
        if (!on) {
            ticked.remove(run);
        } else if (!ticked.contains(run)) {
            if (wanted(run).size() > Comparison.MOST) {
                notice.accept("At most " + Comparison.MOST
                        + " runs are compared, the shown one among them; take the tick of another away first.");
                return;
            }
            ticked.add(run);
        }
        update();
    }

    public void toggle(RunEntry run) {
        tick(run, !ticked.contains(run));
    }

    /** Compares the shown run with the one that was made before it, and with no other. */
    public void compareWithBefore() {
        int index = history.indexOf(shown.get());
        if (index >= 0 && index + 1 < history.size()) {
            set(List.of(history.get(index + 1)));
        } else {
            notice.accept("There is no run before this one to compare it with.");
        }
    }

    /** The shown run, the ticked ones and one more. */
    private Set<RunEntry> wanted(RunEntry more) {
        Set<RunEntry> wanted = new HashSet<>(ticked);
        Optional.ofNullable(shown.get()).ifPresent(wanted::add);
        wanted.add(more);
        return wanted;
    }

    public void clear() {
        ticked.clear();
        update();
    }

    /** Ticks these runs and no others. */
    void set(List<RunEntry> entries) {
        ticked.setAll(entries.stream().limit(Comparison.MOST).toList());
        update();
    }

    /** A run that is forgotten. */
    void forget(RunEntry run) {
        ticked.remove(run);
        update();
    }

    /** The shown run and the ticked others; one too many can be ticked when a run without tick is shown, and is left out. */
    private List<RunEntry> list() {
        List<RunEntry> list = new ArrayList<>();
        RunEntry first = shown.get();
        if (first != null) {
            list.add(first);
        }
        ticked.stream()
                .filter(run -> run != first)
                .limit(Comparison.MOST - list.size())
                .forEach(list::add);
        return list;
    }

    private void update() {
        if (!ticked.equals(ticks.get())) {
            ticks.set(List.copyOf(ticked));
        }
        List<RunEntry> list = list();
        boolean enough = list.size() >= Comparison.LEAST && !ticked.isEmpty();
        List<RunEntry> now = enough ? List.copyOf(list) : List.of();
        if (!now.equals(runs.get())) {
            runs.set(now);
            inspections.set(now.stream()
                    .map(run -> new NamedInspection(name(run), run.inspection()))
                    .toList());
        }
    }

    private static String name(RunEntry run) {
        String title = run.title().strip().replaceAll("\\s+", " ");
        return "#" + run.number() + " " + (title.length() <= NAME ? title : title.substring(0, NAME - 1) + "…");
    }
}
