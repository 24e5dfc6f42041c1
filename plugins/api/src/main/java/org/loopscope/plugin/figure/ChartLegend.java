package org.loopscope.plugin.figure;

import java.awt.Font;
import java.awt.Graphics2D;
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
    public record Entry(String label, String value, int series) {}

    static final double WIDTH = 168;
    private static final double LINE = 22;

    public ChartLegend {
        entries = List.copyOf(entries);
    }

    void draw(Graphics2D g, double left, double top, FigureTheme theme) {
        g.setFont(theme.font(11.5));
        g.setColor(theme.mutedText());
        g.drawString(title, (float) left, (float) (top + 14));
        double y = top + 14 + LINE;
        for (Entry entry : entries) {
            g.setColor(theme.series(entry.series()));
            g.fill(new RoundRectangle2D.Double(left, y - 9, 10, 10, 3, 3));
            Font bold = theme.monoBold(12);
            Font mono = theme.mono(12);
            double valueWidth = TextMeasure.width(entry.value(), mono);
            g.setColor(theme.text());
            g.setFont(bold);
            g.drawString(TextMeasure.fit(entry.label(), bold, WIDTH - 40 - valueWidth), (float) (left + 17), (float) y);
            g.setFont(mono);
            g.drawString(entry.value(), (float) (left + WIDTH - 16 - valueWidth), (float) y);
            y += LINE;
        }
    }
}
