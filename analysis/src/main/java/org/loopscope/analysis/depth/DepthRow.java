package org.loopscope.analysis.depth;

import java.util.List;
import java.util.Optional;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.prompts.WholeAnswer;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.table.CheckedRow;
import org.loopscope.analysis.table.Column;
import org.loopscope.analysis.table.Columns;
import org.loopscope.analysis.table.Origin;
import org.loopscope.model.RunOptions;

/**
 * One prompt at one step (or, in a curve of one run, one token at one step). Means are over its {@code tokens}; logarithms
 * are natural.
 *
 * @param prompt its number in the set, from 1
 * @param group of the prompt, or the empty text
 * @param scope which predictions are counted
 * @param step t, from 1
 * @param tokens predictions that are counted
 * @param right whose most probable token is the one that follows in the text; −1 where none follows
 * @param agreeingLast whose most probable token is that of the run's last step
 * @param agreeingTrained whose most probable token is that of the trained T; −1 in a run that does not go so far
 * @param entropy mean, nats
 * @param topProbability mean probability of the most probable token
 * @param textProbability mean probability of the token that follows in the text; NaN where none follows
 * @param klToPrevious mean KL(p_t ‖ p_{t−1}), nats; NaN at step 1
 * @param sampledAcceptance mean Σ_v min(p_t(v), p_T(v)), see {@link LensGrid#overlapWithLast}; NaN in a file that is older than this
 * @param lambda mean λ_t
 * @param reaching mean S_{t−1}
 * @param expectedSteps mean E[exit step] if the run ended here
 * @param megaflops of one token, see {@link DepthCost}
 * @param trainedSteps T of the checkpoint
 * @param maxSteps T of the run
 */
public record DepthRow(
        @Column(key = true, min = 1, meaning = "number of the prompt in its set")
        int prompt,

        @Column(meaning = "of the prompt") String group,

        @Column(key = true, meaning = "which predictions are counted")
        Scope scope,

        @Column(key = true, min = 1, max = RunOptions.MAX_STEPS, meaning = "loop step t")
        int step,

        @Column(min = 0, max = MAX_TOKENS, meaning = "predictions that are counted")
        int tokens,

        @Column(min = 0, optional = true, meaning = "whose most probable token follows in the text")
        int right,

        @Column(min = 0, optional = true, meaning = "whose most probable token is that of the run's last step")
        int agreeingLast,

        @Column(min = 0, optional = true, meaning = "whose most probable token is that of the trained T")
        int agreeingTrained,

        @Column(unit = "nats", meaning = "mean over the tokens")
        double entropy,

        @Column(min = 0, max = ABOUT_ONE, meaning = "mean probability of the most probable token")
        double topProbability,

        @Column(min = 0, max = ABOUT_ONE, meaning = "mean probability of the token that follows in the text")
        double textProbability,

        @Column(unit = "nats", meaning = "mean KL(p_t ‖ p_{t−1})")
        double klToPrevious,

        @Column(min = 0, max = ABOUT_ONE, newer = true, meaning = "mean Σ_v min(p_t(v), p_T(v))")
        double sampledAcceptance,

        @Column(min = 0, max = ABOUT_ONE, meaning = "mean λ_t")
        double lambda,

        @Column(min = 0, max = ABOUT_ONE, meaning = "mean S_{t−1}")
        double reaching,

        @Column(min = 0, max = RunOptions.MAX_STEPS + 1, meaning = "mean E[exit step] if the run ended here")
        double expectedSteps,

        @Column(min = 0, unit = "10⁶ operations", meaning = "arithmetic of one token")
        double megaflops,

        @Column(min = 1, max = RunOptions.MAX_STEPS, same = true, meaning = "T of the checkpoint")
        int trainedSteps,

        @Column(min = 1, max = RunOptions.MAX_STEPS, same = true, meaning = "T of the run")
        int maxSteps)
        implements CheckedRow {
    /** More tokens than a text can have; few enough that no sum of them overflows. */
    private static final int MAX_TOKENS = 10_000_000;

    /** Means of probabilities are rounded. */
    private static final double ABOUT_ONE = 1.000001;

    /** A row as it stands in a file; a public format. */
    public record InFile(DepthRow row, Origin origin) {}

    public static final Columns<InFile> TABLE = Columns.of("loopscope depth", InFile.class);

    /** Names of the columns, in order. */
    public static final List<String> COLUMNS = TABLE.names();

    /** What stands in the place of a prompt whose run stopped at a number that is not finite. */
    public static DepthRow problem(int prompt, String group, int trainedSteps, int maxSteps) {
        double none = Double.NaN;
        return new DepthRow(
                prompt,
                group,
                Scope.PROBLEM,
                maxSteps,
                0,
                -1,
                -1,
                -1,
                none,
                none,
                none,
                none,
                none,
                none,
                none,
                none,
                none,
                trainedSteps,
                maxSteps);
    }

    /** Whether the step is deeper than the checkpoint was trained for. */
    @Column(after = "step", meaning = "whether the step is beyond the trained T")
    public boolean outsideTraining() {
        return step > trainedSteps;
    }

    /** 1 if the whole answer is right, 0 if not; NaN for tokens that are no answer. */
    double accuracy() {
        return scope != Scope.ANSWER ? Double.NaN : WholeAnswer.right(right, tokens) ? 1 : 0;
    }

    @Column(after = "right", meaning = "whether the whole answer is right")
    Optional<Boolean> allRight() {
        return scope == Scope.ANSWER ? Optional.of(WholeAnswer.right(right, tokens)) : Optional.empty();
    }

    @Override
    public Optional<Misfit> misfit() {
        Optional<Misfit> step =
                Misfit.when(this.step > maxSteps, "step", "a whole number from 1 to max_steps, which is " + maxSteps);
        return scope == Scope.PROBLEM
                ? step
                : step.or(() -> Misfit.when(tokens == 0, "tokens", "a whole number of at least 1"))
                        .or(() -> count("right", right))
                        .or(() -> count("agreeing_last", agreeingLast))
                        .or(() -> count("agreeing_trained", agreeingTrained));
    }

    private Optional<Misfit> count(String column, int count) {
        return Misfit.when(count > tokens, column, "at most the number of tokens, which is " + tokens);
    }

    double share(int count) {
        return count < 0 ? Double.NaN : (double) count / tokens;
    }
}
