package org.loopscope.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.compare.AxisKey;
import org.loopscope.analysis.compare.Comparison;
import org.loopscope.analysis.compare.MatchedKeys;

/**
 * Which cells of the same heatmap of several runs, and of its differences, belong together: for a cursor in all of them. Figures
 * are numbered: the runs from 0, then the differences of runs 1, 2, ...; those that are no heatmap have no cells. Immutable.
 */
public final class LinkedCells {
    /** Keys of one figure; empty for none. */
    private record Axes(List<AxisKey> rows, List<AxisKey> columns) {}

    private final List<Axes> figures;

    private LinkedCells(List<Axes> figures) {
        this.figures = List.copyOf(figures);
    }

    /** @param figures one a run, A first */
    public static LinkedCells of(Comparison comparison, List<Optional<Figure>> figures) {
        List<Axes> axes = new ArrayList<>();
        for (int run = 0; run < figures.size(); run++) {
            Figure figure = figures.get(run).orElse(null);
            axes.add(
                    figure instanceof HeatmapFigure grid
                            ? new Axes(
                                    grid.spec().rows.keys(comparison, run),
                                    grid.spec().columns.keys(comparison, run))
                            : new Axes(List.of(), List.of()));
        }
        for (int run = 1; run < figures.size(); run++) {
            axes.add(new Axes(
                    MatchedKeys.of(axes.get(0).rows, axes.get(run).rows).keys(),
                    MatchedKeys.of(axes.get(0).columns, axes.get(run).columns).keys()));
        }
        return new LinkedCells(axes);
    }

    /** The cell of figure {@code to} that belongs to this one of {@code from}; empty where it has none. */
    public Optional<HeatmapFigure.Cell> partner(int from, HeatmapFigure.Cell cell, int to) {
        int row = index(figures.get(from).rows, cell.row(), figures.get(to).rows);
        int column = index(figures.get(from).columns, cell.column(), figures.get(to).columns);
        return row < 0 || column < 0 ? Optional.empty() : Optional.of(new HeatmapFigure.Cell(row, column));
    }

    private static int index(List<AxisKey> keys, int index, List<AxisKey> others) {
        return index < 0 || index >= keys.size() ? -1 : others.indexOf(keys.get(index));
    }

    /** The column of the alignment for which a cell's column stands; empty if it stands for no token. */
    public OptionalInt column(int figure, HeatmapFigure.Cell cell) {
        return on(figures.get(figure).columns, cell.column()) instanceof AxisKey.Column on
                ? OptionalInt.of(on.column())
                : OptionalInt.empty();
    }

    /** The row of the alignment for which a cell's row stands; empty if it stands for no loop. */
    public OptionalInt row(int figure, HeatmapFigure.Cell cell) {
        return on(figures.get(figure).rows, cell.row()) instanceof AxisKey.Row on
                ? OptionalInt.of(on.row())
                : OptionalInt.empty();
    }

    private static AxisKey.@Nullable On on(List<AxisKey> keys, int index) {
        return index < 0 || index >= keys.size() ? null : keys.get(index).on();
    }
}
