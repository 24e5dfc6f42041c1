package org.loopscope.app.shell;

import java.util.Locale;

/** Numbers as people read them. */
final class Units {
    private Units() {}

    static String parameters(long count) {
        if (count >= 1_000_000_000) {
            return String.format(Locale.ROOT, "%.2f B parameters", count / 1e9);
        }
        if (count >= 1_000_000) {
            return String.format(Locale.ROOT, "%.1f M parameters", count / 1e6);
        }
        return count >= 1000 ? Math.round(count / 1e3) + " k parameters" : count + " parameters";
    }

    static String bytes(long count) {
        if (count >= 1L << 30) {
            return String.format(Locale.ROOT, "%.1f GiB", count / (double) (1L << 30));
        }
        if (count >= 1L << 20) {
            return String.format(Locale.ROOT, "%.1f MiB", count / (double) (1L << 20));
        }
        return String.format(Locale.ROOT, "%.0f KiB", Math.max(1, count / 1024.0));
    }
}
