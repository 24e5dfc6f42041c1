package org.loopscope.figure;

import java.awt.Graphics2D;
import java.util.List;
import java.util.stream.Collectors;
import tech.tablesaw.api.Table;

/**
 * Figures one above the other as one, each with its title and subtitle: for a file that shows several runs.
 *
 * @param parts at least one
 * @param data of all of them
 */
public record FigureStack(String id, String title, String subtitle, List<Part> parts, Table data) implements Figure {
    /** A figure and what stands before its title, such as {@code "A: "}. */
    public record Part(String before, Figure figure) {
        private TitledFigure titled() {
            return new TitledFigure(figure, before + figure.title());
        }
    }

    public FigureStack {
        parts = List.copyOf(parts);
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("parts: want at least one, got none");
        }
    }

    @Override
    public double preferredWidth() {
        return parts.stream()
                .mapToDouble(part -> part.titled().preferredWidth())
                .max()
                .orElseThrow();
    }

    @Override
    public double preferredHeight() {
        return parts.stream()
                .mapToDouble(part -> part.titled().preferredHeight())
                .sum();
    }

    @Override
    public void draw(Graphics2D g, double width, double height, FigureTheme theme) {
        double share = height / preferredHeight();
        double y = 0;
        for (Part one : parts) {
            Figure titled = one.titled();
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
        return parts.stream().map(part -> part.figure().description()).collect(Collectors.joining(" "));
    }
}
