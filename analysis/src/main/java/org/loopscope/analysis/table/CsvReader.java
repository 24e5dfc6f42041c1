package org.loopscope.analysis.table;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.base.LoopscopeException;

/**
 * Reads CSV (RFC 4180) record by record: commas, double quotes around whole cells, a quote within doubled, any of the three
 * line ends. Cells are exact, blanks and line ends in them too. Empty lines are skipped. Needs memory for one record.
 */
public final class CsvReader {
    /** Columns of any table, at most. */
    private static final int MAX_COLUMNS = 10_000;

    private static final int END = -1;

    private final Reader in;
    private final String name;
    private final int maxCell;
    private final char[] buffer = new char[1 << 13];
    private int at;
    private int filled;
    private long line = 1; // of the next character
    private long start; // of the record
    private boolean quoted; // whether the last cell was

    /**
     * @param name of the file, for sentences
     * @param maxCell characters of a cell, at most
     */
    public CsvReader(Reader in, String name, int maxCell) {
        this.in = in;
        this.name = name;
        this.maxCell = maxCell;
    }

    /** The line on which the last record began, from 1. */
    public long line() {
        return start;
    }

    /**
     * The cells of the next record; null at the end.
     *
     * @throws LoopscopeException naming file and line, for what is no CSV or too large
     */
    public @Nullable List<String> next() throws IOException, LoopscopeException {
        while (peek() != END) {
            start = line;
            List<String> cells = record();
            if (cells.size() > 1 || !cells.get(0).isEmpty() || quoted) {
                return cells;
            }
        }
        return null;
    }

    private List<String> record() throws IOException, LoopscopeException {
        List<String> cells = new ArrayList<>();
        while (true) {
            quoted = peek() == '"';
            cells.add(quoted ? quotedCell() : plainCell());
            if (cells.size() > MAX_COLUMNS) {
                throw problem(start, "expected at most " + MAX_COLUMNS + " cells, found more");
            }
            int next = read();
            if (next == ',') {
                continue;
            }
            if (next == '\r' && peek() == '\n') {
                read();
            }
            if (next != END) {
                line++;
            }
            return cells;
        }
    }

    private String plainCell() throws IOException, LoopscopeException {
        StringBuilder cell = new StringBuilder();
        for (int c = peek(); c != ',' && c != '\n' && c != '\r' && c != END; c = peek()) {
            if (c == '"') {
                throw problem(line, "expected comma-separated cells, found quotes that do not pair");
            }
            add(cell);
        }
        return cell.toString();
    }

    private String quotedCell() throws IOException, LoopscopeException {
        long opened = line;
        StringBuilder cell = new StringBuilder();
        read();
        while (true) {
            int c = peek();
            if (c == END) {
                throw problem(opened, "expected double quotes in pairs, found a quoted cell that does not end");
            }
            if (c == '"') {
                read();
                if (peek() != '"') {
                    break;
                }
            }
            add(cell);
            if (c == '\n' || c == '\r' && peek() != '\n') {
                line++;
            }
        }
        int next = peek();
        if (next != ',' && next != '\n' && next != '\r' && next != END) {
            throw problem(line, "expected comma-separated cells, found quotes that do not pair");
        }
        return cell.toString();
    }

    private void add(StringBuilder cell) throws IOException, LoopscopeException {
        if (cell.length() == maxCell) {
            throw problem(start, "expected at most " + maxCell + " characters in a cell, found more");
        }
        cell.append((char) read());
    }

    private int peek() throws IOException {
        return at < filled || fill() ? buffer[at] : END;
    }

    private int read() throws IOException {
        return at < filled || fill() ? buffer[at++] : END;
    }

    private boolean fill() throws IOException {
        int n = in.read(buffer);
        at = 0;
        filled = Math.max(0, n);
        return filled > 0;
    }

    private LoopscopeException problem(long where, String expectedAndFound) {
        return new LoopscopeException(name + ", line " + where + ": " + expectedAndFound + ".");
    }
}
