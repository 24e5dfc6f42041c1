package org.loopscope.figure;

import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.RoundRectangle2D;
import java.util.List;

/**
 * What stands at the right of an exported chart: a colour, a name and a value for every line. On screen the window
 * shows the same entries as controls.
 *
 * @param title what the values are
 */
public record ChartLegend(String title, List<Entry> entries) {
    /** One line of the chart; {@code series} is the index of its colour, see {@link FigureTheme#series}. */
    public record Entry(String label, String value, int series, LegendMark mark) {
        /** A line with the look of its index, see {@link SeriesLook}. */
        public Entry(String label, String value, int series) {
            this(label, value, series, SeriesLook.of(series).mark());
        }
    }

    private static final int MANY = 14; // entries that fit beside a chart of the usual height

    /** Without long names. */
    static final double WIDTH = 168;

    private static final double MOST_WIDTH = 250;
    private static final double BESIDE_LABEL = 40; // mark, gaps and the margin at the right
    private static final BasicStroke OUTLINE = new BasicStroke(1.6f);
    private static final double LINE = 22;
    private static final double NARROW_LINE = 16;

    public ChartLegend {
        entries = List.copyOf(entries);
    }

    /** As wide as the longest line, within limits. */
    double width() {
        double most = entries.stream()
                .mapToDouble(entry -> TextMeasure.width(entry.label(), FigureTheme.LIGHT.monoBold(12))
                        + TextMeasure.width(entry.value(), FigureTheme.LIGHT.mono(12)))
                .max()
                .orElse(0);
        return Math.min(MOST_WIDTH, Math.max(WIDTH, Math.ceil(most + BESIDE_LABEL)));
    }

    /** With all its lines. */
    double height() {
        return 4 + 14 + line() * (entries.size() + 1);
    }

    private double line() {
        return entries.size() > MANY ? NARROW_LINE : LINE;
    }

    void draw(Graphics2D g, double left, double top, FigureTheme theme) {
        g.setFont(theme.font(11.5));
        g.setColor(theme.mutedText());
        FigureText.draw(g, title, left, top + 14);
        double y = top + 14 + line();
        for (Entry entry : entries) {
            g.setColor(theme.series(entry.series()));
            drawMark(g, entry.mark(), left, y - 9);
            Font bold = theme.monoBold(12);
            Font mono = theme.mono(12);
            double valueWidth = TextMeasure.width(entry.value(), mono);
            g.setColor(theme.text());
            g.setFont(bold);
            FigureText.draw(g, TextMeasure.fit(entry.label(), bold, width() - BESIDE_LABEL - valueWidth), left + 17, y);
            g.setFont(mono);
            FigureText.draw(g, entry.value(), left + width() - 16 - valueWidth, y);
            y += line();
        }
    }

    private static void drawMark(Graphics2D g, LegendMark mark, double left, double top) {
        if (mark == LegendMark.COLOR) {
            g.fill(new RoundRectangle2D.Double(left, top, 10, 10, 3, 3));
            return;
        }
        Shape shape = AffineTransform.getTranslateInstance(left + 5, top + 5).createTransformedShape(mark.shape(10));
        if (mark.filled()) {
            g.fill(shape);
        } else {
            g.setStroke(OUTLINE);
            g.draw(shape);
        }
    }
}
