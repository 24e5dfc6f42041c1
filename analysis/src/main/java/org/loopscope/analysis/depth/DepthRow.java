package org.loopscope.analysis.depth;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.prompts.WholeAnswer;
import org.loopscope.analysis.sweep.SweepRow.Scope;

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
        int prompt,
        String group,
        Scope scope,
        int step,
        int tokens,
        int right,
        int agreeingLast,
        int agreeingTrained,
        double entropy,
        double topProbability,
        double textProbability,
        double klToPrevious,
        double sampledAcceptance,
        double lambda,
        double reaching,
        double expectedSteps,
        double megaflops,
        int trainedSteps,
        int maxSteps) {
    private static final String SAMPLED = "sampled_acceptance";

    /** Columns that files of older versions do not have. */
    static final Set<String> NEWER = Set.of(SAMPLED);

    /** Names of the columns, in order. */
    public static final List<String> COLUMNS = List.of(
            "prompt",
            "group",
            "scope",
            "step",
            "outside_training",
            "tokens",
            "right",
            "all_right",
            "agreeing_last",
            "agreeing_trained",
            "entropy",
            "top_probability",
            "text_probability",
            "kl_to_previous",
            SAMPLED,
            "lambda",
            "reaching",
            "expected_steps",
            "megaflops",
            "trained_steps",
            "max_steps",
            "model",
            "compute_dtype");

    /** What stands in the place of a prompt whose run stopped at a number that is not finite. */
    static DepthRow problem(int prompt, String group, int trainedSteps, int maxSteps) {
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
    public boolean outsideTraining() {
        return step > trainedSteps;
    }

    /** 1 if the whole answer is right, 0 if not; NaN for tokens that are no answer. */
    double accuracy() {
        return scope != Scope.ANSWER ? Double.NaN : WholeAnswer.right(right, tokens) ? 1 : 0;
    }

    double share(int count) {
        return count < 0 ? Double.NaN : (double) count / tokens;
    }

    /** @param dtype {@link org.loopscope.model.ModelInfo#computeDtype} */
    List<String> cells(String model, String dtype) {
        return List.of(
                Integer.toString(prompt),
                group,
                scope.cliName(),
                Integer.toString(step),
                outsideTraining() ? "1" : "0",
                Integer.toString(tokens),
                count(right),
                scope == Scope.ANSWER ? (WholeAnswer.right(right, tokens) ? "1" : "0") : "",
                count(agreeingLast),
                count(agreeingTrained),
                number(entropy),
                number(topProbability),
                number(textProbability),
                number(klToPrevious),
                number(sampledAcceptance),
                number(lambda),
                number(reaching),
                number(expectedSteps),
                number(megaflops),
                Integer.toString(trainedSteps),
                Integer.toString(maxSteps),
                model,
                dtype);
    }

    /** @throws NumberFormatException if a cell is not what its column holds */
    static DepthRow of(Map<String, String> cells) {
        return new DepthRow(
                Integer.parseInt(cell(cells, "prompt")),
                cell(cells, "group").intern(),
                scope(cell(cells, "scope")),
                Integer.parseInt(cell(cells, "step")),
                Integer.parseInt(cell(cells, "tokens")),
                counted(cells, "right"),
                counted(cells, "agreeing_last"),
                counted(cells, "agreeing_trained"),
                decimal(cells, "entropy"),
                decimal(cells, "top_probability"),
                decimal(cells, "text_probability"),
                decimal(cells, "kl_to_previous"),
                decimal(cells, SAMPLED),
                decimal(cells, "lambda"),
                decimal(cells, "reaching"),
                decimal(cells, "expected_steps"),
                decimal(cells, "megaflops"),
                Integer.parseInt(cell(cells, "trained_steps")),
                Integer.parseInt(cell(cells, "max_steps")));
    }

    private static Scope scope(String name) {
        for (Scope scope : Scope.values()) {
            if (scope.cliName().equals(name)) {
                return scope;
            }
        }
        throw new NumberFormatException("scope: " + name);
    }

    private static String cell(Map<String, String> cells, String column) {
        return cells.getOrDefault(column, "");
    }

    private static int counted(Map<String, String> cells, String column) {
        String text = cell(cells, column);
        return text.isEmpty() ? -1 : Integer.parseInt(text);
    }

    private static double decimal(Map<String, String> cells, String column) {
        String text = cell(cells, column);
        return text.isEmpty() ? Double.NaN : Double.parseDouble(text);
    }

    private static String count(int count) {
        return count < 0 ? "" : Integer.toString(count);
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "" : Double.toString(value);
    }
}
