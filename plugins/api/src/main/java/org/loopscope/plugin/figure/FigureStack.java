package org.loopscope.plugin.figure;

import java.awt.Graphics2D;
import java.util.List;
import java.util.stream.Collectors;
import tech.tablesaw.api.Table;

/**
 * Figures one above the other as one, each with its title and subtitle: for a file that shows several runs.
 *
 * @param figures at least one
 * @param data of all of them
 */
public record FigureStack(String id, String title, String subtitle, List<Figure> figures, Table data)
        implements Figure {
    public FigureStack {
        figures = List.copyOf(figures);
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("figures: want at least one, got none");
        }
    }

    @Override
    public double preferredWidth() {
        return figures.stream()
                .mapToDouble(figure -> TitledFigure.of(figure).preferredWidth())
                .max()
                .orElseThrow();
    }

    @Override
    public double preferredHeight() {
        return figures.stream()
                .mapToDouble(figure -> TitledFigure.of(figure).preferredHeight())
                .sum();
    }

    @Override
    public void draw(Graphics2D g, double width, double height, FigureTheme theme) {
        double share = height / preferredHeight();
        double y = 0;
        for (Figure figure : figures) {
            Figure titled = TitledFigure.of(figure);
            double own = share * titled.preferredHeight();
            Graphics2D part = (Graphics2D) g.create();
            try {
                part.translate(0, y);
                titled.draw(part, width, own, theme);
            } finally {
                part.dispose();
            }
            y += own;
        }
    }

    @Override
    public Table table() {
        return data;
    }

    @Override
    public String description() {
        return figures.stream().map(Figure::description).collect(Collectors.joining(" "));
    }
}
