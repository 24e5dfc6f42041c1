package org.loopscope.analysis.sweep;

import java.util.List;
import java.util.stream.Collectors;

/** A line of CSV as RFC 4180 wants it, ended by a line feed. */
final class CsvRow {
    private CsvRow() {}

    static String line(List<String> cells) {
        return cells.stream().map(CsvRow::cell).collect(Collectors.joining(",")) + "\n";
    }

    /** Quoted where a comma, a quote, a line break or a blank at an end would otherwise be read as something else. */
    private static String cell(String text) {
        boolean quoted = text.indexOf(',') >= 0
                || text.indexOf('"') >= 0
                || text.indexOf('\n') >= 0
                || text.indexOf('\r') >= 0
                || text.startsWith("#")
                || !text.equals(text.strip());
        return quoted ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
