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

    /** What a person was looking at. */
    record View(RunEntry run, Selection selection, ExitRule rule, List<Integer> pins) {}

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

    /** Drops every view of {@code run}. */
    void forget(RunEntry run) {
        past.removeIf(view -> view.run() == run);
        future.removeIf(view -> view.run() == run);
    }

    boolean canGoBack() {
        return !past.isEmpty();
    }

    boolean canGoForward() {
        return !future.isEmpty();
    }
}
