package org.loopscope.analysis.agreement;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.loopscope.analysis.probe.ProbeItem;
import org.loopscope.analysis.table.CheckedRow;
import org.loopscope.analysis.table.Column;
import org.loopscope.analysis.table.Columns;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

/**
 * What every step answers to one prompt; a row of a public format.
 *
 * @param item number of the prompt, from 1
 * @param gold its answer or class, or the empty text
 * @param answers of the steps, [T]
 * @param goldLogProbabilities of the first token of the right answer, [T]; NaN where it is not known
 * @param answerTokens of the right answer
 * @param answerLogProbabilities of the whole right answer, [T]; NaN where it is not known
 * @param right see {@link org.loopscope.analysis.prompts.WholeAnswer}, [T]; none where the answer is not known
 */
public record AnswerRow(
        @Column(key = true, min = 1, meaning = "number of the prompt in its set")
        int item,

        @Column(meaning = "the prompt") String prompt,

        @Column(meaning = "its right answer or its class; empty where neither is known")
        String gold,

        @Column(
                min = 1,
                max = RunOptions.MAX_STEPS,
                meaning = "the first step from which on the answer is that of the last step")
        int firstStableStep,

        @Column(min = 0, max = RunOptions.MAX_STEPS - 1, meaning = "how often the answer changes from step to step")
        int flips,

        @Column(meaning = "what that step answers") List<String> answers,

        @Column(
                max = 0,
                unit = "nats",
                meaning = "log-probability of the right answer's first token among all tokens at that step")
        double[] goldLogProbabilities,

        @Column(newer = true, min = 0, meaning = "tokens of the right answer")
        OptionalInt answerTokens,

        @Column(
                newer = true,
                max = 0,
                unit = "nats",
                meaning = "log-probability of the whole right answer at that step")
        double[] answerLogProbabilities,

        @Column(newer = true, meaning = "whether that step answers right: 1 or 0")
        List<Boolean> right,

        @Column(same = true, meaning = "the arithmetic") String computeDtype)
        implements CheckedRow {
    private static final String COMMAND = "loopscope probe agreement";

    /** The columns for T steps. */
    public static Columns<AnswerRow> table(int steps) {
        return Columns.of(
                COMMAND,
                AnswerRow.class,
                Map.of(
                        "answers", numbered("answer_", steps),
                        "goldLogProbabilities", numbered("gold_log_probability_", steps),
                        "answerLogProbabilities", numbered("answer_log_probability_", steps),
                        "right", numbered("right_", steps)));
    }

    private static List<String> numbered(String name, int steps) {
        return IntStream.rangeClosed(1, steps).mapToObj(t -> name + t).toList();
    }

    /**
     * Runs one prompt.
     *
     * @param number of the prompt, from 1
     */
    public static AnswerRow of(LoopedModel model, ProbeItem item, int number, int steps, RunControl control)
            throws LoopscopeException {
        StepAnswers answers = StepAnswers.of(model, item, steps, control);
        int stable = steps;
        int flips = 0;
        for (int t = steps - 1; t >= 1 && answers.same(t, steps); t--) {
            stable = t;
        }
        List<Boolean> right = new ArrayList<>();
        for (int t = 1; t <= steps; t++) {
            flips += t == 1 || answers.same(t, t - 1) ? 0 : 1;
            answers.right(t).ifPresent(right::add);
        }
        return new AnswerRow(
                number,
                item.prompt(),
                item.gold().orElse(""),
                stable,
                flips,
                answers.texts(),
                IntStream.rangeClosed(1, steps)
                        .mapToDouble(answers::firstLogProbability)
                        .toArray(),
                answers.tokens() == 0 ? OptionalInt.empty() : OptionalInt.of(answers.tokens()),
                IntStream.rangeClosed(1, steps)
                        .mapToDouble(answers::logProbability)
                        .toArray(),
                right,
                model.info().computeDtype());
    }

    @Override
    public Optional<Misfit> misfit() {
        int steps = answers.size();
        return Misfit.when(firstStableStep > steps, "first_stable_step", "a step that the file has, 1 to " + steps)
                .or(() -> Misfit.when(flips >= steps, "flips", "a whole number from 0 to " + (steps - 1)))
                .or(() -> Misfit.when(
                        !right.isEmpty() && right.size() < steps,
                        "right_1",
                        "1 or 0 at every step, or nothing at any"));
    }
}
