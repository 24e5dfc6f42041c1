package org.loopscope.figure;

import java.awt.Color;
import java.awt.Font;

/** Colours and fonts of every figure: one for light, one for dark. */
public final class FigureTheme {
    public static final FigureTheme LIGHT =
            new FigureTheme(false, 0xf4f6fa, 0xffffff, 0xdfe4ec, 0x1b2330, 0x5b6676, 0xe6eaf0, 0x174a8c, 0xd9480f);
    public static final FigureTheme DARK =
            new FigureTheme(true, 0x10141a, 0x181d25, 0x2e3642, 0xe6eaf0, 0x9aa5b4, 0x2b323d, 0x7db7ff, 0xff7a3d);

    private final boolean dark;
    private final Color ground;
    private final Color card;
    private final Color border;
    private final Color text;
    private final Color mutedText;
    private final Color grid;
    private final Color accent;
    private final Color exit;

    private FigureTheme(
            boolean dark, int ground, int card, int border, int text, int mutedText, int grid, int accent, int exit) {
        this.dark = dark;
        this.ground = new Color(ground);
        this.card = new Color(card);
        this.border = new Color(border);
        this.text = new Color(text);
        this.mutedText = new Color(mutedText);
        this.grid = new Color(grid);
        this.accent = new Color(accent);
        this.exit = new Color(exit);
    }

    public boolean dark() {
        return dark;
    }

    /** Behind the cards. */
    public Color ground() {
        return ground;
    }

    /** Behind a figure. */
    public Color card() {
        return card;
    }

    public Color border() {
        return border;
    }

    public Color text() {
        return text;
    }

    /** Axis labels and notes; readable on the card. */
    public Color mutedText() {
        return mutedText;
    }

    public Color grid() {
        return grid;
    }

    /** Data. */
    public Color accent() {
        return accent;
    }

    /** What the exit rule does. */
    public Color exit() {
        return exit;
    }

    /** Colour of recurrent step {@code step} of {@code steps}, both from 1. */
    public Color step(int step, int steps) {
        return Palette.step(step, steps, dark);
    }

    /** Sequential scale; {@code p} in [0, 1], NaN gives the card colour. */
    public Color probability(double p) {
        return Double.isNaN(p) ? card : Palette.sequential(p, dark);
    }

    /** Diverging scale; {@code at} in [−1, 1], NaN gives the card colour. */
    public Color diverging(double at) {
        return Double.isNaN(at) ? card : Palette.diverging(at, dark);
    }

    /** Colour of a line that is told apart by hue, 0-based; −1 and −2 are grey, for what others are compared with. */
    public Color series(int index) {
        if (index < 0) {
            return index == -1 ? text : mutedText;
        }
        return Palette.series(index, dark);
    }

    /** The text colour to use on {@code background}. */
    public Color textOn(Color background) {
        return Palette.textOn(background);
    }

    public Font font(double size) {
        return Fonts.sans(size);
    }

    public Font bold(double size) {
        return Fonts.sansBold(size);
    }

    public Font mono(double size) {
        return Fonts.mono(size);
    }

    public Font monoBold(double size) {
        return Fonts.monoBold(size);
    }

    @Override
    public String toString() {
        return dark ? "dark" : "light";
    }
}
