package org.loopscope.figure;

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

    /** A difference with its sign, short enough for a cell: {@code +0.35}, {@code −12}, {@code 0.00} for what rounds to it. */
    public static String signed(double difference) {
        return signed(difference, 2);
    }

    /** The same with a third digit where it is small, for where there is room. */
    public static String precise(double difference) {
        return signed(difference, Math.abs(difference) < 0.0995 ? 3 : 2);
    }

    private static String signed(double difference, int digits) {
        if (Double.isNaN(difference)) {
            return "–";
        }
        double size = Math.abs(difference);
        boolean whole = size == Math.rint(size) && size >= 2 || size >= 99.5;
        String text = String.format(Locale.ROOT, "%." + (whole ? 0 : digits) + "f", size);
        boolean zero = text.chars().allMatch(c -> c == '0' || c == '.');
        return (zero ? "" : difference < 0 ? "−" : "+") + text;
    }
}
