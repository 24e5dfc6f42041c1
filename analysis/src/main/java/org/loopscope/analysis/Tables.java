package org.loopscope.analysis;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalInt;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvWriteOptions;

/** What all tables of the analyses have in common. NaN and absent numbers are missing values, written as empty cells. */
public final class Tables {
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
     * Writes the table as CSV (UTF-8, header line, missing values empty) to a temporary file beside {@code file} and
     * moves it into place, so that an interrupted write leaves what was there.
     *
     * @throws IOException if the folder does not exist or cannot be written
     */
    public static void writeCsv(Table table, Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path temporary = Files.createTempFile(absolute.getParent(), "." + absolute.getFileName(), ".part");
        try {
            try (var out = Files.newBufferedWriter(temporary)) {
                table.write().usingOptions(CsvWriteOptions.builder(out).build());
            }
            moveIntoPlace(temporary, absolute);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void moveIntoPlace(Path temporary, Path file) throws IOException {
        try {
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
