package org.loopscope.plugin.eval;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.loopscope.analysis.stat.Estimate;
import org.loopscope.figure.DepthChart;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Readings of a set, loops and rules, each with the loops it takes and an estimate of what it reaches: in words and as a table.
 *
 * @param <P> one reading
 */
record Readings<P>(List<P> points, Function<P, String> name, Function<P, Estimate> loops) {
    /** All of them behind {@code beginning}, for those who do not see the figure. */
    String describe(String beginning, Function<P, Estimate> value) {
        StringBuilder text = new StringBuilder(beginning);
        for (P point : points) {
            Estimate e = value.apply(point);
            text.append(String.format(
                            Locale.ROOT,
                            " %s, %.2f loops: ",
                            name.apply(point),
                            loops.apply(point).value()))
                    .append(DepthChart.number(
                            e.value(), e.interval().low(), e.interval().high()))
                    .append(';');
        }
        return text.toString();
    }

    /** A line for each, with its loops; estimates are added by {@link #add}. */
    Table table(String title) {
        Table table = Table.create(
                title, StringColumn.create("reading", points.stream().map(name).toList()));
        add(table, "mean_loops", loops);
        return table;
    }

    /** Three columns: a value and its interval. */
    void add(Table table, String column, Function<P, Estimate> value) {
        table.addColumns(
                column(column, p -> value.apply(p).value()),
                column(column + "_low", p -> value.apply(p).interval().low()),
                column(column + "_high", p -> value.apply(p).interval().high()));
    }

    private DoubleColumn column(String column, Function<P, Double> value) {
        return DoubleColumn.create(column, points.stream().map(value).toList());
    }
}
