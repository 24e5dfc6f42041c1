package org.loopscope.analysis.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.model.base.LoopscopeException;

/** Records as rows of a file and back. */
class ColumnsTest {
    enum Kind {
        FIRST_ONE,
        OTHER
    }

    record Place(@Column(min = 1) int step, @Column(min = 0) OptionalInt layer) {}

    record Sample(
            @Column(min = 1, max = 9) int item,
            Kind kind,
            Place place,

            @Column(min = 0, max = 1, unit = "probability", meaning = "λ_t")
            double lambda,

            boolean right,
            @Column(words = true) Optional<Boolean> judged,
            @Column(optional = true, min = 0) int count,
            long loops,
            String text,
            List<String> answers,
            double[] logs,
            @Column(name = "max_steps", same = true) int steps,
            @Column(newer = true) double late)
            implements CheckedRow {
        @Override
        public Optional<Misfit> misfit() {
            return Misfit.when(place.step > steps, "step", "at most " + steps);
        }

        @Column(after = "lambda")
        double rest() {
            return 1 - lambda;
        }
    }

    private static final Columns<Sample> COLUMNS = Columns.of(
            "loopscope sample",
            Sample.class,
            Map.of("answers", List.of("answer_1", "answer_2"), "logs", List.of("log_1", "log_2")));
    private static final String HEADER =
            "item,kind,step,layer,lambda,rest,right,judged,count,loops,text,answer_1,answer_2,"
                    + "log_1,log_2,max_steps,late\n";
    private static final String ROW = "1,first-one,2,,0.25,0.75,1,true,,5,a,b,c,-1.5,,4,0.5\n";

    @TempDir
    private Path folder;

    private List<Sample> read(String text) throws IOException, LoopscopeException {
        return read(text, StandardCharsets.UTF_8);
    }

    private List<Sample> read(String text, Charset charset) throws IOException, LoopscopeException {
        List<Sample> rows = new ArrayList<>();
        COLUMNS.read(Files.writeString(folder.resolve("s.csv"), text, charset), rows::add);
        return rows;
    }

    private String refused(String text) {
        String message =
                assertThrows(LoopscopeException.class, () -> read(text)).getMessage();
        return message.replace(folder + "/", "");
    }

    @Test
    void aRowIsReadAsItWasWritten() throws IOException, LoopscopeException {
        Sample row = new Sample(
                3,
                Kind.OTHER,
                new Place(2, OptionalInt.of(0)),
                0.25,
                true,
                Optional.of(false),
                -1,
                1L << 40,
                "=1+1\n\"x\", '",
                List.of("-2+3", "="),
                new double[] {Double.NEGATIVE_INFINITY, Double.NaN},
                4,
                Double.NaN);
        List<String> cells = COLUMNS.cells(row);
        assertEquals(
                List.of(
                        "3",
                        "other",
                        "2",
                        "0",
                        "0.25",
                        "0.75",
                        "1",
                        "false",
                        "",
                        "1099511627776",
                        "'=1+1\n\"x\", '",
                        "'-2+3",
                        "=",
                        "-Infinity",
                        "",
                        "4",
                        ""),
                cells);
        Sample back = read(CsvText.line(COLUMNS.names()) + CsvText.line(cells)).get(0);
        assertEquals(cells, COLUMNS.cells(back));
        assertEquals("=1+1\n\"x\", '", back.text());
        assertEquals(HEADER, CsvText.line(COLUMNS.names()));
    }

    @Test
    void theColumnsSayWhatTheyHold() {
        Columns.Info lambda = COLUMNS.infos().get(4);
        assertEquals(
                new Columns.Info("lambda", "probability", "λ_t", "a number from 0 to 1 or nothing", false), lambda);
    }

