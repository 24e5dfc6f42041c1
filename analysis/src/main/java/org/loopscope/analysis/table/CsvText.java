package org.loopscope.analysis.table;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Cells of CSV (RFC 4180). A text that a spreadsheet would run as a formula is written with an apostrophe before it: one of
 * two or more characters that begins with {@code = + - @}, a tab or a line break. So that reading is the exact reverse, a
 * text that is such a text behind apostrophes of its own gets one more. Numbers are no texts and are never changed.
 */
public final class CsvText {
    private static final char MARK = '\'';

    private CsvText() {}

    /** A text as it stands in a file, before it is quoted. */
    static String guarded(String text) {
        return isFormula(text, marks(text)) ? MARK + text : text;
    }

    /** The reverse of {@link #guarded}. */
    static String unguarded(String cell) {
        int marks = marks(cell);
        return marks > 0 && isFormula(cell, marks) ? cell.substring(1) : cell;
    }

    private static int marks(String text) {
        int n = 0;
        while (n < text.length() && text.charAt(n) == MARK) {
            n++;
        }
        return n;
    }

    private static boolean isFormula(String text, int from) {
        return text.length() - from >= 2 && "=+-@\t\n\r".indexOf(text.charAt(from)) >= 0;
    }

    /** A line of cells, ended by a line feed. */
    public static String line(List<String> cells) {
        return cells.stream().map(CsvText::carefullyQuoted).collect(Collectors.joining(",")) + "\n";
    }

    /** In quotes where a comma, a quote or a line break would otherwise be read as something else. */
    public static String quoted(String cell) {
        boolean quotes =
                cell.indexOf(',') >= 0 || cell.indexOf('"') >= 0 || cell.indexOf('\n') >= 0 || cell.indexOf('\r') >= 0;
        return quotes ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
    }

    /** Also where readers that are less strict would take it for a comment, or blanks at its ends for nothing. */
    private static String carefullyQuoted(String cell) {
        String quoted = quoted(cell);
        boolean more = quoted.equals(cell) && (cell.startsWith("#") || !cell.equals(cell.strip()));
        return more ? '"' + cell + '"' : quoted;
    }
}
