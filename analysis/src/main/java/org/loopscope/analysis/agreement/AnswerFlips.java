package org.loopscope.analysis.agreement;

import org.loopscope.analysis.lens.LensGrid;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Where the most probable prediction changes from step to step, and from which step on it never does again. Immutable.
 * Steps are 1-based, positions 0-based.
 */
public final class AnswerFlips {
    private final LensGrid lens;

    private AnswerFlips(LensGrid lens) {
        this.lens = lens;
    }

    public static AnswerFlips of(LensGrid lens) {
        return new AnswerFlips(lens);
    }

    public int steps() {
        return lens.steps();
    }

    public int positions() {
        return lens.positions();
    }

    /** Id of the most probable prediction. */
    public int label(int step, int position) {
        return lens.topId(lens.rowOfStep(step), position, 0);
    }

    /**
     * Prediction depth: the first step from which on the most probable prediction is that of the last step. T when it
     * changed at the last step.
     */
    public int firstStableStep(int position) {
        int step = steps();
        while (step > 1 && label(step - 1, position) == label(steps(), position)) {
            step--;
        }
        return step;
    }

    /** Steps at which the prediction differs from the one before, 0 to T − 1. */
    public int flips(int position) {
        int flips = 0;
        for (int step = 2; step <= steps(); step++) {
            if (changedAt(step, position)) {
                flips++;
            }
        }
        return flips;
    }

    /** Whether the prediction at {@code step} differs from that of the step before; never at step 1. */
    public boolean changedAt(int step, int position) {
        return step > 1 && label(step, position) != label(step - 1, position);
    }

    /** Tokens by first stable step: [T], index t − 1, summing to S. */
    public int[] stableHistogram() {
        int[] counts = new int[steps()];
        for (int p = 0; p < positions(); p++) {
            counts[firstStableStep(p) - 1]++;
        }
        return counts;
    }

    /**
     * One line per token and step: {@code position}, {@code token}, {@code step}, {@code id} and {@code text} of the
     * prediction, {@code changed} (against the step before), and for the token {@code flips} and {@code
     * first_stable_step}.
     */
    public Table toTable() {
        IntColumn position = IntColumn.create("position");
        StringColumn token = StringColumn.create("token");
        IntColumn step = IntColumn.create("step");
        IntColumn id = IntColumn.create("id");
        StringColumn text = StringColumn.create("text");
        BooleanColumn changed = BooleanColumn.create("changed");
        IntColumn flips = IntColumn.create("flips");
        IntColumn stable = IntColumn.create("first_stable_step");
        for (int p = 0; p < positions(); p++) {
            for (int t = 1; t <= steps(); t++) {
                position.append(p);
                token.append(lens.capture().tokenText(p));
                step.append(t);
                id.append(label(t, p));
                text.append(lens.tokenText(label(t, p)));
                changed.append(changedAt(t, p));
                flips.append(flips(p));
                stable.append(firstStableStep(p));
            }
        }
        return Table.create("answer_flips", position, token, step, id, text, changed, flips, stable);
    }
}
