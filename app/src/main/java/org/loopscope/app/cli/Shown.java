package org.loopscope.app.cli;

import java.util.Locale;
import org.loopscope.model.base.ForeignText;

/** How values are written for people, the same in every table. */
final class Shown {
    private Shown() {}

    static String token(String text) {
        return ForeignText.token(text);
    }

    /** Text on one line: what cannot be seen or would drive a terminal as escapes. */
    static String text(String text) {
        return ForeignText.escaped(text);
    }

    /** A probability to three digits; NaN as a dash. */
    static String probability(double p) {
        return number(p, 3);
    }

    static String number(double x, int digits) {
        return Double.isNaN(x) ? "-" : String.format(Locale.ROOT, "%." + digits + "f", x);
    }

    static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /** A size in decimal units, as disks and the Hub count: 0.8 MB, 2.9 GB. */
    static String bytes(long n) {
        return n < 1_000_000_000
                ? String.format(Locale.ROOT, "%.1f MB", n / 1e6)
                : String.format(Locale.ROOT, "%.1f GB", n / 1e9);
    }

    static String percent(double fraction) {
        return Double.isNaN(fraction) ? "-" : Math.round(100 * fraction) + " %";
    }

    static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.2f s", millis / 1000.0);
    }
}
