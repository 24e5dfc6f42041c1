package org.loopscope.analysis.loss;

import java.util.Optional;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.table.CheckedRow;
import org.loopscope.analysis.table.Column;
import org.loopscope.analysis.table.Columns;
import org.loopscope.analysis.table.Origin;
import org.loopscope.model.RunOptions;

/**
 * The loss of some tokens of one text, read at one step, by one exit rule or with all steps together. Sums, not means: rows of any
 * choice of texts can be added up.
 *
 * @param prompt its number in the set, from 1
 * @param scope which predictions are counted
 * @param tokens {@code all}, or the class of tokens that is counted
 * @param reading {@code fixed:t} for step t, an exit rule, {@link #EXPECTED}, {@link #ORACLE} or what a sweep compares with
 * @param count predictions that are counted
 * @param bytes of the text that they predict, UTF-8; −1 for a class, whose tokens do not stand together
 * @param loops sum of the steps at which they leave
 * @param loss sum of −ln p(next token), nats
 * @param risen tokens whose loss has risen by more than the margin at some step up to this one; −1 for what is no step
 * @param worse tokens whose loss at this step is more than the margin above their least up to it; −1 for what is no step
 * @param margin nats
 * @param steps T
 */
public record LossRow(
        @Column(key = true, min = 1, meaning = "number of the text in its set")
        int prompt,

        @Column(meaning = "of the text") String group,

        @Column(key = true, meaning = "which predictions are counted")
        Scope scope,

        @Column(key = true, name = "tokens_of", meaning = "all, or the class of tokens that is counted")
        String tokens,

        @Column(
                key = true,
                meaning =
                        "fixed:t for step t, an exit rule, expected for Σ p(t) L(t), oracle-loss for the least of all steps")
        String reading,

        @Column(name = "tokens", min = 0, max = MAX_TOKENS, meaning = "predictions that are counted")
        int count,

        @Column(min = 0, optional = true, unit = "bytes", meaning = "of the text that is predicted, as UTF-8")
        int bytes,

        @Column(min = 0, meaning = "sum of the steps at which they leave")
        double loops,

        @Column(unit = "nats", meaning = "sum of −ln p of the token that follows")
        double loss,

        @Column(min = 0, optional = true, meaning = "whose loss has risen above the margin at some step up to this one")
        int risen,

        @Column(
                min = 0,
                optional = true,
                meaning = "whose loss at this step is above their least up to it by more than the margin")
        int worse,

        @Column(min = 0, unit = "nats", same = true, meaning = "what a rise is counted above")
        double margin,

        @Column(name = "max_steps", min = 1, max = RunOptions.MAX_STEPS, same = true, meaning = "T")
        int steps)
        implements CheckedRow {
    /** Σ p(t) L(t): what the first stage of training makes small, without its regulariser. */
    public static final String EXPECTED = "expected";
    /** The least loss of all steps: what no rule can beat. */
    public static final String ORACLE = "oracle-loss";

    private static final int MAX_TOKENS = 10_000_000;

    /** A row as it stands in a file; a public format. */
    public record InFile(LossRow row, Origin origin) {}

    public static final Columns<InFile> TABLE = Columns.of("loopscope eval text", InFile.class);

    /** How step {@code t} is written as a reading. */
    public static String step(int t) {
        return "fixed:" + t;
    }

    /** Of a text whose run stopped at a number that is not finite. */
    public static LossRow problem(int prompt, String group, double margin, int steps) {
        return new LossRow(prompt, group, Scope.PROBLEM, TokenClass.ALL, "", 0, -1, 0, 0, -1, -1, margin, steps);
    }

    @Override
    public Optional<Misfit> misfit() {
        String most = "at most the number of tokens, which is " + count;
        boolean counted = scope != Scope.PROBLEM;
        return Misfit.when(counted && count == 0, "tokens", "a whole number of at least 1")
                .or(() ->
                        Misfit.when(counted && reading.isEmpty(), "reading", "a step, a rule, expected or oracle-loss"))
                .or(() -> Misfit.when(counted && !(loss >= 0), "loss", "a number of at least 0"))
                .or(() -> Misfit.when(risen > count, "risen", most))
                .or(() -> Misfit.when(worse > count, "worse", most))
                .or(() -> Misfit.when(
                        loops < count || loops > (double) count * steps,
                        "loops",
                        "1 to max_steps loops a token, so " + count + " to " + (long) count * steps));
    }
}
