package org.loopscope.app.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.loopscope.analysis.table.Tables;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** A table of an analysis as text: aligned for people, or CSV with all digits. */
enum TableFormat {
    table,
    csv;

    String text(Table data) {
        return this == csv ? Tables.csv(data) : aligned(data);
    }

    private static String aligned(Table data) {
        TextTable text = new TextTable();
        for (Column<?> column : data.columns()) {
            if (column.type() == ColumnType.STRING) {
                text.left(column.name());
            } else {
                text.right(column.name());
            }
        }
        for (int row = 0; row < data.rowCount(); row++) {
            List<String> cells = new ArrayList<>();
            for (Column<?> column : data.columns()) {
                cells.add(cell(column, row));
            }
            text.row(cells);
        }
        StringWriter out = new StringWriter();
        try (PrintWriter writer = new PrintWriter(out)) {
            text.print(writer);
        }
        return out.toString();
    }

    private static String cell(Column<?> column, int row) {
        if (column.type() == ColumnType.STRING) {
            return Shown.token(String.valueOf(column.get(row)));
        }
        if (column.isMissing(row)) {
            return "-";
        }
        Object value = column.get(row);
        return value instanceof Double number ? number(number) : String.valueOf(value);
    }

    /** Four digits, never in exponents but for the very small. */
    private static String number(double x) {
        double size = Math.abs(x);
        if (size != 0 && size < 1e-4) {
            return String.format(Locale.ROOT, "%.1e", x);
        }
        int digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4;
        return String.format(Locale.ROOT, "%." + digits + "f", x);
    }
}
