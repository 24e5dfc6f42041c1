package org.loopscope.analysis.choice;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** By what the choices of a question are compared; the largest wins, of equal ones the first. */
public enum ChoiceScore {
    /** Σ ln p: {@code acc} of lm-evaluation-harness. */
    SUM("acc", "log-likelihood", row -> 1),
    /** Per character of the choice: {@code acc_norm} of lm-evaluation-harness. */
    PER_CHARACTER("acc_norm", "log-likelihood per character", ChoiceRow::characters),
    /** Per UTF-8 byte of the choice: {@code acc_bytes}. */
    PER_BYTE("acc_bytes", "log-likelihood per byte", ChoiceRow::bytes),
    PER_TOKEN("acc_tokens", "log-likelihood per token", ChoiceRow::tokens);

    private final String column;
    private final String title;
    private final ToDoubleFunction<ChoiceRow> length;

    ChoiceScore(String column, String title, ToDoubleFunction<ChoiceRow> length) {
        this.column = column;
        this.title = title;
        this.length = length;
    }

    /** In files. */
    public String column() {
        return column;
    }

    public String title() {
        return title;
    }

    /** On the command line. */
    public String cliName() {
        return column.toLowerCase(Locale.ROOT);
    }

    /** Whether the right one of these choices has the largest score. */
    public boolean isRight(List<ChoiceRow> choices) {
        ChoiceRow best = choices.get(0);
        for (ChoiceRow row : choices) {
            best = of(row) > of(best) ? row : best;
        }
        return best.right();
    }

    /** A choice of no length has no score per length. */
    private double of(ChoiceRow row) {
        double length = this.length.applyAsDouble(row);
        return length == 0 ? Double.NEGATIVE_INFINITY : row.logLikelihood() / length;
    }
}
