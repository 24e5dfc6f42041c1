package org.loopscope.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.analysis.sweep.ResumableCsv;
import org.loopscope.model.LoopscopeException;

class CsvRecordsTest {
    @TempDir
    private Path folder;

    @Test
    void whatAResumableWriterWroteReadsBackExactly() throws LoopscopeException {
        Path file = folder.resolve("t.csv");
        List<List<String>> rows =
                List.of(List.of("line 1\nline \"2\", end\n", "1"), List.of("#no comment ", ""), List.of(" 's", "3"));
        try (ResumableCsv csv = ResumableCsv.open(file, List.of("text", "number"), Map.of())) {
            csv.append(rows);
            csv.finish();
        }
        List<List<String>> read = new ArrayList<>();
        CsvRecords.read(
                file,
                List.of("text", "number"),
                row -> read.add(List.of(row.getOrDefault("text", "?"), row.getOrDefault("number", "?"))));
        assertEquals(rows, read);
    }
}
