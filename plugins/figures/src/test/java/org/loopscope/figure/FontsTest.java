package org.loopscope.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.awt.Font;
import org.junit.jupiter.api.Test;

class FontsTest {
    @Test
    void figuresUseTheBundledFontsAndNotASubstitute() {
        assertEquals("Inter Regular", FigureTheme.LIGHT.font(12).getFontName());
        assertEquals("Inter Bold", FigureTheme.LIGHT.bold(12).getFontName());
        assertEquals("JetBrains Mono", FigureTheme.LIGHT.mono(12).getFamily());
        Font dialog = new Font(Font.DIALOG, Font.PLAIN, 12);
        assertNotEquals(TextMeasure.width("looped", dialog), TextMeasure.width("looped", FigureTheme.LIGHT.font(12)));
    }

    @Test
    void textIsCutOnlyWhereItDoesNotFit() {
        Font font = FigureTheme.LIGHT.font(12);
        assertEquals("neighbour", TextMeasure.fit("neighbour", font, TextMeasure.width("neighbour", font)));
        String cut = TextMeasure.fit("neighbour", font, 40);
        assertEquals("…", cut.substring(cut.length() - 1));
        assertEquals(true, TextMeasure.width(cut, font) <= 40);
        assertEquals("", TextMeasure.fit("neighbour", font, 2));
    }
}
