package org.loopscope.analysis.gate;

import java.util.List;
import java.util.Map;
import org.loopscope.analysis.sweep.SweepRow.Scope;
import org.loopscope.model.ModelInfo;

/**
 * One gate: a token of a prompt after one step, with what that step and the next one gained on the token that follows.
 *
 * @param prompt its number in the set, from 1
 * @param group of the prompt, or the empty text
 * @param scope what the token that follows belongs to; {@link Scope#PROBLEM} for a prompt that could not be measured,
 *     whose other numbers then mean nothing
 * @param position 0-based
 * @param step 1-based
 * @param gateLogit g_t
 * @param lambda λ_t
 * @param gain I(t), nats; NaN at step 1
 * @param nextGain I(t + 1), nats; NaN at step T
 * @param label w(t), NaN at step 1; see {@link org.loopscope.analysis.exit.GateDiagnosis}
 * @param nextLabel w(t + 1), NaN at step T
 * @param steps T
 */
public record GateRow(
        int prompt,
        String group,
        Scope scope,
        int position,
        int step,
        double gateLogit,
        double lambda,
        double gain,
        double nextGain,
        double label,
        double nextLabel,
        int steps) {
    /** Names of the columns; a public format. Numbers that are not defined are empty. */
    public static final List<String> COLUMNS = List.of(
            "prompt",
            "group",
            "scope",
            "position",
            "step",
            "gate_logit",
            "lambda",
            "gain",
            "next_gain",
            "ideal_continue",
            "next_step_continue",
            "max_steps",
            "model",
            "compute_dtype");

    static GateRow problem(int prompt, String group, int steps) {
        double none = Double.NaN;
        return new GateRow(prompt, group, Scope.PROBLEM, 0, 0, none, none, none, none, none, none, steps);
    }

    List<String> cells(ModelInfo model) {
        boolean problem = scope == Scope.PROBLEM;
        return List.of(
                Integer.toString(prompt),
                group,
                scope.cliName(),
                problem ? "" : Integer.toString(position),
                problem ? "" : Integer.toString(step),
                text(gateLogit),
                text(lambda),
                text(gain),
                text(nextGain),
                text(label),
                text(nextLabel),
                Integer.toString(steps),
                model.id(),
                model.computeDtype());
    }

    private static String text(double number) {
        return Double.isNaN(number) ? "" : Double.toString(number);
    }

    /** @throws NumberFormatException if the cells are not those of a row */
    static GateRow of(Map<String, String> cells) {
        String name = cell(cells, "scope");
        Scope scope = Scope.named(name).orElseThrow(() -> new NumberFormatException("scope \"" + name + "\""));
        int prompt = Integer.parseInt(cell(cells, "prompt"));
        int steps = Integer.parseInt(cell(cells, "max_steps"));
        String group = cell(cells, "group").intern();
        if (scope == Scope.PROBLEM) {
            return problem(prompt, group, steps);
        }
        return new GateRow(
                prompt,
                group,
                scope,
                Integer.parseInt(cell(cells, "position")),
                Integer.parseInt(cell(cells, "step")),
                number(cells, "gate_logit"),
                number(cells, "lambda"),
                number(cells, "gain"),
                number(cells, "next_gain"),
                number(cells, "ideal_continue"),
                number(cells, "next_step_continue"),
                steps);
    }

    private static String cell(Map<String, String> cells, String column) {
        return cells.getOrDefault(column, "");
    }

    private static double number(Map<String, String> cells, String column) {
        String text = cell(cells, column);
        return text.isEmpty() ? Double.NaN : Double.parseDouble(text);
    }
}
