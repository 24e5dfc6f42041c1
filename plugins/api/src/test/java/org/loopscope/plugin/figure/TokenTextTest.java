package org.loopscope.plugin.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.Font;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenTextTest {
    private static final Font FONT = FigureTheme.LIGHT.monoBold(12);

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {"Dan,Dan", " the,·the", "naïve,naïve", "中,U+4E2D", "a😀,aU+1F600", "\u0007,U+0007"})
    void whatTheFontCannotDrawIsWrittenAsAnEscape(String token, String shown) {
        assertEquals(shown, TokenText.visible(token, FONT));
    }

    @Test
    void lineBreaksAndTabsAreWrittenOut() {
        assertEquals("\\n\\t\\r", TokenText.visible("\n\t\r", FONT));
    }

    @Test
    void anEmptyTokenIsStillVisible() {
        assertEquals("∅", TokenText.visible("", FONT));
    }

    @Test
    void shorteningCountsCharactersNotCodeUnits() {
        assertEquals("abcde", TokenText.shorten("abcde", 5));
        assertEquals("abcd…", TokenText.shorten("abcdef", 5));
        assertEquals("😀😀…", TokenText.shorten("😀😀😀😀", 3));
    }
}
