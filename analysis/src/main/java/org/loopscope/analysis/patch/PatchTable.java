package org.loopscope.analysis.patch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.loopscope.analysis.table.CheckedRow;
import org.loopscope.analysis.table.Column;
import org.loopscope.analysis.table.Columns;
import org.loopscope.model.RunOptions;
import org.loopscope.model.shape.LoopConfig;
import org.loopscope.model.shape.Site;
import tech.tablesaw.api.Table;

/** The cells of a grid as rows of a table; the columns are a public format. */
public final class PatchTable {
    /**
     * One cell of a grid, or one loop skipped or repeated.
     *
     * @param layer −1 for the step's output
     * @param position −1 for a whole loop
     */
    public record Row(
            @Column(min = 1, meaning = "number of the pair in its set")
            int pair,

            @Column(meaning = "of the pair") String group,
            @Column(meaning = "which state is put there") PatchSource source,
            @Column(meaning = "what is changed") String change,

            @Column(min = 1, max = RunOptions.MAX_STEPS, meaning = "loop step t")
            int step,

            @Column(
                    min = 0,
                    max = LoopConfig.MAX_LAYERS - 1,
                    optional = true,
                    meaning = "layer of the step; empty for its output")
            int layer,

            @Column(min = 0, optional = true, meaning = "of the token")
            int position,

            @Column(meaning = "what the position is to the pair")
            String role,

            @Column(meaning = "token of the clean prompt there")
            String cleanToken,

            @Column(meaning = "token of the corrupted prompt there")
            String corruptedToken,

            @Column(unit = "nats", meaning = "ln p of the clean answer's first token")
            double logProbability,

            @Column(unit = "nats", meaning = "the same in the clean run")
            double cleanLogProbability,

            @Column(unit = "nats", meaning = "the same in the corrupted run")
            double corruptedLogProbability,

            @Column(meaning = "share of the gap between both runs that comes back, or is lost")
            double recovery,

            @Column(meaning = "logit of the clean answer less that of the corrupted one")
            double logitDifference,

            @Column(meaning = "share of the gap of that difference")
            double differenceRecovery,

            @Column(words = true, meaning = "whether the clean answer is the most probable token")
            boolean answerOnTop,

            @Column(min = 1, optional = true, newer = true, meaning = "tokens of the clean answer")
            int answerTokens,

            @Column(unit = "nats", newer = true, meaning = "ln p of the whole clean answer")
            double answerLogProbability,

            @Column(words = true, newer = true, meaning = "whether each token of the clean answer is the most probable")
            Optional<Boolean> answerRight)
            implements CheckedRow {
        @Override
        public Optional<Misfit> misfit() {
            return Misfit.when(!CHANGES.contains(change), "change", "one of " + String.join(", ", CHANGES))
                    .or(() -> Misfit.when(
                            !ROLES.contains(role), "role", "one of " + String.join(", ", ROLES) + " or nothing"));
        }
    }

    /** A row as it stands in a file; a public format. Numbers that are not defined are empty. */
    public record InFile(
            Row row,

            @Column(same = true, meaning = "the arithmetic it was run in")
            String computeDtype) {}

    private static final String STATE = "state";
    private static final String SKIPPED = "loop skipped";
    private static final String REPEATED = "loop repeated";
    private static final List<String> CHANGES = List.of(STATE, SKIPPED, REPEATED);
    private static final List<String> ROLES = Stream.concat(
                    Arrays.stream(Role.values()).map(Role::text), Stream.of(""))
            .toList();

    private static final Columns<Row> ROWS = Columns.of("loopscope probe patch", Row.class);
    public static final Columns<InFile> TABLE = Columns.of("loopscope probe patch", InFile.class);

    /** Names of the columns, without {@code compute_dtype}, which files have behind them. */
    public static final List<String> COLUMNS = ROWS.names();

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
    static List<Row> rows(int number, PatchPair pair, PatchGrid grid) {
        List<Row> rows = new ArrayList<>();
        for (int row = 0; row < grid.sites().size(); row++) {
            for (int p = 0; p < grid.positions(); p++) {
                Site site = grid.sites().get(row);
                rows.add(row(number, pair, grid, STATE, site, p, grid.score(row, p)));
            }
        }
        for (int t = 1; t <= grid.settings().steps(); t++) {
            rows.add(row(number, pair, grid, SKIPPED, Site.stepOutput(t), -1, grid.withoutLoop(t)));
            rows.add(row(number, pair, grid, REPEATED, Site.stepOutput(t), -1, grid.withLoopTwice(t)));
        }
        return rows;
    }

    /** The same as they stand in a file. */
    public static List<InFile> inFile(int number, PatchPair pair, PatchGrid grid) {
        return rows(number, pair, grid).stream()
                .map(row -> new InFile(row, grid.computeDtype()))
                .toList();
    }

    /** The rows of one pair as a table in memory. */
    public static Table table(PatchPair pair, PatchGrid grid) {
        return ROWS.toTable("patching", rows(1, pair, grid));
    }

    private static Row row(
            int number, PatchPair pair, PatchGrid grid, String change, Site site, int position, PatchScore score) {
        boolean token = position >= 0;
        return new Row(
                number,
                pair.group().orElse(""),
                grid.settings().source(),
                change,
                site.step(),
                site.layer(),
                position,
                token ? role(grid, position).text() : "",
                token ? grid.cleanTokens().get(position) : "",
                token ? grid.corruptedTokens().get(position) : "",
                score.logProbability(),
                grid.clean().logProbability(),
                grid.corrupted().logProbability(),
                score.recovery(grid.clean(), grid.corrupted()),
                score.difference(),
                score.differenceRecovery(grid.clean(), grid.corrupted()),
                score.top(),
                grid.answerTokens(),
                score.answerLogProbability(),
                Optional.of(score.right()));
    }
}
