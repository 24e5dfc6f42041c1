package org.loopscope.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.compare.Alignment;
import org.loopscope.analysis.compare.AxisKey;
import org.loopscope.analysis.compare.Comparison;
import org.loopscope.analysis.compare.GridDifference;
import org.loopscope.analysis.compare.MatchedKeys;
import org.loopscope.analysis.stat.RunIntervals;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The difference of two heatmaps. Tokens and loops are matched by the alignment, other rows and columns by name, as {@link Axis}
 * says. Named kinds of cells are the same or not.
 */
final class GridDifferences {
    /** Share of the figure's own scale below which differences are not blown up to the full colours. */
    private static final double LEAST_SHARE = 0.01;

    private static final int LABEL = 16;

    private final Comparison comparison;
    private final int run;
    private final HeatmapFigure figureA;
    private final HeatmapFigure figureB;
    private final List<String> rowLabels;
    private final List<String> columnLabels;
    private final List<String> kinds; // labels of categories of both; empty for numbers
    private final GridDifference difference;
    private final boolean named;

    private GridDifferences(Comparison comparison, int run, HeatmapFigure a, HeatmapFigure b) {
        this.comparison = comparison;
        this.run = run;
        this.figureA = a;
        this.figureB = b;
        this.kinds = kinds(a, b);
        this.named = named(b);
        this.difference = GridDifference.of(grid(a, 0), grid(b, run));
        this.rowLabels = labels(difference.rows(), a.spec().rows, b.spec().rows);
        this.columnLabels = labels(difference.columns(), a.spec().columns, b.spec().columns);
    }

    static FigureDifference.Part part(Comparison comparison, int run, HeatmapFigure a, HeatmapFigure b) {
        boolean kindsA = a.spec().scale instanceof CategoryScale;
        boolean kindsB = b.spec().scale instanceof CategoryScale;
        if (kindsA != kindsB) {
            return FigureDifference.Part.none(
                    run, "One of the two shows numbers and the other named kinds, so there is no difference.");
        }
        GridDifferences made = new GridDifferences(comparison, run, a, b);
        if (made.difference.n() == 0) {
            return FigureDifference.Part.none(
                    run, "No cell of " + Comparison.letter(run) + " belongs to one of A, so there is no difference.");
        }
        double largest = Math.abs(made.difference.largest());
        return new FigureDifference.Part(
                kindsA ? 0 : Math.max(largest, least(a.spec().scale)),
                extent -> FigureDifference.Result.of(run, made.figure(extent)));
    }

    private static double least(CellScale scale) {
        double span = scale instanceof ValueScale values
                ? Math.abs(values.strong() - values.weak())
                : scale instanceof DivergingScale differences ? differences.extent() : 1;
        return span > 0 ? LEAST_SHARE * span : LEAST_SHARE;
    }

    // ---- matching

    private static List<String> kinds(HeatmapFigure a, HeatmapFigure b) {
        return a.spec().scale instanceof CategoryScale of && b.spec().scale instanceof CategoryScale other
                ? IntStream.range(0, of.entries().size() + other.entries().size())
                        .mapToObj(i -> i < of.entries().size()
                                ? of.entries().get(i).label()
                                : other.entries().get(i - of.entries().size()).label())
                        .distinct()
                        .toList()
                : List.of();
    }

    private GridDifference.Grid grid(HeatmapFigure figure, int of) {
        HeatmapFigure.CellValue values = figure.spec().values;
        return new GridDifference.Grid(
                figure.spec().rows.keys(comparison, of),
                figure.spec().columns.keys(comparison, of),
                figure.spec().scale instanceof CategoryScale scale
                        ? (row, column) -> kind(scale, values.at(row, column))
                        : values::at);
    }

    private double kind(CategoryScale scale, double value) {
        return Double.isNaN(value)
                ? Double.NaN
                : kinds.indexOf(scale.entries().get((int) value).label());
    }

    // ---- the picture

