package org.loopscope.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Font;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.loopscope.model.base.ForeignText;

class TokenTextTest {
    private static final Font FONT = FigureTheme.LIGHT.monoBold(12);
    /** A machine whose fonts hold no more than Europe's letters. */
    private static final IntPredicate EUROPE = c -> c < 0x500 || c == 0x25CC;
    /** A machine with every font. */
    private static final IntPredicate ALL = c -> true;

    private static String visible(String text, IntPredicate drawn) {
        return new VisibleText(text, drawn).shown();
    }

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {"Dan,Dan", " the,·the", "naïve,naïve", "中,U+4E2D", "a😀,aU+1F600", "\u0007,U+0007"})
    void whatTheFontsCannotDrawIsWrittenAsAnEscape(String token, String shown) {
        assertEquals(shown, visible(token, EUROPE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"中文", "שלום", "مرحبا", "नमस्ते", "😀", "한글", "かな"})
    void whatTheFontsCanDrawIsDrawn(String token) {
        assertEquals(token, visible(token, ALL));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0x00, 0x1B, 0x7F, 0x9B, 0xA0, 0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x180B, 0x180E, 0x2002, 0x2003,
                0x200B, 0x200C, 0x200D, 0x200E, 0x202A, 0x202E, 0x202F, 0x2028, 0x2029, 0x2060, 0x2066, 0x2068, 0x2069,
                0x2800, 0x3000, 0x3164, 0xE000, 0xFE0F, 0xFEFF, 0xFFA0, 0xFFF9, 0x1D173, 0xE0001, 0xE0041, 0xE0100,
                0x10FFFD
            })
    void everyInvisibleCharacterHasAName(int c) {
        assertEquals(String.format("U+%04X", c), visible(Character.toString(c), ALL));
        assertEquals(String.format("U+%04X", c), TokenText.visible(Character.toString(c), FONT));
    }

    @Test
    void lineBreaksAndTabsAreWrittenOut() {
        assertEquals("\\n\\t\\r", visible("\n\t\r", ALL));
    }

    @Test
    void blanksAreCountedFromFourOn() {
        assertEquals("·", visible(" ", ALL));
        assertEquals("···", visible("   ", ALL));
        assertEquals("·×4", visible("    ", ALL));
        assertEquals("\\n·×12if··x", visible("\n            if  x", ALL));
    }

    @Test
    void anEmptyTokenIsStillVisible() {
        assertEquals("∅", visible("", ALL));
    }

    @Test
    void aLoneMarkIsDrawnOverACircle() {
        assertEquals("◌\u0301", visible("\u0301", ALL));
        assertEquals("·◌\u0301", visible(" \u0301", ALL));
        assertEquals("x\u0301", visible("x\u0301", ALL));
        assertEquals("◌\u093e", visible("\u093e", ALL));
        assertEquals("◌\u0301\u0301", visible("\u0301\u0301", ALL));
    }

    @Test
    void tokensThatWouldLookAlikeDoNot() {
        List<String> tokens = List.of(
                "",
                "∅",
                " ",
                "·",
                "\u00a0",
                "\u3000",
                "    ",
                "·×4",
                "\n",
                "\\n",
                "\t",
                "\\t",
                "é",
                "e\u0301",
                "Å",
                "\u212b",
                "가",
                "\u1100\u1161",
                "\u200b",
                "\u200c",
                "\u200b\u200b",
                "a\u200d",
                "a",
                "a\ufe0f",
                "a\u00ad",
                "豈",
                "\uf900",
                "\ud83d",
                "\ude00",
                ";",
                "\u037e");
        Map<String, String> seen = new HashMap<>();
        for (String token : tokens) {
            String other = seen.put(visible(token, ALL), token);
            assertTrue(other == null, "looks like another: " + ForeignText.escaped(token));
        }
    }

    @Test
    void commandsOfFormulasStayAsTheyAre() {
        assertEquals("\\times", visible("\\times", ALL));
        assertEquals("·\\frac", visible(" \\frac", ALL));
        assertEquals("\\\\n", visible("\\n", ALL));
    }

    @Test
    void aLabelHasNoMarks() {
        assertEquals("שלום", visible("שלום", ALL));
        assertEquals("Dan", TokenText.inSentence("Dan", FONT));
        assertEquals("U+202EDan", TokenText.inSentence("\u202eDan", FONT));
    }

    @ParameterizedTest
    @CsvSource({
        // columns are counted
        "abcde, 5, abcde",
        "abcdef, 5, abcd…",
        "中文中文, 4, 中…",
        "中文, 4, 中文",
        "e\u0301e\u0301e\u0301e\u0301, 3, e\u0301e\u0301…",
        // an escape is never cut
        "abU+1F600cd, 8, ab…",
        "abU+1F600cdef, 10, abU+1F600…",
        // escapes alone keep the digits that differ
        "U+4E2D, 5, 4E2D",
        "U+4E2D, 3, …2D",
        "U+4E2E, 3, …2E",
        "U+4E2DU+6587, 9, 4E2D6587",
        "·U+4E2DU+6587, 5, …6587",
        // one at the beginning is never cut to nothing
        "U+202Eabcdef, 8, U+202Ea…",
        "U+202Eabc, 5, …Eabc",
        // one at the end keeps its digits
        "eU+0301, 6, e…0301",
        "❤U+FE0F, 6, ❤…FE0F",
        "eU+0301, 4, e…",
    })
    void shorteningCountsColumnsAndCutsNoEscape(String text, int columns, String expected) {
        assertEquals(expected, TokenText.shorten(text, columns));
    }

    @Test
    void anEscapeAtTheBeginningIsKnown() {
        assertTrue(TokenText.beginsWithEscape("·U+202Eabc") && !TokenText.beginsWithEscape("abcU+202E"));
    }

    @Test
    void aCutTextFromRightToLeftStaysMarkedOff() {
        assertEquals("\u200eשל…\u200e", TokenText.shorten("\u2068שלום\u2069", 3));
    }

    @Test
    void fittingNeverLeavesTheSameBeginningOfAllEscapes() {
        double room = TextMeasure.width("U+4E…", FONT);
        assertEquals("4E2D", TextMeasure.fit("U+4E2D", FONT, room));
        assertFalse(TextMeasure.fit("U+4E2D", FONT, room / 2).contains("U+"));
    }

    @Test
    void whatIsSaidToBeDrawnHasInk() {
        assertTrue(Glyphs.drawn(FONT, 'a'));
        assertFalse(Glyphs.drawn(FONT, 0x200B));
        assertFalse(Glyphs.drawn(FONT, 0xE0041));
    }
}
