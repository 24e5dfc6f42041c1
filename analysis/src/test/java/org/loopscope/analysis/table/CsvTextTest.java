package org.loopscope.analysis.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.model.base.LoopscopeException;

/** Cells as they stand in a file, and back. */
class CsvTextTest {
    private static List<List<String>> read(String csv) throws IOException, LoopscopeException {
        CsvReader reader = new CsvReader(new StringReader(csv), "t.csv", 30);
        List<List<String>> rows = new ArrayList<>();
        for (List<String> row = reader.next(); row != null; row = reader.next()) {
            rows.add(row);
        }
        return rows;
    }

    private static String refused(String csv) {
        return assertThrows(LoopscopeException.class, () -> read(csv)).getMessage();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "=1+1, '=1+1",
                "+5, '+5",
                "-5, '-5",
                "@SUM(A1), '@SUM(A1)", // run by spreadsheets
                "=, =",
                "+, +",
                "-, -",
                "@, @", // tokens of one character
                "'=1+1, ''=1+1",
                "''=x, '''=x", // would be read as the first
                "'=, '=",
                "', '",
                "'s, 's",
                "it's, it's",
                "a=b, a=b",
                "1-2, 1-2"
            })
    void aTextThatASpreadsheetRunsHasAnApostropheBeforeIt(String text, String cell) {
        assertEquals(cell, CsvText.guarded(text));
        assertEquals(text, CsvText.unguarded(cell));
    }

    @Test
    void everyTextComesBackAsItWas() {
        String alphabet = "'=+-@\t\n\ra ,\"#1";
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(6); n > 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String cell = CsvText.guarded(text.toString());
            assertEquals(text.toString(), CsvText.unguarded(cell));
            assertEquals(-1, cell.length() < 2 ? -1 : "=+-@\t\n\r".indexOf(cell.charAt(0)), () -> "runs: " + cell);
        }
    }

    @Test
    void rowsAreReadAsTheyWereWritten() throws IOException, LoopscopeException {
        List<List<String>> rows = List.of(
                List.of("line 1\nline \"2\", end\r\n", "1"), List.of("#no comment ", ""), List.of("\0\u001b", "\""));
        StringBuilder csv = new StringBuilder();
        rows.forEach(row -> csv.append(CsvText.line(row)));
        assertEquals(rows, read(csv.toString()));
    }

    @Test
    void allLineEndsAreReadAndLinesAreCounted() throws IOException, LoopscopeException {
        assertEquals(List.of(List.of("a", "b"), List.of("1", ""), List.of("", "2")), read("a,b\r\n1,\n\n,2\r"));
        CsvReader reader = new CsvReader(new StringReader("a\r\n\r\n\"x\ny\"\rb"), "t.csv", 30);
        reader.next();
        assertEquals(1, reader.line());
        reader.next();
        assertEquals(3, reader.line());
        assertEquals(List.of("b"), reader.next());
        assertEquals(5, reader.line());
        assertNull(reader.next());
    }

    @Test
    void whatIsNoCsvIsRefusedWithItsLine() {
        assertEquals(
                "t.csv, line 2: expected double quotes in pairs, found a quoted cell that does not end.",
                refused("a,b\n1,\"2\n3,4\n"));
        assertEquals(
                "t.csv, line 1: expected comma-separated cells, found quotes that do not pair.", refused("\"a\"b\n"));
        assertEquals(
                "t.csv, line 1: expected comma-separated cells, found quotes that do not pair.", refused("5\",b\n"));
        assertEquals(
                "t.csv, line 2: expected at most 30 characters in a cell, found more.",
                refused("a\n" + "x".repeat(31) + "\n"));
        assertEquals("t.csv, line 1: expected at most 10000 cells, found more.", refused(",".repeat(10_000)));
    }
}
