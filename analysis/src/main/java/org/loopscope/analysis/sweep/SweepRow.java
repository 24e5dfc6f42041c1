package org.loopscope.analysis.sweep;

import java.util.List;
import java.util.Optional;
import org.loopscope.analysis.prompts.WholeAnswer;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.exit.RuleKind;

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
        int prompt,
        String group,
        Scope scope,
        String rule,
        double threshold,
        int tokens,
        long loops,
        int agreeing,
        int right,
        int steps) {
    /** Which predictions are counted. */
    public enum Scope {
        /** Of the prompt's own tokens, from the second on. */
        PROMPT,
        /** Of the tokens of the given answer, read with the answer before them given. */
        ANSWER,
        /** Of tokens that the model generated at full depth. */
        GENERATED,
        /** None: the run of this prompt stopped at a number that is not finite. */
        PROBLEM;

        /** The name on figures. */
        public String title() {
            return switch (this) {
                case PROMPT -> "tokens of the prompt";
                case ANSWER -> "tokens of the answer";
                case GENERATED -> "generated tokens";
                case PROBLEM -> "not measured";
            };
        }

        /** The name in files. */
        public String cliName() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        /** The scope of this name in files. */
        public static Optional<Scope> named(String name) {
            for (Scope scope : values()) {
                if (scope.cliName().equals(name)) {
                    return Optional.of(scope);
                }
            }
            return Optional.empty();
        }
    }

    /** Names of the columns, in order. */
    public static final List<String> COLUMNS = List.of(
            "prompt",
            "group",
            "scope",
            "rule",
            "threshold",
            "tokens",
            "loops",
            "agreeing",
            "right",
            "all_right",
            "max_steps",
            "model",
            "compute_dtype");

    /** Whether all tokens are right: the answer as greedy decoding at these exits would write it. */
    public boolean allRight() {
        return WholeAnswer.right(right, tokens);
    }

    /** How the rule is written, {@code q:0.5}. */
    public String spec() {
        return Double.isNaN(threshold) ? rule : rule + ":" + number();
    }

    private String number() {
        return rule.equals(RuleKind.FIXED.cliName()) || rule.equals(RuleKind.SAME_TOP1.cliName())
                ? Integer.toString((int) threshold)
                : Double.toString(threshold);
    }

    List<String> cells(ModelInfo model) {
        return List.of(
                Integer.toString(prompt),
                group,
                scope.cliName(),
                rule,
                Double.isNaN(threshold) ? "" : number(),
                Integer.toString(tokens),
                Long.toString(loops),
                Integer.toString(agreeing),
                Integer.toString(right),
                scope == Scope.ANSWER ? (allRight() ? "1" : "0") : "",
                Integer.toString(steps),
                model.id(),
                model.computeDtype());
    }
}
