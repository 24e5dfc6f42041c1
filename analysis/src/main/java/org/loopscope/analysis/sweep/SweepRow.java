package org.loopscope.analysis.sweep;

import java.util.List;
import java.util.Optional;
import org.loopscope.analysis.prompts.WholeAnswer;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.table.CheckedRow;
import org.loopscope.analysis.table.Column;
import org.loopscope.analysis.table.Columns;
import org.loopscope.analysis.table.Origin;
import org.loopscope.model.RunOptions;
import org.loopscope.model.exit.RuleKind;
import org.loopscope.model.exit.RuleSyntax;

/**
 * One prompt under one rule. Counts, not rates: rows of any choice of prompts can be added up.
 *
 * @param prompt its number in the set, from 1
 * @param group of the prompt, or the empty text
 * @param scope which tokens are counted
 * @param rule kind of the rule, or one of {@code oracle}, {@code oracle-right}, {@code mix-logits}, {@code mix-probs}
 * @param threshold NaN for an oracle or a mixture
 * @param tokens counted: predictions of the next token
 * @param loops sum of the steps at which they leave
 * @param agreeing whose most probable next token at the exit is that of step T
 * @param right whose most probable next token at the exit is the one that follows in the text
 * @param steps T
 */
public record SweepRow(
        @Column(key = true, min = 1, meaning = "number of the prompt in its set")
        int prompt,

        @Column(meaning = "of the prompt") String group,

        @Column(key = true, meaning = "which tokens are counted")
        Scope scope,

        @Column(key = true, meaning = "kind of the rule") String rule,

        @Column(key = true, text = "number", meaning = "of the rule")
        double threshold,

        @Column(min = 0, max = MAX_TOKENS, meaning = "predictions that are counted")
        int tokens,

        @Column(min = 0, meaning = "sum of the steps at which they leave")
        long loops,

        @Column(min = 0, meaning = "whose prediction at the exit is that of step T")
        int agreeing,

        @Column(min = 0, meaning = "whose prediction at the exit follows in the text")
        int right,

        @Column(name = "max_steps", min = 1, max = RunOptions.MAX_STEPS, same = true, meaning = "T")
        int steps)
        implements CheckedRow {
    /** More tokens than a text can have; few enough that no sum of a prompt overflows. */
    private static final int MAX_TOKENS = 10_000_000;

    /** A row as it stands in a file; a public format. */
    public record InFile(SweepRow row, Origin origin) {}

    public static final Columns<InFile> TABLE = Columns.of("loopscope sweep", InFile.class);

    /** Names of the columns, in order. */
    public static final List<String> COLUMNS = TABLE.names();

    /** Whether the answer is right, for rows of answers. */
    @Column(name = "all_right", after = "right", meaning = "whether all tokens of the answer are right")
    Optional<Boolean> answerRight() {
        return scope == Scope.ANSWER ? Optional.of(allRight()) : Optional.empty();
    }

    @Override
    public Optional<Misfit> misfit() {
        String most = "at most the number of tokens, which is " + tokens;
        boolean counted = scope != Scope.PROBLEM;
        boolean looped = loops >= tokens && loops <= (long) tokens * steps;
        return Misfit.when(counted && tokens == 0, "tokens", "a whole number of at least 1")
                .or(() -> Misfit.when(agreeing > tokens, "agreeing", most))
                .or(() -> Misfit.when(right > tokens, "right", most))
                .or(() -> Misfit.when(
                        !looped,
                        "loops",
                        "1 to max_steps loops a token, so " + tokens + " to " + (long) tokens * steps))
                .or(() -> Misfit.when(counted && rule.isEmpty(), "rule", "the kind of a rule"))
                .or(() -> Misfit.when(
                        countsSteps() && !(threshold >= 1 && threshold <= RunOptions.MAX_STEPS && threshold % 1 == 0),
                        "threshold",
                        "a whole number from 1 to " + RunOptions.MAX_STEPS));
    }

    /** Whether all tokens are right: the answer as greedy decoding at these exits would write it. */
    public boolean allRight() {
        return WholeAnswer.right(right, tokens);
    }

    /** How the rule is written, {@code q:0.5}. */
    public String spec() {
        return RuleSyntax.spec(rule, number());
    }

    private String number() {
        return Double.isNaN(threshold)
                ? ""
                : countsSteps() ? Integer.toString((int) threshold) : Double.toString(threshold);
    }

    private boolean countsSteps() {
        String kind = RuleSyntax.split(rule, '+').get(0);
        return kind.equals(RuleKind.FIXED.cliName()) || kind.equals(RuleKind.SAME_TOP1.cliName());
    }

    /** Of a prompt that could not be measured. */
    public static SweepRow problem(int prompt, String group, int steps) {
        return new SweepRow(prompt, group, Scope.PROBLEM, "", Double.NaN, 0, 0, 0, 0, steps);
    }
}
