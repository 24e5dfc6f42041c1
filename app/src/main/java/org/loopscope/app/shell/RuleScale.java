package org.loopscope.app.shell;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.stream.Stream;
import org.loopscope.figure.RuleText;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.exit.RuleKind;
import org.loopscope.model.exit.ThresholdScale;

/**
 * One kind of exit rule on the toolbar's slider: steps where it counts steps, else positions 0 to 1 on the scale of its
 * thresholds, which may be logarithmic.
 */
final class RuleScale {
    /** The kinds in the order of the chooser: the gate's own first. */
    static final List<RuleKind> CHOICES = Stream.concat(
                    Stream.of(RuleKind.Q, RuleKind.FIXED, RuleKind.FULL),
                    RuleKind.tuned().stream().filter(kind -> kind != RuleKind.Q))
            .toList();

    private final RuleKind kind;
    private final int steps;
    private final ThresholdScale scale;

    RuleScale(RuleKind kind, int steps, int vocabSize) {
        this.kind = kind;
        this.steps = steps;
        this.scale = kind.scale(steps, vocabSize);
    }

    /** {@code Q-exit}, {@code Max probability}. */
    static String name(RuleKind kind) {
        return Character.toUpperCase(kind.title().charAt(0)) + kind.title().substring(1);
    }

    double low() {
        return kind.countsSteps() ? scale.low() : 0;
    }

    double high() {
        return kind.countsSteps() ? scale.high() : 1;
    }

    double increment() {
        return kind.countsSteps() ? 1 : 0.01;
    }

    /** Where the slider stands for a rule of this kind; at the end for full depth. */
    double position(ExitRule rule) {
        double threshold = RuleKind.threshold(rule);
        if (kind == RuleKind.FULL) {
            return high();
        }
        return kind.countsSteps() ? threshold : scale.position(threshold);
    }

    /** The rule for a place of the slider; thresholds are rounded to what a person would type. */
    ExitRule rule(double position) {
        return kind.countsSteps() ? kind.rule(position) : kind.rule(rounded(scale.threshold(position)));
    }

    private double rounded(double threshold) {
        BigDecimal exact = BigDecimal.valueOf(threshold);
        return (scale.logarithmic()
                        ? exact.round(new MathContext(2, RoundingMode.HALF_EVEN))
                        : exact.setScale(2, RoundingMode.HALF_EVEN))
                .doubleValue();
    }

    /** What stands before the slider. */
    String symbol() {
        return kind.symbol();
    }

    /** What stands behind it. */
    String value(ExitRule rule) {
        if (kind == RuleKind.FULL) {
            return Integer.toString(steps);
        }
        double threshold = RuleKind.threshold(rule);
        return kind.countsSteps()
                ? Integer.toString((int) Math.min(threshold, kind == RuleKind.FIXED ? steps : threshold))
                : RuleText.q(threshold);
    }
}
