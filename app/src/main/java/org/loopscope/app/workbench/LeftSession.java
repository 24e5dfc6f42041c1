package org.loopscope.app.workbench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.Precision;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.Selection;

/** A session whose window ended without closing; it can be opened again. Used on the FX thread. */
public record LeftSession(SessionFolder folder, SavedSession session) {

    /** What there is, for the offer. */
    public String sentence() {
        int runs = session.runs().size();
        return "Loopscope ended without closing its window. "
                + (runs == 1 ? "One run was" : runs + " runs were")
                + " kept at " + session.savedAt().replace('T', ' ').replace("Z", " UTC") + ".";
    }

    /**
     * Opens its models and runs, oldest first, and looks at them as before.
     *
     * @param afterwards called when all are there; a run or model that cannot be opened is told, and it is not called
     */
    public void restore(Workbench workbench, Runnable afterwards) {
        List<List<SavedSession.Run>> groups = new ArrayList<>();
        for (SavedSession.Run run : session.runs()) {
            if (groups.isEmpty() || !sameModel(last(groups).get(0), run)) {
                groups.add(new ArrayList<>());
            }
            last(groups).add(run);
        }
        restore(workbench, groups, 0, new ArrayList<>(), afterwards);
    }

    private static boolean sameModel(SavedSession.Run one, SavedSession.Run other) {
        return one.model().equals(other.model()) && one.precision().equals(other.precision());
    }

    private static <T> T last(List<T> list) {
        return list.get(list.size() - 1);
    }

    private void restore(
            Workbench workbench,
            List<List<SavedSession.Run>> groups,
            int next,
            List<RunEntry> opened,
            Runnable afterwards) {
        if (next == groups.size()) {
            look(workbench, opened);
            afterwards.run();
            return;
        }
        List<SavedSession.Run> group = groups.get(next);
        Runnable readGroup = () -> workbench.openRuns(files(group), entries -> {
            opened.addAll(entries);
            restore(workbench, groups, next + 1, opened, afterwards);
        });
        String model = group.get(0).model();
        try {
            Precision precision = Precision.parse(group.get(0).precision());
            if (workbench.modelNameProperty().get().equals(model) && workbench.precision() == precision) {
                readGroup.run();
            } else {
                workbench.openModel(model, precision, readGroup);
            }
        } catch (LoopscopeException e) { // of a newer program
            workbench.problem(e);
        }
    }

    private List<Workbench.SavedRun> files(List<SavedSession.Run> group) {
        Path path = folder.path();
        return group.stream()
                .map(run -> new Workbench.SavedRun(path.resolve(run.file()), run.source(), run.unsaved()))
                .toList();
    }

    private void look(Workbench workbench, List<RunEntry> opened) {
        workbench.form().promptProperty().set(session.prompt());
        workbench.compared().set(compared(opened));
        for (int i = 0; i < opened.size(); i++) {
            if (session.runs().get(i).number() == session.shown()) {
                workbench.show(opened.get(i));
                workbench.selectionProperty().set(new Selection(session.position(), session.step()));
                workbench.pinnedTokensProperty().set(List.copyOf(session.pins()));
            }
        }
        rule().ifPresent(workbench.exitRuleProperty()::set);
    }

    /** Runs get new numbers when they are opened again. */
    private List<RunEntry> compared(List<RunEntry> opened) {
        List<Integer> numbers =
                session.runs().stream().map(SavedSession.Run::number).toList();
        return session.compared().stream()
                .map(numbers::indexOf)
                .filter(index -> index >= 0 && index < opened.size())
                .map(opened::get)
                .toList();
    }

    private Optional<ExitRule> rule() {
        try {
            return Optional.of(ExitRule.parse(session.rule()));
        } catch (LoopscopeException e) {
            return Optional.empty(); // of a newer program; the rule that is set stays
        }
    }
}