    private HeatmapFigure figure(double extent) {
        HeatmapFigure.Builder spec = figureA.spec();
        HeatmapFigure.Builder builder = HeatmapFigure.builder(
                        FigureDifference.id(figureA, run), FigureDifference.title(run, figureA, figureB))
                .subtitle(FigureDifference.subtitle(comparison, run, figureA, figureB, counts()))
                .description(describe())
                .rows(spec.rows.title(), rowLabels)
                .columns(spec.columns.title(), columnLabels)
                .values(kinds.isEmpty() ? new DivergingScale(scaleTitle(), extent) : SAME, this::shown)
                .texts(this::texts)
                .topDown(spec.topDown)
                .selected(selected())
                .preferredCell(spec.preferredCellWidth, spec.preferredCellHeight)
                .table(this::table);
        if (!spec.rowGroups.isEmpty() && !figureB.spec().rowGroups.isEmpty()) {
            builder.rowGroups(groups());
        }
        return builder.build();
    }

    private static final CategoryScale SAME = new CategoryScale(List.of(
            new CategoryScale.Entry("the same kind in both", theme -> theme.probability(0.08)),
            new CategoryScale.Entry("another kind than in A", theme -> theme.probability(0.75))));

    private double shown(int row, int column) {
        double number = difference.at(row, column);
        return kinds.isEmpty() || Double.isNaN(number) ? number : number == 0 ? 0 : 1;
    }

    private String scaleTitle() {
        String title = figureA.spec().scale instanceof ValueScale values
                ? values.title()
                : figureA.spec().scale instanceof DivergingScale differences ? differences.title() : "";
        return FigureDifference.minus(run) + (title.isEmpty() ? "" : ": " + title);
    }

    private List<String> labels(MatchedKeys<?> matched, Axis axisA, Axis axisB) {
        List<String> a = axisA.labels(comparison, 0);
        List<String> b = axisB.labels(comparison, run);
        return IntStream.range(0, matched.size())
                .mapToObj(i -> {
                    int atA = matched.ofA(i);
                    int atB = matched.ofB(i);
                    String of = atA < 0 ? "" : a.get(atA);
                    String other = atB < 0 ? "" : b.get(atB);
                    return of.isEmpty() || of.equals(other)
                            ? other
                            : other.isEmpty()
                                    ? of
                                    : TokenText.shorten(of, LABEL) + "|" + TokenText.shorten(other, LABEL);
                })
                .toList();
    }

    private List<String> groups() {
        MatchedKeys<?> rows = difference.rows();
        return IntStream.range(0, rows.size())
                .mapToObj(i -> rows.keys().get(i) instanceof AxisKey key && key.on() instanceof AxisKey.Row loop
                        ? comparison.alignment().rowLabel(loop.row())
                        : rows.ofA(i) >= 0
                                ? figureA.spec().rowGroups.get(rows.ofA(i))
                                : figureB.spec().rowGroups.get(rows.ofB(i)))
                .toList();
    }

    /** What stands in a cell of the run besides its number, and the difference. */
    private List<String> texts(int row, int column) {
        double number = difference.at(row, column);
        if (Double.isNaN(number)) {
            return List.of("", "");
        }
        String signed = DivergingScale.signed(number);
        if (!named) {
            return List.of(kinds.isEmpty() ? signed : "");
        }
        List<String> own = figureB.spec()
                .texts
                .at(difference.rows().ofB(row), difference.columns().ofB(column));
        String first = own.isEmpty() ? "" : own.get(0);
        return kinds.isEmpty() ? List.of(first, signed) : List.of(first);
    }

