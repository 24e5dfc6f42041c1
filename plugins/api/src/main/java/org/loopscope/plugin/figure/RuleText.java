package org.loopscope.plugin.figure;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import org.loopscope.model.exit.ExitRule;

/** An exit rule as figures name it. */
public final class RuleText {
    private RuleText() {}

    /** {@code q = 0.50}, {@code fixed step 3} or {@code full depth}. */
    public static String of(ExitRule rule) {
        if (rule instanceof ExitRule.QExit exit) {
            return "q = " + q(exit.q());
        }
        return rule instanceof ExitRule.FixedStep fixed ? "fixed step " + fixed.step() : "full depth";
    }

    /** At least two decimals, and as many as it takes: 0.999 is no full depth, which 1.00 would say. */
    public static String q(double q) {
        return new DecimalFormat("0.00##############", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(q);
    }
}
