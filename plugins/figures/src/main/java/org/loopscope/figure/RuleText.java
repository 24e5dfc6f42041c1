package org.loopscope.figure;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.stream.Collectors;
import org.loopscope.model.exit.ComposedRule;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.exit.Signal;

/** An exit rule as figures name it. */
public final class RuleText {
    private RuleText() {}

    /** {@code q = 0.50}, {@code fixed step 3}, {@code full depth}, {@code entropy ≤ 1.00 nats}, ... */
    public static String of(ExitRule rule) {
        if (rule instanceof ComposedRule.Held held) {
            return of(held.rule())
                    + (held.patience() > 1 ? ", " + held.patience() + " loops in a row" : "")
                    + (held.minSteps() > 1 ? ", not before loop " + held.minSteps() : "");
        }
        if (rule instanceof ComposedRule.Combined combined) {
            return (combined.all() ? "all of (" : "any of (")
                    + combined.rules().stream().map(RuleText::of).collect(Collectors.joining("; ")) + ")";
        }
        if (rule instanceof ExitRule.QExit exit) {
            return "q = " + q(exit.q());
        }
        if (rule instanceof ExitRule.Threshold threshold) {
            Signal signal = threshold.signal();
            return signal.title()
                    + (signal.leavesAbove() ? " ≥ " : " ≤ ")
                    + q(threshold.threshold())
                    + (signal.unit().isEmpty() ? "" : " " + signal.unit());
        }
        if (rule instanceof ExitRule.SameTop1 same) {
            return "top-1 unchanged for " + same.unchanged() + (same.unchanged() == 1 ? " step" : " steps");
        }
        return rule instanceof ExitRule.FixedStep fixed ? "fixed step " + fixed.step() : "full depth";
    }

    /** At least two decimals, and as many as it takes: 0.999 is no full depth, which 1.00 would say. */
    public static String q(double q) {
        return new DecimalFormat("0.00##############", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(q);
    }
}
