package org.loopscope.analysis.patch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.analysis.stat.Intervals;
import org.loopscope.model.base.LoopscopeException;

/** The effect of patching over a set. */
class PatchSummaryTest {
    @TempDir
    private Path folder;

    private static String row(int pair, int step, int position, String role, String recovery) {
        return pair + ",g,clean,state," + step + ",," + position + "," + role + ",a,b,-1,0,-3," + recovery
                + ",,,true,1,-1,true,float32\n";
    }

    private Path file(String rows) throws IOException {
        return Files.writeString(
                folder.resolve("p.csv"), String.join(",", PatchTable.COLUMNS) + ",compute_dtype\n" + rows);
    }

    @Test
    void aPairCountsOnceWithTheMeanOfItsTokens() throws IOException, LoopscopeException {
        Path csv = file(row(1, 1, 0, "before", "0.0")
                + row(1, 1, 1, "between", "0.2")
                + row(1, 1, 2, "between", "0.4")
                + row(2, 1, 1, "between", "0.7")
                + row(3, 1, 1, "between", ""));
        PatchSummary summary = PatchSummary.read(csv);
        assertEquals(3, summary.pairs());
        assertEquals(1, summary.withoutGap());
        assertEquals(1, summary.lines().size());
        PatchSummary.Line line = summary.lines().get(0);
        assertEquals("between", line.role());
        assertEquals(-1, line.layer());
        assertEquals(2, line.n());
        assertEquals(0.5, line.mean(), 1e-15); // of 0.3 and 0.7
        assertTrue(Double.isNaN(line.interval().low()), "two pairs are no sample");
    }

    @Test
    void eightPairsHaveTheIntervalOfTheirMean() throws IOException, LoopscopeException {
        StringBuilder rows = new StringBuilder();
        double[] means = new double[8];
        for (int pair = 1; pair <= 8; pair++) {
            means[pair - 1] = 0.1 * pair;
            rows.append(row(pair, 1, 1, "between", Double.toString(0.1 * pair)));
        }
        assertEquals(
                Intervals.mean(means),
                PatchSummary.read(file(rows.toString())).lines().get(0).interval());
    }

    @Test
    void onePairHasNoInterval() throws IOException, LoopscopeException {
        PatchSummary.Line line =
                PatchSummary.read(file(row(1, 1, 1, "between", "0.4"))).lines().get(0);
        assertEquals(0.4, line.mean(), 1e-15);
        assertEquals(Double.NaN, line.interval().low());
        assertEquals(Double.NaN, line.interval().high());
    }

    @Test
    void aFileWithOtherColumnsIsRefused() throws IOException {
        Path csv = Files.writeString(folder.resolve("other.csv"), "a,b\n1,2\n");
        LoopscopeException e = assertThrows(LoopscopeException.class, () -> PatchSummary.read(csv));
        assertEquals(
                csv + ": expected the columns", e.getMessage().substring(0, (csv + ": expected the columns").length()));
    }

    /** A chart draws a border for every loop up to the last layer: of two billion it would never be done. */
    @Test
    void aLayerThatNoModelHasIsRefused() throws IOException {
        String cells = row(1, 1, 1, "between", "0.4").replace(",state,1,,", ",state,1,2000000000,");
        Path csv = file(cells);
        LoopscopeException e = assertThrows(LoopscopeException.class, () -> PatchSummary.read(csv));
        assertTrue(
                e.getMessage()
                        .endsWith("line 2, column layer: expected a whole number from 0 to 4095 or nothing, found"
                                + " \"2000000000\"."),
                e.getMessage());
    }
}
