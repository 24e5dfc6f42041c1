package org.loopscope.analysis.choice;

import java.util.Optional;
import org.loopscope.analysis.table.CheckedRow;
import org.loopscope.analysis.table.Column;
import org.loopscope.analysis.table.Columns;
import org.loopscope.analysis.table.Origin;
import org.loopscope.model.RunOptions;

/**
 * One choice of one question, read at one step or by one exit rule.
 *
 * @param question its number in the set, from 1
 * @param choice from 0; −1 for a question that could not be measured
 * @param reading {@code fixed:t} for step t, or an exit rule
 * @param loops sum of the steps at which the predictions of its tokens leave
 * @param logLikelihood Σ ln p of its tokens, each given those before it
 * @param greedy whether each of its tokens is the most probable one
 */
public record ChoiceRow(
        @Column(key = true, min = 1, meaning = "number of the question in its set")
        int question,

        @Column(meaning = "its name in its file") String id,

        @Column(meaning = "of the question, such as a subject")
        String group,

        @Column(
                key = true,
                min = -1,
                meaning = "number of the choice, from 0; −1 where the question could not be measured")
        int choice,

        @Column(meaning = "whether it is the right one") boolean right,

        @Column(key = true, meaning = "fixed:t for step t, or an exit rule")
        String reading,

        @Column(min = 0, max = MAX_TOKENS, meaning = "of the choice")
        int tokens,

        @Column(min = 0, meaning = "code points of the choice, without what separates it from its context")
        int characters,

        @Column(min = 0, meaning = "of the choice as UTF-8") int bytes,

        @Column(min = 0, meaning = "sum of the steps at which its tokens' predictions leave")
        int loops,

        @Column(unit = "nats", meaning = "Σ ln p of its tokens, each given those before it")
        double logLikelihood,

        @Column(meaning = "whether each of its tokens is the most probable one")
        boolean greedy,

        @Column(name = "max_steps", min = 1, max = RunOptions.MAX_STEPS, same = true, meaning = "T")
        int steps)
        implements CheckedRow {
    private static final int MAX_TOKENS = 10_000_000;

    /** A row as it stands in a file; a public format. */
    public record InFile(ChoiceRow row, Origin origin) {}

    public static final Columns<InFile> TABLE = Columns.of("loopscope eval choice", InFile.class);

    static ChoiceRow problem(int question, ChoiceItem item, int steps) {
        return new ChoiceRow(question, item.id(), item.group(), -1, false, "", 0, 0, 0, 0, Double.NaN, false, steps);
    }

    /** Whether the question could be measured. */
    boolean measured() {
        return choice >= 0;
    }

    @Override
    public Optional<Misfit> misfit() {
        return Misfit.when(measured() && tokens == 0, "tokens", "a whole number of at least 1")
                .or(() -> Misfit.when(measured() && reading.isEmpty(), "reading", "a step or an exit rule"))
                .or(() -> Misfit.when(measured() && !(logLikelihood <= 0), "log_likelihood", "a number of at most 0"))
                .or(() -> Misfit.when(
                        loops < tokens || loops > (long) tokens * steps,
                        "loops",
                        "1 to max_steps loops a token, so " + tokens + " to " + (long) tokens * steps));
    }
}
