package org.loopscope.plugin.figure;

import java.awt.Color;
import java.util.Locale;

/**
 * A scale of differences: near the card at 0, one colour below and another above, equally strong at the same size.
 *
 * @param title what is the difference of what
 * @param extent the size at which both colours are strongest; above 0
 */
public record DivergingScale(String title, double extent) implements CellScale {
    public DivergingScale {
        if (!(extent > 0 && Double.isFinite(extent))) {
            throw new IllegalArgumentException("diverging scale: want a finite extent above 0, got " + extent);
        }
    }

    @Override
    public Color color(double value, FigureTheme theme) {
        return theme.diverging(Math.max(-1, Math.min(1, value / extent))); // NaN stays NaN
    }

    /** A difference with its sign: {@code +0.35}, {@code −12}, {@code 0.00} for what rounds to zero. */
    public static String signed(double difference) {
        if (Double.isNaN(difference)) {
            return "–";
        }
        double size = Math.abs(difference);
        boolean whole = size == Math.rint(size) && size >= 1;
        String digits = String.format(
                Locale.ROOT, whole || size >= 100 ? "%.0f" : size < 0.0995 && size >= 5e-4 ? "%.3f" : "%.2f", size);
        boolean zero = digits.chars().allMatch(c -> c == '0' || c == '.');
        return (zero ? "" : difference < 0 ? "−" : "+") + digits;
    }
}
