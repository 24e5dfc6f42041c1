package org.loopscope.analysis.table;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.InputFile;
import org.loopscope.model.base.LoopscopeException;

/** A CSV file that this program wrote, read back record by record, so that a long one needs no more memory. */
public final class TableFile {
    /** Characters of a cell, at most: more than any prompt that is run. */
    static final int MAX_CELL = 100_000;

    private static final int NAMES_SHOWN = 6;

    private TableFile() {}

    /** What is done with each record, or with what it stands for. */
    @FunctionalInterface
    public interface Use<R> {
        void accept(R row) throws LoopscopeException;
    }

    /** The file that holds the rows of a table that is not finished. */
    public static Path partOf(Path table) {
        return PlaceOfFile.beside(table, ".part");
    }

    /**
     * Hands each record to {@code use}.
     *
     * @param command what writes such files, {@code loopscope gate}
     * @param columns names that the header must have, in order
     * @param newer of the columns, those that older files may lack
     * @throws LoopscopeException with one sentence, if the file cannot be read, is no such table or has no row
     */
    public static void read(Path file, String command, List<String> columns, Set<String> newer, Use<CellRow> use)
            throws LoopscopeException {
        try (Reader reader = open(file, command)) {
            read(reader, shown(file), command, columns, newer, use);
        } catch (IOException e) {
            throw InputFile.unreadable(file, e);
        }
    }

    /** The same of text that comes from elsewhere; {@code name} stands for the file in sentences. */
    static void read(
            Reader reader, String name, String command, List<String> columns, Set<String> newer, Use<CellRow> use)
            throws IOException, LoopscopeException {
        CsvReader csv = new CsvReader(reader, name, MAX_CELL);
        String expected = "expected the columns " + some(columns, 3) + " of " + command;
        List<String> found = header(csv, name, expected);
        if (!fits(columns, newer, found)) {
            throw new LoopscopeException(name + ": " + expected + ", found "
                    + (found.isEmpty() ? "an empty file" : difference(columns, found))
                    + ". Was it written by another version?");
        }
        Map<String, Integer> places = places(found);
        @Nullable List<String> cells = csv.next();
        if (cells == null) {
            throw new LoopscopeException(name + ": expected rows of " + command + ", found only the header.");
        }
        for (; cells != null; cells = csv.next()) {
            CellRow row = new CellRow(name, csv.line(), places, cells);
            if (cells.size() != found.size()) {
                throw row.problem("expected " + found.size() + " cells, found " + cells.size());
            }
            use.accept(row);
        }
    }

    /**
     * The first record, whatever the columns are: for what is the same in all of them. Every column is in the map, in order.
     *
     * @throws LoopscopeException if the file cannot be read or has no row
     */
    public static Map<String, String> first(Path file, String command) throws LoopscopeException {
        try (Reader reader = open(file, command)) {
            CsvReader csv = new CsvReader(reader, shown(file), MAX_CELL);
            List<String> header = header(csv, shown(file), "expected a table of " + command);
            @Nullable List<String> row = csv.next();
            if (row == null) {
                throw new LoopscopeException(shown(file) + ": expected rows of " + command + ", found "
                        + (header.isEmpty() ? "an empty file." : "only the header."));
            }
            Map<String, String> record = new LinkedHashMap<>();
            for (int i = 0; i < header.size(); i++) {
                record.put(header.get(i), i < row.size() ? CsvText.unguarded(row.get(i)) : "");
            }
            return record;
        } catch (IOException e) {
            throw InputFile.unreadable(file, e);
        }
    }

    /** Names of columns; none for an empty file. */
    private static List<String> header(CsvReader csv, String name, String expected)
            throws IOException, LoopscopeException {
        try {
            @Nullable List<String> header = csv.next();
            return header == null ? List.of() : header;
        } catch (LoopscopeException e) {
            throw new LoopscopeException(name + ": " + expected + ", found text that is no table.", e);
        }
    }

    private static BufferedReader open(Path file, String command) throws LoopscopeException {
        if (!Files.exists(file) && Files.exists(partOf(file))) {
            throw new LoopscopeException(shown(file) + ": expected the CSV of " + command
                    + ", found no such file; the command that writes it is not finished, run the same again to go on.");
        }
        return InputFile.reader(file, "the CSV of " + command);
    }

    private static String shown(Path file) {
        return ForeignText.shown(file.toString(), 120);
    }

    private static Map<String, Integer> places(List<String> columns) {
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            places.put(columns.get(i), i);
        }
        return places;
    }

    /** Whether a header has all columns in order, but for some of the newer ones. */
    private static boolean fits(List<String> columns, Set<String> newer, List<String> header) {
        List<String> left = new ArrayList<>(columns);
        left.removeIf(column -> newer.contains(column) && !header.contains(column));
        return left.equals(header);
    }

    /**
     * What tells the columns of a file from those that are expected: {@code a table without accuracy, with budget besides}.
     */
    public static String difference(List<String> expected, List<String> found) {
        List<String> missing =
                expected.stream().filter(name -> !found.contains(name)).toList();
        List<String> others =
                found.stream().filter(name -> !expected.contains(name)).toList();
        if (missing.size() == expected.size()) {
            return "none of them";
        }
        if (missing.isEmpty() && others.isEmpty()) {
            return found.size() > expected.size() ? "some of them twice" : "them in another order";
        }
        return "a table"
                + (missing.isEmpty() ? "" : " without " + some(missing, NAMES_SHOWN))
                + (missing.isEmpty() || others.isEmpty() ? "" : ",")
                + (others.isEmpty() ? "" : " with " + some(others, NAMES_SHOWN) + " besides");
    }

    private static String some(List<String> names, int most) {
        String shown = names.stream()
                .limit(most)
                .map(name -> name.isBlank() ? "\"\"" : ForeignText.shown(name, 24))
                .collect(Collectors.joining(", "));
        return names.size() > most ? shown + " and " + (names.size() - most) + " more" : shown;
    }
}
