package org.loopscope.analysis.compare;

import java.util.List;
import org.loopscope.analysis.lens.LensGrid;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Comparisons as tables. */
public final class CompareTables {
    private CompareTables() {}

    /**
     * One line per run, aligned token and loop that the run or A has, A's lines first: {@code run} (A to D), {@code column},
     * {@code row} (both from 0), {@code position}, {@code token}, {@code step} (missing where the run has none), {@code top1} (its
     * most probable token), {@code position_a}, {@code step_a}; then for each value its name: the run's value, and its name with
     * {@code _difference}: that minus A's. A pair value has its one column. Last {@code compute_dtype}, the run's arithmetic.
     *
     * @param values of one comparison, at least one
     */
    public static Table cells(List<ComparedValue> values) {
        Comparison comparison = values.get(0).comparison();
        Alignment alignment = comparison.alignment();
        Cells cells = new Cells(comparison);
        List<DoubleColumn> own =
                values.stream().map(v -> DoubleColumn.create(name(v))).toList();
        List<DoubleColumn> differences = values.stream()
                .map(v -> DoubleColumn.create(name(v) + "_difference"))
                .toList();
        for (int run = 0; run < comparison.size(); run++) {
            for (int column = 0; column < alignment.columns(); column++) {
                for (int row = 0; row < alignment.rows(); row++) {
                    if (alignment.has(run, row, column) || run > 0 && alignment.has(0, row, column)) {
                        cells.append(run, row, column);
                        for (int v = 0; v < values.size(); v++) {
                            own.get(v).append(values.get(v).at(run, row, column));
                            differences
                                    .get(v)
                                    .append(
                                            run == 0
                                                    ? Double.NaN
                                                    : values.get(v).difference(run, row, column));
                        }
                    }
                }
            }
        }
        Table table = cells.table();
        for (int v = 0; v < values.size(); v++) {
            table.addColumns(own.get(v));
            if (!values.get(v).value().pair()) {
                table.addColumns(differences.get(v));
            }
        }
        return table.addColumns(cells.dtype);
    }

    private static String name(ComparedValue value) {
        return value.value() == CompareValue.TOKEN
                ? "chosen_token"
                : value.value().cliName().replace('-', '_');
    }

    private static final class Cells {
        private final Comparison comparison;
        private final StringColumn run = StringColumn.create("run");
        private final IntColumn column = IntColumn.create("column");
        private final IntColumn row = IntColumn.create("row");
        private final IntColumn position = IntColumn.create("position");
        private final StringColumn token = StringColumn.create("token");
        private final IntColumn step = IntColumn.create("step");
        private final StringColumn top1 = StringColumn.create("top1");
        private final IntColumn positionOfA = IntColumn.create("position_a");
        private final IntColumn stepOfA = IntColumn.create("step_a");
        private final StringColumn dtype = StringColumn.create("compute_dtype");

        Cells(Comparison comparison) {
            this.comparison = comparison;
        }

        void append(int r, int atRow, int atColumn) {
            Alignment alignment = comparison.alignment();
            int p = alignment.position(r, atColumn);
            int t = alignment.step(r, atRow);
            boolean there = alignment.has(r, atRow, atColumn);
            LensGrid lens = comparison.inspection(r).lens();
            run.append(Comparison.letter(r));
            column.append(atColumn);
            row.append(atRow);
            append(position, p);
            token.append(p == Alignment.MISSING ? "" : comparison.capture(r).tokenText(p));
            append(step, t);
            top1.append(there ? lens.topText(lens.rowOfStep(t), p, 0) : "");
            append(positionOfA, alignment.position(0, atColumn));
            append(stepOfA, alignment.step(0, atRow));
            dtype.append(comparison.capture(r).model().computeDtype());
        }

        private static void append(IntColumn numbers, int number) {
            if (number == Alignment.MISSING) {
                numbers.appendMissing();
            } else {
                numbers.append(number);
            }
        }

        Table table() {
            return Table.create("compare", run, column, row, position, token, step, top1, positionOfA, stepOfA);
        }
    }

    /**
     * One line per value and run but A: {@code value}, {@code run}, {@code n}, {@code mean}, {@code mean_size}, {@code largest},
     * {@code row}, {@code column} of the largest, its {@code loop} and {@code token} (of A), {@code low}, {@code high} (95 % of a
     * share).
     */
    public static Table summaries(List<ComparedValue> values) {
        StringColumn value = StringColumn.create("value");
        StringColumn run = StringColumn.create("run");
        IntColumn n = IntColumn.create("n");
        DoubleColumn[] numbers = {
            DoubleColumn.create("mean"),
            DoubleColumn.create("mean_size"),
            DoubleColumn.create("largest"),
            DoubleColumn.create("low"),
            DoubleColumn.create("high")
        };
        IntColumn row = IntColumn.create("row");
        IntColumn column = IntColumn.create("column");
        StringColumn loop = StringColumn.create("loop");
        StringColumn token = StringColumn.create("token");
        for (ComparedValue compared : values) {
            Comparison comparison = compared.comparison();
            for (int r = 1; r < compared.comparison().size(); r++) {
                CompareSummary summary = CompareSummary.of(compared, r);
                value.append(name(compared));
                run.append(Comparison.letter(r));
                n.append(summary.n());
                numbers[0].append(summary.mean());
                numbers[1].append(summary.meanSize());
                numbers[2].append(summary.largest());
                numbers[3].append(summary.interval().low());
                numbers[4].append(summary.interval().high());
                Cells.append(row, summary.row());
                Cells.append(column, summary.column());
                boolean none = summary.n() == 0; // else both have a token and a loop there
                loop.append(none ? "" : comparison.alignment().rowLabel(summary.row()));
                int position = none ? Alignment.MISSING : comparison.alignment().position(0, summary.column());
                token.append(none ? "" : comparison.capture(0).tokenText(position));
            }
        }
        return Table.create("summary", value, run, n, numbers[0], numbers[1], numbers[2], row, column)
                .addColumns(loop, token, numbers[3], numbers[4]);
    }
}
