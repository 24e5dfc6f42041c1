package org.loopscope.analysis.table;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;

/** One record of a file, read cell by cell; whatever is wrong is said with file, line and column. */
public final class CellRow {
    private final String file;
    private final long line;
    private final Map<String, Integer> places; // of the columns that the file has
    private final List<String> cells;

    CellRow(String file, long line, Map<String, Integer> places, List<String> cells) {
        this.file = file;
        this.line = line;
        this.places = places;
        this.cells = cells;
    }

    /** The cell as it is in the file; empty where the file has no such column. */
    String raw(String column) {
        Integer place = places.get(column);
        return place == null ? "" : cells.get(place);
    }

    /** The value of a cell; that of an absent one where the file has no such column. */
    Object value(String column, CellType type) throws LoopscopeException {
        Integer place = places.get(column);
        if (place == null) {
            return type.absent();
        }
        @Nullable Object value = type.read().apply(cells.get(place));
        if (value == null) {
            throw problem(column, type.expected());
        }
        return value;
    }

    /** The sentence for a cell that is not what it should be. */
    public LoopscopeException problem(String column, String expected) {
        String cell = raw(column);
        return new LoopscopeException(where() + ", column " + ForeignText.shown(column) + ": expected " + expected
                + ", found " + (cell.isEmpty() ? "nothing." : ForeignText.quoted(cell) + "."));
    }

    /** The sentence for a row that is none. */
    LoopscopeException problem(String expectedAndFound) {
        return new LoopscopeException(where() + ": " + expectedAndFound + ".");
    }

    private String where() {
        return file + ", line " + line;
    }
}
