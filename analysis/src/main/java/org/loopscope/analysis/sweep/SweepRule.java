package org.loopscope.analysis.sweep;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.loopscope.analysis.exit.ExitAnalysis;
import org.loopscope.analysis.exit.Oracle;
import org.loopscope.analysis.exit.WeightedExit;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.exit.RuleKind;
import org.loopscope.model.exit.RuleSyntax;

/**
 * One line of a sweep: an exit rule with its threshold, or what rules are compared with: an oracle, or all steps weighted by
 * the exit pdf.
 *
 * @param name family of the rule, {@code q}, {@code entropy+patience=2}, ..., {@code oracle}, {@code oracle-right}, {@code mix-logits} or
 *     {@code mix-probs}
 * @param threshold its number; NaN for an oracle or a mixture
 * @param rule empty for an oracle or a mixture
 */
public record SweepRule(String name, double threshold, Optional<ExitRule> rule) {
    /** Leaves at the first step whose prediction is that of full depth. */
    public static final SweepRule ORACLE = new SweepRule("oracle", Double.NaN, Optional.empty());
    /** Leaves at the first step whose prediction is the text's next token, at T where none is. */
    public static final SweepRule ORACLE_RIGHT = new SweepRule("oracle-right", Double.NaN, Optional.empty());

    /** Takes all T steps and predicts by the mixture of their logits, see {@link WeightedExit}. */
    public static final SweepRule MIX_LOGITS = new SweepRule("mix-logits", Double.NaN, Optional.empty());
    /** Takes all T steps and predicts by the mixture of their probabilities. */
    public static final SweepRule MIX_PROBABILITIES = new SweepRule("mix-probs", Double.NaN, Optional.empty());

    /** What has no threshold and is no exit rule. */
    static final List<SweepRule> COMPARED = List.of(ORACLE, ORACLE_RIGHT, MIX_LOGITS, MIX_PROBABILITIES);

    /** Whether the name is of what rules are compared with, which no run can follow. */
    public static boolean isCompared(String name) {
        return COMPARED.stream().anyMatch(rule -> rule.name().equals(name));
    }

    public static SweepRule of(ExitRule rule) {
        String family = RuleSyntax.family(rule);
        double threshold = family.equals(rule.spec()) ? Double.NaN : RuleKind.threshold(rule);
        return new SweepRule(family, threshold, Optional.of(rule));
    }

    /** How it is written: {@code q:0.5}, {@code oracle}. */
    public String spec() {
        return rule.map(ExitRule::spec).orElse(name);
    }

    /** Whether it predicts by all steps. */
    public boolean mixture() {
        return this == MIX_LOGITS || this == MIX_PROBABILITIES;
    }

    /** Whether it reads an exit gate. */
    public boolean needsGate() {
        return mixture() || rule.filter(ExitRule::needsGate).isPresent();
    }

    /** Id of the most probable token of a mixture. */
    int mixed(WeightedExit weighted, int position) {
        return this == MIX_LOGITS
                ? weighted.mixtureOfLogits(position).top1()
                : weighted.mixtureOfProbabilities(position).top1();
    }

    /** The step at which each token leaves, [S]. */
    public int[] exitSteps(ExitAnalysis exits, LensGrid lens) {
        if (mixture()) {
            int[] all = new int[lens.positions()];
            Arrays.fill(all, lens.steps());
            return all;
        }
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
