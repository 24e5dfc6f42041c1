package org.loopscope.app.workbench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.loopscope.model.Precision;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.Selection;

/**
 * A session whose window ended without closing; it can be opened again. Used on the FX thread.
 *
 * @param session with the runs that can be opened
 * @param damage what is wrong with it, in one sentence
 */
public record LeftSession(SessionFolder folder, SavedSession session, Optional<String> damage) {

    /**
     * Reads what a window left in {@code folder}; of a damaged session what is intact.
     *
     * @throws IOException if the folder cannot be read
     */
    static LeftSession read(SessionFolder folder) throws IOException {
        Path path = folder.path();
        try {
            SavedSession whole = SavedSession.read(path);
            SavedSession intact = whole.intact(path);
            int lost = whole.runs().size() - intact.runs().size();
            return new LeftSession(
                    folder,
                    intact,
                    lost == 0
                            ? Optional.empty()
                            : Optional.of(
                                    (lost == 1 ? "one capture is" : lost + " captures are") + " damaged or not there"));
        } catch (LoopscopeException e) {
            String sentence = String.valueOf(e.getMessage());
            return new LeftSession(
                    folder,
                    SavedSession.ofCaptures(path),
                    Optional.of(sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence));
        }
    }

    /** What there is, for the offer. */
    public String sentence() {
        int runs = session.runs().size();
        String kept = (runs == 1 ? "One run was" : runs + " runs were") + " kept at "
                + ForeignText.shown(session.savedAt()).replace('T', ' ').replace("Z", " UTC") + ".";
        String sentence = damage.map(what -> "A session that Loopscope kept is damaged (" + what + "). "
                        + (runs == 0
                                ? "No intact capture is left in "
                                        + ForeignText.shown(folder.path().toString(), 160) + "."
                                : kept))
                .orElse("Loopscope ended without closing its window. " + kept);
        return ForeignText.sentence(sentence);
    }

    /**
     * Opens its models and runs, oldest first, and looks at them as before.
     *
     * @param afterwards called when all are there; a run or model that cannot be opened is told, and it is not called: the
     *     others are opened all the same
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

    /** All runs are in the window now; otherwise the folder keeps what is not, for the next start. */
    private static boolean whole(List<Optional<RunEntry>> opened) {
        return opened.stream().allMatch(Optional::isPresent);
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
            List<Optional<RunEntry>> opened,
            Runnable afterwards) {
        if (next == groups.size()) {
            look(workbench, opened);
            if (whole(opened)) {
                afterwards.run();
            }
            return;
        }
        List<SavedSession.Run> group = groups.get(next);
        Runnable readGroup = () -> workbench.openRuns(files(group), entries -> {
            opened.addAll(entries);
            restore(workbench, groups, next + 1, opened, afterwards);
        });
        String model = group.get(0).model();
        if (model.isEmpty()) {
            readGroup.run();
            return;
        }
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

    private void look(Workbench workbench, List<Optional<RunEntry>> opened) {
        if (!session.prompt().isEmpty()) {
            workbench.form().promptProperty().set(session.prompt());
        }
        workbench.compared().set(compared(opened));
        for (int i = 0; i < opened.size(); i++) {
            if (session.runs().get(i).number() == session.shown()
                    && opened.get(i).isPresent()) {
                workbench.show(opened.get(i).get());
                workbench.selectionProperty().set(new Selection(session.position(), session.step()));
                workbench.pinnedTokensProperty().set(List.copyOf(session.pins()));
            }
        }
        rule().ifPresent(workbench.exitRuleProperty()::set);
    }

    /** Runs get new numbers when they are opened again. */
    private List<RunEntry> compared(List<Optional<RunEntry>> opened) {
        List<Integer> numbers =
                session.runs().stream().map(SavedSession.Run::number).toList();
        return session.compared().stream()
                .map(numbers::indexOf)
                .filter(index -> index >= 0 && index < opened.size())
                .flatMap(index -> opened.get(index).stream())
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
