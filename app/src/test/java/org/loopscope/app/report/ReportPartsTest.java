package org.loopscope.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class ReportPartsTest {
    @Test
    void textCannotBecomeMarkup() {
        assertEquals(
                "&lt;img src=&quot;x&quot; onerror=&#39;y&#39;&gt; &amp;amp;",
                Html.escape("<img src=\"x\" onerror='y'> &amp;"));
        assertEquals("aU+0000bU+202EcU+200B", Html.escape("a\u0000b\u202ec\u200b"));
    }

    @Test
    void smallProbabilitiesKeepTheirPowerOfTen() {
        assertEquals("0.999", Html.probability(0.9994));
        assertEquals("0.001", Html.probability(0.0005));
        assertEquals("4e-05", Html.probability(0.000041));
        assertEquals("0.000", Html.probability(0));
        assertEquals("–", Html.probability(Double.NaN));
    }

    @Test
    void tokensShowTheSpacesAtTheirEnds() {
        assertEquals("␣the", Html.token(" the"));
        assertEquals("␣␣", Html.token("  "));
        assertEquals("a b␣", Html.token("a b "));
        assertEquals("⏎", Html.token("\n"));
        assertEquals("&lt;b&gt;", Html.token("<b>"));
        assertEquals("<bdi>␣שלום</bdi>", Html.token(" שלום"));
        assertEquals("U+200B", Html.token("\u200b"));
        assertEquals("U+00A0␣", Html.token("\u00a0 "));
        assertEquals("U+3000", Html.token("\u3000"));
        assertEquals("◌\u0301", Html.token("\u0301"));
    }

    @Test
    void aTokenFromRightToLeftKeepsToItselfInASentence() {
        String title = "Exit at “\u2068שלום\u2069”: 0.89";
        assertEquals("Exit at “<bdi>שלום</bdi>”: 0.89", Html.sentence(title));
        assertEquals("Exit at “<bdi>שלום</bdi>”: 0.89", Html.sentence("Exit at “\u200eשלום\u200e”: 0.89"));
        assertEquals("Exit at “שלום”: 0.89", Html.plain(title));
        assertEquals("a U+2069 U+2068 &lt;b&gt;", Html.sentence("a \u2069 \u2068 <b>"));
    }

    @Test
    void blankLinesSeparateParagraphs() {
        assertEquals("<p>one\ntwo</p>\n<p>three</p>\n", Html.paragraphs("one\ntwo\n\n\nthree\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "3, 3",
        "-2, -2",
        "0.5, 0.5",
        "0.123456789, 0.123457",
        "12.5, 12.5",
        "1234.5678, 1234.57",
        "0.00012345678, 0.000123457",
        "0.0000123, 1.23000e-05",
        "12345678.5, 1.23457e+07"
    })
    void numbersKeepSixDigits(double number, String expected) {
        assertEquals(expected, DataTable.shortest(number));
    }

    @Test
    void aTableShowsMissingNumbersAsEmptyAndEscapesTexts() {
        Table table = Table.create(
                "t",
                StringColumn.create("token", "<s>", "b"),
                IntColumn.create("n", new int[] {1, 2}),
                DoubleColumn.create("p", new double[] {0.25, Double.NaN}));
        String html = new DataTable(table).html();
        assertTrue(html.contains("<summary>Data, 2 rows</summary>"), html);
        assertTrue(html.contains("<td>&lt;s&gt;</td><td class=\"n\">1</td><td class=\"n\">0.25</td>"), html);
        assertTrue(html.contains("<td>b</td><td class=\"n\">2</td><td class=\"n\"></td>"), html);
        assertFalse(html.contains("NaN"));
    }

    @Test
    void aLongTableIsCutAndSaysSo() {
        Table table = Table.create("t", IntColumn.create("n", new int[DataTable.MAX_ROWS + 1]));
        String html = new DataTable(table).html();
        assertTrue(html.contains("The first 500 of 501 rows"), "the cut is not told");
        assertEquals(DataTable.MAX_ROWS, html.split("<tr><td", -1).length - 1);
    }
}
