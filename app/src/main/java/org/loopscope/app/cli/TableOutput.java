package org.loopscope.app.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.table.Tables;
import org.loopscope.model.base.LoopscopeException;
import picocli.CommandLine.Option;
import tech.tablesaw.api.Table;

/** Where and how a command writes one table. */
final class TableOutput {
    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table or csv. Default: table.")
    private TableFormat format = TableFormat.table;

    @Option(names = "--csv", description = "The same as --format csv.")
    private boolean csv;

    @Option(names = "--out", paramLabel = "FILE", description = "Write to this file instead of stdout.")
    @Nullable
    private Path out;

    /** Refuses a file that cannot be written, before the work. */
    void check() throws LoopscopeException {
        OutFile.check(out);
    }

    /** Whether stdout holds CSV, which other lines would spoil. */
    boolean onlyCsv() {
        return out == null && asCsv();
    }

    private boolean asCsv() {
        return csv || format == TableFormat.csv;
    }

    /**
     * Writes {@code data}. In a table for people {@code statement} and the arithmetic stand above it, in CSV the arithmetic
     * is the last column.
     *
     * @param dtype {@link org.loopscope.model.ModelInfo#computeDtype}
     */
    void write(Table data, String statement, String dtype, CommandEnvironment environment) throws LoopscopeException {
        String text = asCsv()
                ? TableFormat.csv.text(Tables.withComputeDtype(data, dtype))
                : statement + ", " + dtype + "\n\n" + TableFormat.table.text(data);
        if (out == null) {
            PrintWriter to = asCsv() ? environment.exactOut() : environment.out();
            to.print(text);
            to.flush();
        } else {
            OutFile.write(out, text);
            environment.out().println("Table written to " + out + ".");
        }
    }
}
