package org.loopscope.analysis.exit;

import java.util.Optional;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.exit.RuleKind;
import org.loopscope.model.exit.ThresholdScale;

/**
 * Two rules of one kind, a little below and above the threshold of a third. Tokens that leave elsewhere under one than
 * under the other hang on the exact threshold.
 */
public record RuleBand(ExitRule low, ExitRule high) {
    /**
     * The rules {@code delta} of the scale away: for q and other linear scales threshold ± delta · (high − low), for
     * logarithmic ones a factor; where steps are counted, one step. Kept on the scale.
     *
     * @param delta share of the scale, 0 or more
     * @param steps T
     * @param vocabSize V
     * @return empty for full depth and a fixed step, where every token hangs on it
     */
    public static Optional<RuleBand> around(ExitRule rule, double delta, int steps, int vocabSize) {
        if (!(delta >= 0)) {
            throw new IllegalArgumentException("delta: want 0 or more, got " + delta);
        }
        RuleKind kind = RuleKind.of(rule);
        if (kind == RuleKind.FULL || kind == RuleKind.FIXED) {
            return Optional.empty();
        }
        double threshold = RuleKind.threshold(rule);
        if (kind.countsSteps()) {
            return Optional.of(new RuleBand(
                    rule.withPrimary(kind.rule(Math.max(1, threshold - 1))),
                    rule.withPrimary(kind.rule(threshold + 1))));
        }
        ThresholdScale scale = kind.scale(steps, vocabSize);
        return Optional.of(new RuleBand(
                rule.withPrimary(kind.rule(scale.moved(threshold, -delta))),
                rule.withPrimary(kind.rule(scale.moved(threshold, delta)))));
    }
}
