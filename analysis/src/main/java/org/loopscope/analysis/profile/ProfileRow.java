package org.loopscope.analysis.profile;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.loopscope.analysis.lens.DepthPoint;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.table.CheckedRow;
import org.loopscope.analysis.table.Column;
import org.loopscope.analysis.table.Columns;
import org.loopscope.analysis.table.Origin;
import org.loopscope.model.RunOptions;

/**
 * One prompt at one place.
 *
 * @param prompt its number in the set, from 1
 * @param group of the prompt, or the empty text
 * @param scope which tokens are averaged: those whose prediction is for a token of the prompt, of the answer, or generated;
 *     {@link Scope#PROBLEM} for a prompt that could not be measured
 * @param tokens how many
 * @param means of every value of the kind; NaN where no token has one
 */
public record ProfileRow(
        @Column(key = true, min = 1, meaning = "number of the prompt in its set")
        int prompt,

        @Column(meaning = "of the prompt") String group,

        @Column(key = true, meaning = "which tokens are averaged")
        Scope scope,

        DepthPoint place,
        @Column(min = 0, meaning = "how many tokens") int tokens,
        @Column(meaning = "means over the tokens") double[] means) {

    /**
     * A row as it stands in a file.
     *
     * @param states which were read, {@link ProfileKind#statement}
     */
    public record InFile(
            ProfileRow row,

            @Column(same = true, meaning = "which states were read")
            String states,

            @Column(min = 1, max = RunOptions.MAX_STEPS, same = true, meaning = "T of the checkpoint")
            int trainedSteps,

            @Column(min = 1, max = RunOptions.MAX_STEPS, same = true, meaning = "T of the runs")
            int maxSteps,

            Origin origin)
            implements CheckedRow {
        @Override
        public Optional<Misfit> misfit() {
            return Misfit.when(
                    row.place.step() > maxSteps, "step", "a whole number from 1 to max_steps, which is " + maxSteps);
        }
    }

    /** The columns of a kind. */
    public static Columns<InFile> table(ProfileKind kind) {
        List<String> values = kind.measured().stream().map(ProfileValue::column).toList();
        return Columns.of(Profile.COMMANDS, InFile.class, Map.of("means", values));
    }
}
