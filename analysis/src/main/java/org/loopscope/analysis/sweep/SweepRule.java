package org.loopscope.analysis.sweep;

import java.util.Optional;
import org.loopscope.analysis.exit.ExitAnalysis;
import org.loopscope.analysis.exit.Oracle;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.exit.RuleKind;

/**
 * One line of a sweep: an exit rule with its threshold, or an oracle, which is there to be compared with.
 *
 * @param name kind of the rule, {@code q}, {@code entropy}, ..., {@code oracle} or {@code oracle-right}
 * @param threshold its number; NaN for an oracle
 * @param rule empty for an oracle
 */
public record SweepRule(String name, double threshold, Optional<ExitRule> rule) {
    /** Leaves at the first step whose prediction is that of full depth. */
    public static final SweepRule ORACLE = new SweepRule("oracle", Double.NaN, Optional.empty());
    /** Leaves at the first step whose prediction is the text's next token, at T where none is. */
    public static final SweepRule ORACLE_RIGHT = new SweepRule("oracle-right", Double.NaN, Optional.empty());

    static SweepRule of(ExitRule rule) {
        return new SweepRule(RuleKind.of(rule).cliName(), RuleKind.threshold(rule), Optional.of(rule));
    }

    /** How it is written: {@code q:0.5}, {@code oracle}. */
    public String spec() {
        return rule.map(ExitRule::spec).orElse(name);
    }

    /** The step at which each token leaves, [S]. */
    int[] exitSteps(ExitAnalysis exits, LensGrid lens) {
        if (rule.isPresent()) {
            return exits.exitSteps(rule.get());
        }
        if (this == ORACLE) {
            return Oracle.firstAgreeing(lens);
        }
        int[] steps = Oracle.firstRight(lens);
        for (int p = 0; p < steps.length; p++) {
            steps[p] = steps[p] == 0 ? lens.steps() : steps[p];
        }
        return steps;
    }
}
