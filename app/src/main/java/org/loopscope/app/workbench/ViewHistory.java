package org.loopscope.app.workbench;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.Selection;

/** Back and forward through what was looked at. Runs are immutable, so this is all there is to undo. */
final class ViewHistory {
    private static final int LIMIT = 200;

    /**
     * What a person was looking at.
     *
     * @param ticked runs that were ticked for comparison, in the order of ticking
     */
    record View(RunEntry run, Selection selection, ExitRule rule, List<Integer> pins, List<RunEntry> ticked) {
        View {
            ticked = List.copyOf(ticked);
        }

        View without(RunEntry forgotten) {
            return new View(
                    run,
                    selection,
                    rule,
                    pins,
                    ticked.stream().filter(entry -> entry != forgotten).toList());
        }
    }

    private final Deque<View> past = new ArrayDeque<>();
    private final Deque<View> future = new ArrayDeque<>();

    /** Remembers {@code before} as the view that a change has just left. */
    void left(View before) {
        if (!before.equals(past.peek())) {
            past.push(before);
        }
        if (past.size() > LIMIT) {
            past.removeLast();
        }
        future.clear();
    }

    Optional<View> back(View current) {
        if (past.isEmpty()) {
            return Optional.empty();
        }
        future.push(current);
        return Optional.of(past.pop());
    }

    Optional<View> forward(View current) {
        if (future.isEmpty()) {
            return Optional.empty();
        }
        past.push(current);
        return Optional.of(future.pop());
    }

    /** Drops every view of {@code run}, and its ticks in the others. */
    void forget(RunEntry run) {
        forget(past, run);
        forget(future, run);
    }

    private static void forget(Deque<View> views, RunEntry run) {
        List<View> kept = views.stream()
                .filter(view -> view.run() != run)
                .map(view -> view.without(run))
                .toList();
        views.clear();
        views.addAll(kept);
    }

    boolean canGoBack() {
        return !past.isEmpty();
    }

    boolean canGoForward() {
        return !future.isEmpty();
    }
}
