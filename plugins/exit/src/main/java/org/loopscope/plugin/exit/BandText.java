package org.loopscope.plugin.exit;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import org.loopscope.analysis.exit.RuleBand;
import org.loopscope.model.exit.RuleKind;

/** The band of thresholds around a rule, as the panel writes it. */
final class BandText {
    private BandText() {}

    /** {@code q 0.45 to 0.55}, {@code entropy 0.77 to 1.23}. */
    static String of(RuleBand band) {
        RuleKind kind = RuleKind.of(band.low());
        return (kind == RuleKind.Q ? "q" : kind.title()) + " " + numbers(band);
    }

    /** {@code 0.45 to 0.55}. */
    static String numbers(RuleBand band) {
        return number(band.low()) + " to " + number(band.high());
    }

    private static String number(org.loopscope.model.exit.ExitRule rule) {
        double threshold = RuleKind.threshold(rule);
        int decimals = threshold == 0 ? 2 : Math.max(2, 1 - (int) Math.floor(Math.log10(threshold)));
        return new DecimalFormat("0." + "#".repeat(decimals), DecimalFormatSymbols.getInstance(Locale.ROOT))
                .format(threshold);
    }
}
