package org.loopscope.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.util.stream.IntStream;

/** The line under a heatmap that says what its colours and frames mean. */
final class HeatmapLegend {
    private static final double SIZE = 11.5;
    private static final double BAR = 110;
    private static final double SWATCH = 12;
    private static final double GAP = 16;

    static final double MARK = 9;

    private final Graphics2D g;
    private final HeatmapFigure.Builder spec;
    private final FigureTheme theme;

    HeatmapLegend(Graphics2D g, HeatmapFigure.Builder spec, FigureTheme theme) {
        this.g = g;
        this.spec = spec;
        this.theme = theme;
    }

    /** How wide the legend is when drawn. */
    static double width(HeatmapFigure.Builder spec) {
        double width = spec.frames.isEmpty() ? 0 : swatchWidth(spec.frameLabel) + GAP;
        if (marksShown(spec)) {
            width += MARK + 3 + text(spec.markLabel) + GAP;
        }
        if (!(spec.scale instanceof CategoryScale)) {
            Bar bar = bar(spec.scale);
            return width + text(bar.title) + 8 + text(bar.low) + 6 + BAR + 6 + text(bar.high);
        }
        for (CategoryScale.Entry entry : ((CategoryScale) spec.scale).legend()) {
            width += swatchWidth(entry.label()) + GAP;
        }
        return width - GAP;
    }

    /** Draws it with its right end at {@code right}, vertically centred on {@code centre}. */
    void paint(double right, double centre) {
        double x = right - width(spec);
        g.setFont(theme.font(SIZE));
        if (!spec.frames.isEmpty()) {
            g.setColor(theme.exit());
            g.setStroke(new BasicStroke(2f));
            g.draw(new RoundRectangle2D.Double(x + 1, centre - SWATCH / 2 + 1, SWATCH - 2, SWATCH - 2, 3, 3));
            x = label(spec.frameLabel, x + SWATCH + 5, centre) + GAP;
        }
        if (marksShown(spec)) {
            g.setColor(theme.accent());
            g.fill(triangle(x, centre));
            x = label(spec.markLabel, x + MARK + 3, centre) + GAP;
        }
        if (spec.scale instanceof CategoryScale categories) {
            paintCategories(categories, x, centre);
        } else {
            paintBar(bar(spec.scale), x, centre);
        }
    }

    /** The mark of a column: a triangle to the right, {@link #MARK} wide with its gap. */
    static Shape triangle(double left, double centre) {
        Path2D path = new Path2D.Double();
        path.moveTo(left, centre - 3.5);
        path.lineTo(left + 6, centre);
        path.lineTo(left, centre + 3.5);
        path.closePath();
        return path;
    }

    private static boolean marksShown(HeatmapFigure.Builder spec) {
        return !spec.markLabel.isEmpty()
                && IntStream.rangeClosed(spec.firstColumn, spec.lastColumn()).anyMatch(spec.marked);
    }

    /** A scale as a bar from its low to its high end. */
    private record Bar(String title, String low, String high, double from, double to) {}

    private static Bar bar(CellScale scale) {
        if (scale instanceof DivergingScale diverging) {
            return new Bar(
                    diverging.title(),
                    DivergingScale.precise(-diverging.extent()),
                    DivergingScale.precise(diverging.extent()),
                    -diverging.extent(),
                    diverging.extent());
        }
        ValueScale value = (ValueScale) scale;
        double low = Math.min(value.weak(), value.strong());
        double high = Math.max(value.weak(), value.strong());
        boolean strongRight = value.strong() >= value.weak();
        return new Bar(
                value.title(),
                ValueScale.endLabel(low),
                ValueScale.endLabel(high),
                strongRight ? 0 : 1,
                strongRight ? 1 : 0);
    }

    private void paintBar(Bar bar, double left, double centre) {
        double x = label(bar.title, left, centre) + 8;
        x = label(bar.low, x, centre) + 6;
        int slices = 55;
        for (int i = 0; i < slices; i++) {
            double at = bar.from + (bar.to - bar.from) * i / (slices - 1.0);
            g.setColor(spec.scale instanceof DivergingScale ? spec.scale.color(at, theme) : theme.probability(at));
            g.fill(new Rectangle2D.Double(x + i * BAR / slices, centre - 5, BAR / slices + 0.4, 10));
        }
        g.setColor(theme.border());
        g.setStroke(new BasicStroke(1f));
        g.draw(new Rectangle2D.Double(x, centre - 5, BAR, 10));
        label(bar.high, x + BAR + 6, centre);
    }

    private void paintCategories(CategoryScale scale, double left, double centre) {
        double x = left;
        for (CategoryScale.Entry entry : scale.legend()) {
            Color color = entry.color().apply(theme);
            g.setColor(color);
            g.fill(new RoundRectangle2D.Double(x, centre - SWATCH / 2, SWATCH, SWATCH, 3, 3));
            g.setColor(theme.border());
            g.setStroke(new BasicStroke(1f));
            g.draw(new RoundRectangle2D.Double(x, centre - SWATCH / 2, SWATCH, SWATCH, 3, 3));
            x = label(entry.label(), x + SWATCH + 5, centre) + GAP;
        }
    }

    /** Writes {@code text} and returns where it ends. */
    private double label(String text, double x, double centre) {
        g.setColor(theme.mutedText());
        FigureText.draw(g, text, x, centre + TextMeasure.capHeight(theme.font(SIZE)) / 2);
        return x + text(text);
    }

    private static double swatchWidth(String label) {
        return SWATCH + 5 + text(label);
    }

    private static double text(String text) {
        return TextMeasure.width(text, Fonts.sans(SIZE));
    }
}