    /** Whether the first line of the run's cells is a word in some of them, and not the number that is subtracted. */
    private static boolean named(HeatmapFigure figure) {
        for (int row = 0; row < figure.rows(); row++) {
            for (int column = 0; column < figure.columns(); column++) {
                List<String> texts = figure.spec().texts.at(row, column);
                if (!texts.isEmpty() && !isNumber(texts.get(0))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isNumber(String text) {
        return text.matches("[+−–-]?[0-9.,e+−-]*[k%]?");
    }

    private HeatmapFigure.@Nullable Cell selected() {
        HeatmapFigure.Cell cell = figureA.spec().selected;
        if (cell == null) {
            return null;
        }
        int row = find(difference.rows(), cell.row());
        int column = find(difference.columns(), cell.column());
        return row < 0 || column < 0 ? null : new HeatmapFigure.Cell(row, column);
    }

    private static int find(MatchedKeys<?> matched, int ofA) {
        return IntStream.range(0, matched.size())
                .filter(i -> matched.ofA(i) == ofA)
                .findFirst()
                .orElse(Alignment.MISSING);
    }

    private String counts() {
        return FigureDifference.counts(run, difference.n(), "cells", difference.onlyA(), difference.onlyB());
    }

    /** The share of the same kind in each column that has any; columns are tokens of a text, as a rule, and depend on each other. */
    private double[] sameByColumn() {
        return IntStream.range(0, difference.columns().size())
                .mapToDouble(column -> IntStream.range(0, difference.rows().size())
                        .mapToDouble(row -> difference.at(row, column))
                        .filter(value -> !Double.isNaN(value))
                        .map(value -> value == 0 ? 1 : 0)
                        .average()
                        .orElse(Double.NaN))
                .filter(share -> !Double.isNaN(share))
                .toArray();
    }

    private int sameKinds() {
        int same = 0;
        for (int row = 0; row < difference.rows().size(); row++) {
            for (int column = 0; column < difference.columns().size(); column++) {
                same += difference.at(row, column) == 0 ? 1 : 0;
            }
        }
        return same;
    }

    private String describe() {
        String what = FigureDifference.title(run, figureA, figureB) + ": " + counts();
        if (!kinds.isEmpty()) {
            int same = sameKinds();
            return String.format(
                    Locale.ROOT,
                    "%s; the same kind in %d of them (%s).",
                    what,
                    same,
                    RunIntervals.share(sameByColumn()).words());
        }
        return what + ", mean " + DivergingScale.precise(difference.mean()) + ", mean size "
                + String.format(Locale.ROOT, "%.3f", difference.meanSize()) + ", largest "
                + DivergingScale.precise(difference.largest()) + ".";
    }

    /** {@code run, row, column, a, b, difference}; of named kinds {@code a} and {@code b} are names, and {@code same}. */
    private Table table() {
        StringColumn letter = StringColumn.create("run");
        StringColumn row = StringColumn.create("row");
        StringColumn column = StringColumn.create("column");
        List<double[]> numbers = new ArrayList<>();
        for (int r = 0; r < rowLabels.size(); r++) {
            for (int c = 0; c < columnLabels.size(); c++) {
                double a = difference.a(r, c);
                double b = difference.b(r, c);
                if (!Double.isNaN(a) || !Double.isNaN(b)) {
                    letter.append(Comparison.letter(run));
                    row.append(rowLabels.get(r));
                    column.append(columnLabels.get(c));
                    numbers.add(new double[] {a, b});
                }
            }
        }
        Table table = Table.create(FigureDifference.id(figureA, run), letter, row, column);
        if (!kinds.isEmpty()) {
            return table.addColumns(
                    StringColumn.create(
                            "a", numbers.stream().map(n -> name(n[0])).toList()),
                    StringColumn.create(
                            "b", numbers.stream().map(n -> name(n[1])).toList()),
                    StringColumn.create(
                            "same",
                            numbers.stream()
                                    .map(n -> Double.isNaN(n[0] + n[1]) ? "" : n[0] == n[1] ? "yes" : "no")
                                    .toList()));
        }
        return table.addColumns(
                DoubleColumn.create("a", numbers.stream().mapToDouble(n -> n[0]).toArray()),
                DoubleColumn.create("b", numbers.stream().mapToDouble(n -> n[1]).toArray()),
                DoubleColumn.create(
                        "difference",
                        numbers.stream().mapToDouble(n -> n[1] - n[0]).toArray()));
    }

    private String name(double kind) {
        return Optional.of(kind)
                .filter(k -> !Double.isNaN(k))
                .map(k -> kinds.get(k.intValue()))
                .orElse("");
    }
}
