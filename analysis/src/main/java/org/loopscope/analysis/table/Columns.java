package org.loopscope.analysis.table;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.table.CellType.Kind;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The columns of a table, one for each component of a record: what stands in them, how a record is written as cells, and the
 * reader that turns a file into records or refuses it in one sentence with line and column. See {@link Column}. Immutable.
 */
public final class Columns<R extends Record> {
    private final String command;
    private final RecordCells<R> cells;
    private final List<Info> infos;

    /**
     * What a column holds.
     *
     * @param name in files
     * @param unit of its numbers, or the empty text
     * @param meaning of its values
     * @param expected what a cell may be
     * @param newer whether files of older versions may lack it
     */
    public record Info(String name, String unit, String meaning, String expected, boolean newer) {}

    private Columns(String command, RecordCells<R> cells) {
        this.command = command;
        this.cells = cells;
        this.infos = cells.leaves().stream()
                .map(leaf -> new Info(
                        leaf.name(),
                        leaf.about().unit(),
                        leaf.about().meaning(),
                        leaf.type().expected(),
                        leaf.about().newer()))
                .toList();
    }

    /** @param command what writes the table, {@code loopscope gate}, for sentences */
    public static <R extends Record> Columns<R> of(String command, Class<R> type) {
        return of(command, type, Map.of());
    }

    /** @param several for each component that is a list, the names of the columns it stands for */
    public static <R extends Record> Columns<R> of(String command, Class<R> type, Map<String, List<String>> several) {
        return new Columns<>(command, RecordCells.of(type, several));
    }

    /** Names of the columns, in order. */
    public List<String> names() {
        return infos.stream().map(Info::name).toList();
    }

    /** What stands in each column, in order. */
    public List<Info> infos() {
        return infos;
    }

    /** The cells of a row as they stand in a file, before they are quoted. */
    public List<String> cells(R row) {
        return cells.write(row);
    }

    /** The rows as a table in memory; what is not defined is missing. */
    public Table toTable(String name, List<R> rows) {
        List<tech.tablesaw.columns.Column<?>> columns = new ArrayList<>();
        List<List<String>> all = rows.stream().map(this::cells).toList();
        for (int c = 0; c < infos.size(); c++) {
            int column = c;
            columns.add(column(
                    infos.get(c).name(),
                    cells.leaves().get(c).type().kind(),
                    all.stream().map(row -> row.get(column)).toList()));
        }
        return Table.create(name, columns);
    }

    private static tech.tablesaw.columns.Column<?> column(String name, Kind kind, List<String> cells) {
        tech.tablesaw.columns.Column<?> column =
                switch (kind) {
                    case WHOLE -> LongColumn.create(name);
                    case NUMBER -> DoubleColumn.create(name);
                    case FLAG -> BooleanColumn.create(name);
                    case TEXT -> StringColumn.create(name);
                };
        for (String cell : cells) {
            if (cell.isEmpty()) {
                column.appendMissing();
            } else if (kind == Kind.FLAG) {
                ((BooleanColumn) column).append(cell.equals("1") || cell.equals("true"));
            } else if (kind == Kind.TEXT) {
                ((StringColumn) column).append(CsvText.unguarded(cell));
            } else {
                column.appendCell(cell);
            }
        }
        return column;
    }

    /**
     * Hands each row of a file to {@code use}.
     *
     * @throws LoopscopeException with one sentence that names file, line and column, for what is no such table
     */
    public void read(Path file, TableFile.Use<R> use) throws LoopscopeException {
        TableFile.read(file, command, names(), newer(), new Checking(use));
    }

    /** The same of text that comes from elsewhere; {@code name} stands for the file in sentences. */
    public void read(Reader reader, String name, TableFile.Use<R> use) throws IOException, LoopscopeException {
        TableFile.read(reader, name, command, names(), newer(), new Checking(use));
    }

    private Set<String> newer() {
        return infos.stream().filter(Info::newer).map(Info::name).collect(Collectors.toSet());
    }

    /** Makes rows of records, and looks that what is the same in all of them is so. */
    private final class Checking implements TableFile.Use<CellRow> {
        private final TableFile.Use<R> use;
        private final Map<String, String> texts =
                new HashMap<>(); // the last text of a column, so that equal ones are held once
        private final Map<String, String> first = new HashMap<>(); // of columns that do not change
        private final List<String> keys = cells.leaves().stream()
                .filter(leaf -> leaf.about().key())
                .map(RecordCells.Leaf::name)
                .toList();
        private final Set<String> known = new HashSet<>(); // what these said in the rows before

        Checking(TableFile.Use<R> use) {
            this.use = use;
        }

        @Override
        public void accept(CellRow row) throws LoopscopeException {
            R record = cells.read(row, this::shared);
            for (RecordCells.Leaf leaf : cells.leaves()) {
                if (leaf.about().same()) {
                    String cell = row.raw(leaf.name());
                    String before = first.putIfAbsent(leaf.name(), cell);
                    if (before != null && !before.equals(cell)) {
                        throw row.problem(leaf.name(), sameAs(before));
                    }
                }
            }
            checkKeys(row);
            use.accept(record);
        }

        /** A table that was appended to itself would count everything twice. */
        private void checkKeys(CellRow row) throws LoopscopeException {
            if (!keys.isEmpty() && !known.add(keys.stream().map(row::raw).collect(Collectors.joining(",")))) {
                throw row.problem(keys.get(0), "no two rows with the same " + String.join(", ", keys));
            }
        }

        private String sameAs(String before) {
            return (before.isEmpty() ? "nothing" : ForeignText.quoted(before)) + " as in the rows before";
        }

        private String shared(String column, String text) {
            @Nullable String before = texts.get(column);
            if (before != null && before.equals(text)) {
                return before;
            }
            texts.put(column, text);
            return text;
        }
    }
}
