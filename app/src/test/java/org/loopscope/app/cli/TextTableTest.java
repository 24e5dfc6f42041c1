package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {
    @Test
    void columnsAreAlignedAndNothingTrails() {
        TextTable table = new TextTable().right("n").left("word").left("");
        table.row(List.of("1", "a", ""));
        table.row(List.of("10", "naïve", "x"));
        StringWriter text = new StringWriter();
        table.print(new PrintWriter(text, true));
        assertEquals(
                List.of(" n  word", " 1  a", "10  naïve  x"),
                text.toString().lines().toList());
    }

    @Test
    void aRowOfAnotherLengthIsRefused() {
        assertThrows(
                IllegalArgumentException.class, () -> new TextTable().left("a").row(List.of("1", "2")));
    }

    @Test
    void tokensShowTheirSpacesAndNeverDriveTheTerminal() {
        assertEquals("Dan", Shown.token("Dan"));
        assertEquals("\" the\"", Shown.token(" the"));
        assertEquals("\"\\n\"", Shown.token("\n"));
        assertEquals("\\u001b[31m", Shown.token("\u001b[31m"));
        assertEquals("\"\"", Shown.token(""));
    }

    @Test
    void numbersThatAreNoneAreADash() {
        assertEquals("-", Shown.probability(Double.NaN));
        assertEquals("0.070", Shown.probability(0.0704));
        assertEquals("-", Shown.percent(Double.NaN));
    }
}
