package org.loopscope.analysis.table;

import java.io.IOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.loopscope.model.base.AtomicFile;
import org.loopscope.model.base.LoopscopeException;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** What all tables of the analyses have in common. NaN and absent numbers are missing values, written as empty cells. */
public final class Tables {
    private static final String COMPUTE_DTYPE = "compute_dtype";

    private Tables() {}

    /** Appends the number, or a missing value. */
    public static void append(IntColumn column, OptionalInt number) {
        if (number.isPresent()) {
            column.append(number.getAsInt());
        } else {
            column.appendMissing();
        }
    }

    /**
     * A copy of the table whose last column, {@code compute_dtype}, says in every row in which arithmetic it was computed,
     * so that rows of several runs can be put together.
     *
     * @param dtype {@link org.loopscope.model.ModelInfo#computeDtype}
     */
    public static Table withComputeDtype(Table table, String dtype) {
        return withText(table, COMPUTE_DTYPE, dtype);
    }

    /** A copy of the table with one more column, {@code name}, that has the same text in every row. */
    public static Table withText(Table table, String name, String text) {
        Table copy = table.copy();
        StringColumn column = StringColumn.create(name);
        for (int row = 0; row < copy.rowCount(); row++) {
            column.append(text);
        }
        return copy.addColumns(column);
    }

    /**
     * The table as CSV text with a header line, missing values empty. Blanks and line breaks at the ends of a text are
     * kept: they are part of a token. A text that a spreadsheet would run has an apostrophe before it, see {@link CsvText}.
     */
    public static String csv(Table table) {
        StringBuilder text = new StringBuilder(
                        table.columnNames().stream().map(CsvText::quoted).collect(Collectors.joining(",")))
                .append('\n');
        for (int row = 0; row < table.rowCount(); row++) {
            int at = row;
            text.append(table.columns().stream().map(column -> cell(column, at)).collect(Collectors.joining(",")))
                    .append('\n');
        }
        return text.toString();
    }

    private static String cell(Column<?> column, int row) {
        if (column.isMissing(row)) {
            return "";
        }
        String text = column.getUnformattedString(row);
        return CsvText.quoted(column.type() == ColumnType.STRING ? CsvText.guarded(text) : text);
    }

    /**
     * Writes the table as CSV (UTF-8, header line, missing values empty) beside {@code file} and moves it into place when
     * it is complete, so that an interrupted write leaves what was there.
     *
     * @throws IOException with one sentence, if the folder does not exist or cannot be written
     */
    public static void writeCsv(Table table, Path file) throws IOException {
        String text = csv(table);
        try {
            AtomicFile.write(file, channel -> {
                Writer out = Channels.newWriter(channel, StandardCharsets.UTF_8);
                out.write(text);
                out.flush();
            });
        } catch (LoopscopeException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