    @Test
    void aTableInMemoryHasTypesAndMissingCells() throws IOException, LoopscopeException {
        String csv = Tables.csv(COLUMNS.toTable("sample", read(HEADER + ROW)));
        assertEquals(HEADER + ROW.replace(",1,true,", ",true,true,"), csv);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1,first-one,2 | x,first-one,2 | column item: expected a whole number from 1 to 9, found \"x\".",
                "1,first-one,2 | 10,first-one,2 | column item: expected a whole number from 1 to 9, found \"10\".",
                "1,first-one,2 | 99999999999999999999999,first-one,2 | column item: expected a whole number from 1 to 9, found \"99999999999999999999999\".",
                "1,first-one,2 | ١,first-one,2 | column item: expected a whole number from 1 to 9, found \"\u2068١\u2069\".",
                "1,first-one,2 | ,first-one,2 | column item: expected a whole number from 1 to 9, found nothing.",
                "first-one,2,, | third,2,, | column kind: expected one of first-one, other, found \"third\".",
                "first-one,2,, | first-one,2,-1, | column layer: expected a whole number of at least 0 or nothing, found \"-1\".",
                "first-one,2,, | first-one,5,, | column step: expected at most 4, found \"5\".",
                "0.25 | 1.5 | column lambda: expected a number from 0 to 1 or nothing, found \"1.5\".",
                "0.25 | 1d | column lambda: expected a number from 0 to 1 or nothing, found \"1d\".",
                "0.25 | 1e999 | column lambda: expected a number from 0 to 1 or nothing, found \"1e999\".",
                "0.25 | Infinity | column lambda: expected a number from 0 to 1 or nothing, found \"Infinity\".",
                "0.75 | x | column rest: expected a number or nothing, found \"x\".",
                ",1,true | ,yes,true | column right: expected true, false, 1 or 0, found \"yes\".",
                ",5,a | ,5.0,a | column loops: expected a whole number, found \"5.0\".",
            })
    void aCellThatIsNoneIsNamed(String was, String becomes, String sentence) {
        assertEquals("s.csv, line 2, " + sentence, refused(HEADER + ROW.replace(was, becomes)));
    }

    @Test
    void bothFormsOfFlagsAndMissingNewerColumnsAreRead() throws IOException, LoopscopeException {
        assertEquals(
                Optional.of(true),
                read(HEADER + ROW.replace(",1,true,", ",TRUE,1,")).get(0).judged());
        String older = HEADER.replace(",late", "") + ROW.replace(",0.5\n", "\n");
        assertEquals(Double.NaN, read(older).get(0).late());
    }

    @Test
    void aFileThatIsNoSuchTableIsRefused() {
        assertEquals(
                "s.csv: expected the columns item, kind, step and 14 more of loopscope sample, found a table without kind, with sort besides."
                        + " Was it written by another version?",
                refused(HEADER.replace("kind", "sort") + ROW));
        assertEquals(
                "s.csv: expected the columns item, kind, step and 14 more of loopscope sample, found an empty file. Was it written by another version?",
                refused(""));
        assertEquals("s.csv: expected rows of loopscope sample, found only the header.", refused(HEADER));
        assertEquals("s.csv, line 3: expected 17 cells, found 1.", refused(HEADER + ROW + "1\n"));
        assertEquals(
                "s.csv, line 3, column max_steps: expected \"4\" as in the rows before, found \"8\".",
                refused(HEADER + ROW + ROW.replace(",,4,", ",,8,")));
    }

    @Test
    void textThatIsNoUtf8IsRefused() {
        for (Charset charset : List.of(StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16)) {
            LoopscopeException e =
                    assertThrows(LoopscopeException.class, () -> read(HEADER + ROW.replace(",a,", ",é,"), charset));
            assertEquals(folder + "/s.csv: expected text in UTF-8, found other bytes.", e.getMessage());
        }
    }

    @Test
    void anUnfinishedTableIsNamedAsSuch() throws IOException {
        Path file = folder.resolve("late.csv");
        Files.writeString(TableFile.partOf(file), HEADER);
        LoopscopeException e = assertThrows(LoopscopeException.class, () -> COLUMNS.read(file, row -> {}));
        assertEquals(
                file + ": expected the CSV of loopscope sample, found no such file; the command that writes it is not"
                        + " finished, run the same again to go on.",
                e.getMessage());
    }
}
