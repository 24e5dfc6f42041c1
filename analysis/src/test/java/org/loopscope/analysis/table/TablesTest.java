package org.loopscope.analysis.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class TablesTest {
    @TempDir
    private Path folder;

    @Test
    void missingNumbersAreEmptyCellsAndTextIsQuotedWhereNeeded() throws IOException {
        IntColumn layer = IntColumn.create("layer");
        Tables.append(layer, OptionalInt.empty());
        Tables.append(layer, OptionalInt.of(3));
        Table table = Table.create(
                "t",
                StringColumn.create("text", List.of("a,b \"c\"", "日本")),
                layer,
                DoubleColumn.create("kappa", new double[] {Double.NaN, -0.5}));
        Path file = folder.resolve("out.csv");
        Tables.writeCsv(table, file);
        assertEquals(List.of("text,layer,kappa", "\"a,b \"\"c\"\"\",,", "日本,3,-0.5"), Files.readAllLines(file));
    }

    @Test
    void anExistingFileIsReplacedAndNoTemporaryFileStays() throws IOException {
        Path file = folder.resolve("out.csv");
        Files.writeString(file, "old");
        Tables.writeCsv(Table.create("t", IntColumn.create("step", new int[] {1})), file);
        assertEquals(List.of("step", "1"), Files.readAllLines(file));
        try (var files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void aFolderThatIsMissingIsAnError() {
        Table table = Table.create("t", IntColumn.create("step", new int[] {1}));
        assertThrows(IOException.class, () -> Tables.writeCsv(table, folder.resolve("absent/out.csv")));
    }

    @Test
    void theArithmeticIsTheLastColumnAndTheTableItselfStaysAsItWas() {
        IntColumn steps = IntColumn.create("step", 1, 2);
        steps.appendMissing();
        Table table = Table.create("t", steps);
        assertEquals(
                "step,compute_dtype\n1,bfloat16 products\n2,bfloat16 products\n,bfloat16 products\n",
                Tables.csv(Tables.withComputeDtype(table, "bfloat16 products")).replace("\r\n", "\n"));
        assertEquals(1, table.columnCount());
    }
}
