package org.loopscope.figure;

import java.awt.Color;
import java.util.List;
import java.util.function.Function;

/**
 * Named kinds of cells: value i is the i-th entry.
 *
 * @param entries all kinds
 * @param legend those that the legend names
 */
public record CategoryScale(List<Entry> entries, List<Entry> legend) implements CellScale {
    /** One kind of cell. */
    public record Entry(String label, Function<FigureTheme, Color> color) {}

    public CategoryScale {
        entries = List.copyOf(entries);
        legend = List.copyOf(legend);
    }

    public CategoryScale(List<Entry> entries) {
        this(entries, entries);
    }

    @Override
    public Color color(double value, FigureTheme theme) {
        if (Double.isNaN(value)) {
            return theme.card();
        }
        return entries.get((int) value).color().apply(theme);
    }
}
