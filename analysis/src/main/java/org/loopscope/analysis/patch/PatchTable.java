package org.loopscope.analysis.patch;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.loopscope.model.Intervention.Site;

/** The cells of a grid as rows of a table; the columns are a public format. */
public final class PatchTable {
    /** Names of the columns. Numbers that are not defined are empty. */
    public static final List<String> COLUMNS = List.of(
            "pair",
            "group",
            "source",
            "change",
            "step",
            "layer",
            "position",
            "role",
            "clean_token",
            "corrupted_token",
            "log_probability",
            "clean_log_probability",
            "corrupted_log_probability",
            "recovery",
            "logit_difference",
            "difference_recovery",
            "answer_on_top",
            "answer_tokens",
            "answer_log_probability",
            "answer_right");

    /** Columns that files of older versions do not have. */
    static final Set<String> NEWER = Set.of("answer_tokens", "answer_log_probability", "answer_right");

    private PatchTable() {}

    /** What a position is to a pair. */
    enum Role {
        /** The prompts differ here. */
        CHANGED,
        /** The last token, whose last state is the answer. */
        ANSWER,
        /** After the first difference, neither of both. */
        BETWEEN,
        /** Before the first difference: no state differs, so nothing of the other prompt can be moved here. */
        BEFORE;

        String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    static Role role(PatchGrid grid, int position) {
        if (grid.differs(position)) {
            return Role.CHANGED;
        }
        if (position == grid.positions() - 1) {
            return Role.ANSWER;
        }
        for (int p = 0; p < position; p++) {
            if (grid.differs(p)) {
                return Role.BETWEEN;
            }
        }
        return Role.BEFORE;
    }

    /**
     * One row per place and position ({@code change} {@code state}; steps from 1, layers and positions from 0, {@code
     * layer} empty for a step's output), then one per skipped and one per repeated loop of the clean run.
     *
     * @param number of the pair in its set, from 1
     */
    public static List<List<String>> rows(int number, PatchPair pair, PatchGrid grid) {
        List<List<String>> rows = new ArrayList<>();
        for (int row = 0; row < grid.sites().size(); row++) {
            for (int p = 0; p < grid.positions(); p++) {
                Site site = grid.sites().get(row);
                rows.add(row(number, pair, grid, "state", site, p, grid.score(row, p)));
            }
        }
        for (int t = 1; t <= grid.settings().steps(); t++) {
            rows.add(row(number, pair, grid, "loop skipped", Site.stepOutput(t), -1, grid.withoutLoop(t)));
            rows.add(row(number, pair, grid, "loop repeated", Site.stepOutput(t), -1, grid.withLoopTwice(t)));
        }
        return rows;
    }

    private static List<String> row(
            int number, PatchPair pair, PatchGrid grid, String change, Site site, int position, PatchScore score) {
        boolean token = position >= 0;
        return List.of(
                Integer.toString(number),
                pair.group().orElse(""),
                grid.settings().source().cliName(),
                change,
                Integer.toString(site.step()),
                site.isStepOutput() ? "" : Integer.toString(site.layer()),
                token ? Integer.toString(position) : "",
                token ? role(grid, position).text() : "",
                token ? grid.cleanTokens().get(position) : "",
                token ? grid.corruptedTokens().get(position) : "",
                number(score.logProbability()),
                number(grid.clean().logProbability()),
                number(grid.corrupted().logProbability()),
                number(score.recovery(grid.clean(), grid.corrupted())),
                number(score.difference()),
                number(score.differenceRecovery(grid.clean(), grid.corrupted())),
                Boolean.toString(score.top()),
                Integer.toString(grid.answerTokens()),
                number(score.answerLogProbability()),
                Boolean.toString(score.right()));
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "" : Double.toString(value);
    }
}
