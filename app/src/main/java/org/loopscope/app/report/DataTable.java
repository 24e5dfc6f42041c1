package org.loopscope.app.report;

import java.util.Locale;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** The data behind a figure as an HTML table that folds out. */
final class DataTable {
    /** More lines than a person scrolls through make the page slow to open; the rest is told to be in the CSV. */
    static final int MAX_ROWS = 500;

    private final Table table;

    DataTable(Table table) {
        this.table = table;
    }

    String html() {
        return html("Data");
    }

    /** @param name of the line that folds out */
    String html(String name) {
        StringBuilder out = new StringBuilder();
        out.append("<details><summary>" + Html.escape(name) + ", ")
                .append(String.format(Locale.ROOT, "%,d", table.rowCount()))
                .append(table.rowCount() == 1 ? " row" : " rows")
                .append("</summary>\n<div class=\"scroll\"><table>\n<thead><tr>");
        for (Column<?> column : table.columns()) {
            out.append("<th scope=\"col\"").append(cssClass(column)).append('>');
            out.append(Html.escape(column.name())).append("</th>");
        }
        out.append("</tr></thead>\n<tbody>\n");
        int shown = Math.min(MAX_ROWS, table.rowCount());
        for (int row = 0; row < shown; row++) {
            appendRow(out, row);
        }
        out.append("</tbody></table></div>\n");
        if (shown < table.rowCount()) {
            out.append(String.format(
                    Locale.ROOT, "<p class=\"note\">The first %,d of %,d rows; ", shown, table.rowCount()));
            out.append("the figure's CSV export in the window holds them all.</p>\n");
        }
        return out.append("</details>\n").toString();
    }

    private void appendRow(StringBuilder out, int row) {
        out.append("<tr>");
        for (Column<?> column : table.columns()) {
            out.append("<td").append(cssClass(column)).append('>');
            out.append(Html.escape(cell(column, row))).append("</td>");
        }
        out.append("</tr>\n");
    }

    private static String cssClass(Column<?> column) {
        return column instanceof NumericColumn ? " class=\"n\"" : "";
    }

    private static String cell(Column<?> column, int row) {
        if (column.isMissing(row)) {
            return "";
        }
        Object value = column.get(row);
        if (value instanceof Double || value instanceof Float) {
            return shortest(((Number) value).doubleValue());
        }
        return String.valueOf(value);
    }

    /** Six significant digits, without the zeros that say nothing. */
    static String shortest(double x) {
        if (x == Math.rint(x) && Math.abs(x) < 1e15) {
            return String.valueOf((long) x);
        }
        boolean plain = Math.abs(x) >= 1e-4 && Math.abs(x) < 1e6;
        if (!plain) {
            return String.format(Locale.ROOT, "%.5e", x);
        }
        int digits = Math.max(0, 5 - (int) Math.floor(Math.log10(Math.abs(x))));
        String text = String.format(Locale.ROOT, "%." + digits + "f", x);
        return text.contains(".") ? text.replaceFirst("0+$", "").replaceFirst("\\.$", "") : text;
    }
}
