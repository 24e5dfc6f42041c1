package org.loopscope.plugin.figure;

import java.awt.Color;
import java.util.List;
import java.util.function.Function;

/** Named kinds of cells: value i is the i-th entry. */
public record CategoryScale(List<Entry> entries) implements CellScale {
    /** One kind of cell. */
    public record Entry(String label, Function<FigureTheme, Color> color) {}

    public CategoryScale {
        entries = List.copyOf(entries);
    }

    @Override
    public Color color(double value, FigureTheme theme) {
        if (Double.isNaN(value)) {
            return theme.card();
        }
        return entries.get((int) value).color().apply(theme);
    }
}
