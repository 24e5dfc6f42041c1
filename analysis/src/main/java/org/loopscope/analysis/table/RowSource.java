package org.loopscope.analysis.table;

import java.nio.file.Path;
import org.loopscope.model.base.LoopscopeException;

/**
 * The rows of a file, one by one, so that a long one needs no more memory.
 *
 * @param columns what stands in it
 */
public record RowSource<R extends Record>(Path file, Columns<R> columns) {
    /**
     * Hands each row to {@code use}.
     *
     * @throws LoopscopeException with one sentence that names file, line and column, for what is no such table
     */
    public void each(TableFile.Use<R> use) throws LoopscopeException {
        columns.read(file, use);
    }
}
