package org.loopscope.figure;

import java.awt.Color;

/** Colour scales and the contrast arithmetic behind them. */
public final class Palette {
    /** WCAG 2.1 level AA for text. */
    public static final double TEXT_CONTRAST = 4.5;

    private static final Color[] STEPS_LIGHT = colors(0xc6d8ef, 0x7fb0de, 0x3b7fc4, 0x174a8c);
    private static final Color[] STEPS_LIGHT_LONG = colors(0xd5e3f4, 0xa6c8e9, 0x7fb0de, 0x3b7fc4, 0x174a8c, 0x0a2a55);
    private static final Color[] STEPS_DARK = colors(0x2f4d74, 0x3f78b8, 0x6aa9e6, 0xbcdcff);
    private static final Color[] STEPS_DARK_LONG = colors(0x28405f, 0x35608f, 0x4588c9, 0x6aa9e6, 0xbcdcff, 0xe6f2ff);
    private static final Color[] SEQUENTIAL_LIGHT =
            colors(0xf4f8fd, 0xdeebf7, 0xc6dbef, 0x9ecae1, 0x6baed6, 0x4292c6, 0x2171b5, 0x08519c, 0x08306b);
    private static final Color[] SEQUENTIAL_DARK =
            colors(0x1c2530, 0x20344c, 0x254667, 0x2b5a88, 0x3470ab, 0x4a8bcb, 0x70a9e0, 0x9dc6f0, 0xcfe4fb);
    /** From below zero (purple) to above (green, in the dark teal): told apart with any kind of colour blindness. */
    private static final Color[] DIVERGING_LIGHT = colors(
            0x40004b, 0x762a83, 0x9970ab, 0xc2a5cf, 0xe7d4e8, 0xf7f7f7, 0xd9f0d3, 0xa6dba0, 0x5aae61, 0x1b7837,
            0x00441b);

    private static final Color[] DIVERGING_DARK = colors(
            0xe9c0f5, 0xc58fdc, 0x9862b4, 0x6a4583, 0x432f55, 0x20262f, 0x1d4743, 0x1f6d63, 0x2f9989, 0x62c4b2,
            0xb4eee1);

    /** Lines that are told apart by hue, dark enough for white: blue, orange, green, purple, grey, teal, brown, pink. */
    private static final Color[] SERIES_LIGHT =
            colors(0x174a8c, 0xd97706, 0x2f8f3e, 0x8e2bb0, 0x7c8794, 0x0f8b8d, 0x8c5a2b, 0xc2357f);

    private static final Color[] SERIES_DARK =
            colors(0x7db7ff, 0xf5a742, 0x6fcf7c, 0xd08bf0, 0xaab4c0, 0x4fd0d0, 0xd6a277, 0xf38bbf);

    /** Lines that differ in colour; further ones need another look besides, see {@link SeriesLook}. */
    static final int SERIES = SERIES_LIGHT.length;

    private Palette() {}

    /** Colour of step t of T: one hue, ordered; T = 4 in light gives the four colours of the design exactly. */
    static Color step(int step, int steps, boolean dark) {
        if (step < 1 || step > steps) {
            throw new IllegalArgumentException("step: want 1 to " + steps + ", got " + step);
        }
        Color[] anchors = steps <= 4 ? (dark ? STEPS_DARK : STEPS_LIGHT) : (dark ? STEPS_DARK_LONG : STEPS_LIGHT_LONG);
        double at = steps == 1 ? 2.0 / 3 : (step - 1.0) / (steps - 1.0);
        return interpolate(anchors, at);
    }

    /** Sequential scale over [0, 1]: near the card at 0, far from it at 1. */
    static Color sequential(double fraction, boolean dark) {
        return interpolate(dark ? SEQUENTIAL_DARK : SEQUENTIAL_LIGHT, fraction);
    }

    /** Diverging scale over [−1, 1]: near the card at 0, far from it at both ends. */
    static Color diverging(double at, boolean dark) {
        return interpolate(dark ? DIVERGING_DARK : DIVERGING_LIGHT, (at + 1) / 2);
    }

    /** Colour of line {@code index}; repeats after {@link #SERIES}. */
    static Color series(int index, boolean dark) {
        Color[] colors = dark ? SERIES_DARK : SERIES_LIGHT;
        return colors[Math.floorMod(index, colors.length)];
    }

    /** Black or white-ish, whichever can be read on {@code background}: contrast of at least {@link #TEXT_CONTRAST}. */
    static Color textOn(Color background) {
        Color soft = new Color(0x101828);
        if (contrast(soft, background) >= 7) {
            return soft;
        }
        if (contrast(Color.WHITE, background) >= TEXT_CONTRAST) {
            return Color.WHITE;
        }
        return contrast(Color.BLACK, background) >= contrast(Color.WHITE, background) ? Color.BLACK : Color.WHITE;
    }

    /** WCAG 2.1 contrast ratio of two opaque colours, 1 to 21. */
    public static double contrast(Color a, Color b) {
        double la = luminance(a);
        double lb = luminance(b);
        return (Math.max(la, lb) + 0.05) / (Math.min(la, lb) + 0.05);
    }

    private static double luminance(Color c) {
        return 0.2126 * linear(c.getRed()) + 0.7152 * linear(c.getGreen()) + 0.0722 * linear(c.getBlue());
    }

    private static double linear(int channel) {
        double v = channel / 255.0;
        return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
    }

    /** {@code fraction} of {@code over} laid over {@code under}. */
    public static Color mix(Color under, Color over, double fraction) {
        return new Color(
                blend(under.getRed(), over.getRed(), fraction),
                blend(under.getGreen(), over.getGreen(), fraction),
                blend(under.getBlue(), over.getBlue(), fraction));
    }

    private static Color interpolate(Color[] anchors, double fraction) {
        double at = Math.min(1, Math.max(0, fraction)) * (anchors.length - 1);
        int low = Math.min((int) at, anchors.length - 2);
        return mix(anchors[low], anchors[low + 1], at - low);
    }

    private static int blend(int a, int b, double fraction) {
        return (int) Math.round(a + (b - a) * fraction);
    }

    private static Color[] colors(int... rgb) {
        Color[] colors = new Color[rgb.length];
        for (int i = 0; i < rgb.length; i++) {
            colors[i] = new Color(rgb[i]);
        }
        return colors;
    }
}
