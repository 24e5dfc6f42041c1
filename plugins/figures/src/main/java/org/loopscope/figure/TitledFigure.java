package org.loopscope.figure;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import tech.tablesaw.api.Table;

/** A figure with title and subtitle above it, as it leaves the program. */
record TitledFigure(Figure figure, String title) implements Figure {
    private static final double MARGIN = 16;
    private static final double HEADER = 46;

    static TitledFigure of(Figure figure) {
        return new TitledFigure(figure, figure.title());
    }

    @Override
    public String id() {
        return figure.id();
    }

    @Override
    public String subtitle() {
        return figure.subtitle();
    }

    @Override
    public double preferredWidth() {
        double header = TextMeasure.width(subtitle(), Fonts.sans(12));
        return Math.max(figure.preferredWidth(), Math.min(900, header)) + 2 * MARGIN;
    }

    @Override
    public double preferredHeight() {
        return figure.preferredHeight() + HEADER + 2 * MARGIN;
    }

    @Override
    public void draw(Graphics2D g, double width, double height, FigureTheme theme) {
        g.setColor(theme.card());
        g.fill(new Rectangle2D.Double(0, 0, width, height));
        Font title = theme.bold(15);
        g.setFont(title);
        g.setColor(theme.text());
        FigureText.draw(g, title(), MARGIN, MARGIN + 12);
        g.setFont(theme.font(12));
        g.setColor(theme.mutedText());
        String line = TextMeasure.fit(subtitle(), theme.font(12), width - 2 * MARGIN);
        FigureText.draw(g, line, MARGIN, MARGIN + 32);
        AffineTransform saved = g.getTransform();
        g.translate(MARGIN, MARGIN + HEADER);
        figure.draw(g, width - 2 * MARGIN, height - HEADER - 2 * MARGIN, theme);
        g.setTransform(saved);
    }

    @Override
    public Table table() {
        return figure.table();
    }

    @Override
    public String description() {
        return figure.description();
    }
}
