package org.loopscope.app.cli;

import java.io.PrintWriter;
import java.util.List;
import org.loopscope.analysis.table.Rows;
import org.loopscope.lab.Findings;

/** What a lab found, as text. */
final class FindingsText {
    private FindingsText() {}

    static void print(Findings found, PrintWriter to) {
        for (Findings.Part part : found.parts()) {
            if (part instanceof Findings.Line line) {
                to.println(line.text());
            } else if (part instanceof Findings.Listed listed) {
                table(listed.rows()).print(to);
            }
        }
    }

    private static TextTable table(Rows<?> rows) {
        TextTable table = new TextTable();
        List<Boolean> numeric = rows.numeric();
        for (int i = 0; i < numeric.size(); i++) {
            String heading = rows.headings().get(i);
            if (numeric.get(i)) {
                table.right(heading);
            } else {
                table.left(heading);
            }
        }
        rows.lines().forEach(table::row);
        return table;
    }
}
