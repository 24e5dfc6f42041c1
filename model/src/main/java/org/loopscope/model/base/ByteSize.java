package org.loopscope.model.base;

import java.util.Locale;

/** Amounts of memory as people read them. */
public final class ByteSize {
    private ByteSize() {}

    /** {@code 5.7 GB}, {@code 12.0 MB}, {@code 3.5 kB}, in powers of ten. */
    public static String text(long bytes) {
        if (bytes >= 1_000_000_000L) {
            return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
        }
        return bytes >= 1_000_000
                ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
                : String.format(Locale.ROOT, "%.1f kB", bytes / 1e3);
    }
}
