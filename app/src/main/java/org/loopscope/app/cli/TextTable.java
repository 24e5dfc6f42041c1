package org.loopscope.app.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.loopscope.model.base.DisplayWidth;
import org.loopscope.model.base.ForeignText;

/** Columns of text for a terminal: aligned by what is seen, two spaces between them, nothing after the last. */
final class TextTable {
    private final List<Boolean> rightAligned = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    TextTable() {
        rows.add(new ArrayList<>());
    }

    TextTable left(String header) {
        return column(header, false);
    }

    TextTable right(String header) {
        return column(header, true);
    }

    private TextTable column(String header, boolean right) {
        rows.get(0).add(ForeignText.line(header));
        rightAligned.add(right);
        return this;
    }

    void row(List<String> cells) {
        if (cells.size() != rightAligned.size()) {
            throw new IllegalArgumentException("cells: want " + rightAligned.size() + ", got " + cells.size());
        }
        rows.add(cells.stream().map(ForeignText::line).toList());
    }

    void print(PrintWriter out) {
        int[] widths = new int[rightAligned.size()];
        for (List<String> row : rows) {
            for (int c = 0; c < widths.length; c++) {
                widths[c] = Math.max(widths[c], DisplayWidth.of(row.get(c)));
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < widths.length; c++) {
                String space = " ".repeat(widths[c] - DisplayWidth.of(row.get(c)));
                line.append(c == 0 ? "" : "  ");
                line.append(rightAligned.get(c) ? space + row.get(c) : row.get(c) + space);
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
