package org.loopscope.analysis.gate;

import java.util.List;
import java.util.Optional;
import org.loopscope.analysis.run.GateDiagnosis;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.table.CheckedRow;
import org.loopscope.analysis.table.Column;
import org.loopscope.analysis.table.Columns;
import org.loopscope.analysis.table.Origin;
import org.loopscope.model.RunOptions;

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
 * @param label w(t), NaN at step 1; see {@link org.loopscope.analysis.run.GateDiagnosis}
 * @param nextLabel w(t + 1), NaN at step T
 * @param steps T
 */
public record GateRow(
        @Column(key = true, min = 1, meaning = "number of the prompt in its set")
        int prompt,

        @Column(meaning = "of the prompt") String group,

        @Column(meaning = "what the token that follows belongs to")
        Scope scope,

        @Column(key = true, min = 0, optional = true) int position,

        @Column(key = true, min = 1, max = RunOptions.MAX_STEPS, optional = true, meaning = "loop step t")
        int step,

        @Column(meaning = "g_t") double gateLogit,
        @Column(min = 0, max = 1, meaning = "λ_t") double lambda,

        @Column(unit = "nats", meaning = "I(t), what this step gained on the token that follows")
        double gain,

        @Column(unit = "nats", meaning = "I(t + 1), what the next step gains")
        double nextGain,

        @Column(name = "ideal_continue", min = 0, max = 1, meaning = "w(t), the label of Stage II for 1 − λ_t")
        double label,

        @Column(name = "next_step_continue", min = 0, max = 1, meaning = "w(t + 1)")
        double nextLabel,

        @Column(name = "max_steps", min = 1, max = RunOptions.MAX_STEPS, same = true, meaning = "T")
        int steps)
        implements CheckedRow {
    /** A row as it stands in a file; a public format. Numbers that are not defined are empty. */
    public record InFile(GateRow row, Origin origin) {}

    public static final Columns<InFile> TABLE = Columns.of("loopscope gate", InFile.class);

    /** Names of the columns. */
    public static final List<String> COLUMNS = TABLE.names();

    /** Of a token after a step before the last or at it. */
    public static GateRow of(int prompt, String group, Scope scope, GateDiagnosis.Point point, Inspection inspection) {
        int step = point.step();
        int steps = inspection.capture().steps();
        return new GateRow(
                prompt,
                group,
                scope,
                point.position(),
                step,
                point.gateLogit(),
                point.lambda(),
                GateDiagnosis.gain(inspection.lens(), step, point.position()),
                step == steps ? Double.NaN : GateDiagnosis.gain(inspection.lens(), step + 1, point.position()),
                point.label(),
                point.nextLabel(),
                steps);
    }

    /** Of a prompt that could not be measured. */
    public static GateRow problem(int prompt, String group, int steps) {
        double none = Double.NaN;
        return new GateRow(prompt, group, Scope.PROBLEM, -1, -1, none, none, none, none, none, none, steps);
    }

    @Override
    public Optional<Misfit> misfit() {
        if (scope == Scope.PROBLEM) {
            return Optional.empty();
        }
        return Misfit.when(position < 0, "position", "a whole number of at least 0")
                .or(() -> Misfit.when(
                        step < 1 || step > steps, "step", "a whole number from 1 to max_steps, which is " + steps))
                .or(() -> Misfit.when(Double.isNaN(gateLogit), "gate_logit", "a number"))
                .or(() -> Misfit.when(Double.isNaN(lambda), "lambda", "a number from 0 to 1"));
    }
}
