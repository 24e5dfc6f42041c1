package org.loopscope.figure;

import java.awt.Color;
import java.util.Locale;

/**
 * A sequential scale between two values. The strong end of the colours is at {@link #strong()}, whichever of the two
 * values that is: probability is strong at 1, but entropy and rank are strong at their smallest.
 */
public final class ValueScale implements CellScale {
    private final String title;
    private final double weak;
    private final double strong;
    private final boolean logarithmic;

    private ValueScale(String title, double weak, double strong, boolean logarithmic) {
        if (!(Double.isFinite(weak) && Double.isFinite(strong))) {
            throw new IllegalArgumentException("scale: want two finite ends, got " + weak + " and " + strong);
        }
        if (logarithmic && !(weak > 0 && strong > 0)) {
            throw new IllegalArgumentException("logarithmic scale: want ends above 0, got " + weak + ", " + strong);
        }
        this.title = title;
        this.weak = weak;
        this.strong = strong;
        this.logarithmic = logarithmic;
    }

    /** Near-white at {@code weak}, dark at {@code strong} (the reverse lightness in the dark theme). */
    public static ValueScale linear(String title, double weak, double strong) {
        return new ValueScale(title, weak, strong, false);
    }

    /** The same, even in the logarithm of the value; both ends above 0. */
    public static ValueScale logarithmic(String title, double weak, double strong) {
        return new ValueScale(title, weak, strong, true);
    }

    /** Probabilities, 0 to 1. */
    public static ValueScale probability(String title) {
        return linear(title, 0, 1);
    }

    public String title() {
        return title;
    }

    public double weak() {
        return weak;
    }

    public double strong() {
        return strong;
    }

    /** Place of {@code value} from weak (0) to strong (1), clamped; NaN stays NaN. */
    public double fraction(double value) {
        if (weak == strong) {
            return Double.isNaN(value) ? Double.NaN : 1;
        }
        double at = logarithmic
                ? (Math.log(value) - Math.log(weak)) / (Math.log(strong) - Math.log(weak))
                : (value - weak) / (strong - weak);
        return Double.isNaN(at) ? at : Math.min(1, Math.max(0, at));
    }

    @Override
    public Color color(double value, FigureTheme theme) {
        return theme.probability(fraction(value));
    }

    /** An end of the scale as the legend writes it. */
    static String endLabel(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e6) {
            return String.format(Locale.ROOT, "%,d", (long) value);
        }
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
