package org.loopscope.analysis;

import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.LoopscopeException;

/** Reads tables that this program wrote, one record after the other, so that a long one needs no more memory. */
public final class CsvRecords {
    private CsvRecords() {}

    /**
     * Hands each record, by column, to {@code use}.
     *
     * @param columns names that the header must have, in order
     * @throws LoopscopeException if the file cannot be read or has other columns
     */
    public static void read(Path file, List<String> columns, Consumer<Map<String, String>> use)
            throws LoopscopeException {
        read(file, columns, Set.of(), use);
    }

    /**
     * The same of files of several versions.
     *
     * @param newer of the columns, those that older files do not have, all or none of them; their records do not have them
     *     either
     */
    public static void read(Path file, List<String> columns, Set<String> newer, Consumer<Map<String, String>> use)
            throws LoopscopeException {
        CsvParser parser = parser(Math.max(512, columns.size()));
        try (Reader reader = Files.newBufferedReader(file)) {
            parser.beginParsing(reader);
            String @Nullable [] header = parser.parseNext();
            List<String> found = header == null ? List.of() : Arrays.asList(header);
            List<String> older =
                    columns.stream().filter(c -> !newer.contains(c)).toList();
            if (!found.equals(columns) && !found.equals(older)) {
                throw new LoopscopeException(file + ": expected the columns " + String.join(", ", columns) + "; found "
                        + difference(columns, found) + ". Was it written by another version?");
            }
            for (String @Nullable [] row = parser.parseNext(); row != null; row = parser.parseNext()) {
                use.accept(record(found, row));
            }
        } catch (IOException e) {
            throw new LoopscopeException(file + ": cannot be read (" + e.getMessage() + ").", e);
        }
    }

    private static CsvParser parser(int mostColumns) {
        CsvParserSettings settings = new CsvParserSettings();
        settings.setLineSeparatorDetectionEnabled(true);
        settings.setReadInputOnSeparateThread(false);
        settings.setMaxCharsPerColumn(-1);
        settings.setMaxColumns(mostColumns);
        settings.setIgnoreLeadingWhitespaces(false);
        settings.setIgnoreTrailingWhitespaces(false);
        settings.getFormat().setComment('\0');
        return new CsvParser(settings);
    }

    /**
     * The first record by column, whatever the columns are: for what is the same in all records. Empty if there is none.
     *
     * @throws LoopscopeException if the file cannot be read
     */
    public static Map<String, String> first(Path file) throws LoopscopeException {
        CsvParser parser = parser(512);
        try (Reader reader = Files.newBufferedReader(file)) {
            parser.beginParsing(reader);
            String @Nullable [] header = parser.parseNext();
            String @Nullable [] row = header == null ? null : parser.parseNext();
            return header == null || row == null
                    ? Map.of()
                    : record(Arrays.stream(header).map(String::valueOf).toList(), row);
        } catch (IOException e) {
            throw new LoopscopeException(file + ": cannot be read (" + e.getMessage() + ").", e);
        }
    }

    /**
     * What tells the columns of a file from those that are expected: {@code a table without accuracy, with budget besides}.
     */
    public static String difference(List<String> expected, List<String> found) {
        List<String> missing =
                expected.stream().filter(name -> !found.contains(name)).toList();
        List<String> others = found.stream()
                .map(String::valueOf)
                .filter(name -> !expected.contains(name))
                .toList();
        if (missing.size() == expected.size()) {
            return "none of them";
        }
        if (missing.isEmpty() && others.isEmpty()) {
            return "them in another order";
        }
        return "a table"
                + (missing.isEmpty() ? "" : " without " + String.join(", ", missing))
                + (missing.isEmpty() || others.isEmpty() ? "" : ",")
                + (others.isEmpty() ? "" : " with " + String.join(", ", others) + " besides");
    }

    private static Map<String, String> record(List<String> columns, String[] row) {
        Map<String, String> record = new HashMap<>();
        for (int i = 0; i < Math.min(columns.size(), row.length); i++) {
            String cell = row[i];
            record.put(columns.get(i), cell == null ? "" : cell);
        }
        return record;
    }
}
