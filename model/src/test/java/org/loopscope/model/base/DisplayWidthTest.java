package org.loopscope.model.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DisplayWidthTest {
    @ParameterizedTest
    @CsvSource({"cat,3", "naïve,5", "中文,4", "한글,4", "カナ,4", "ｶﾅ,2", "Ａ,2", "😀,2", "שלום,4", "👍,2", "😎😎,4", "―,1"})
    void wideCharactersTakeTwoColumns(String text, int columns) {
        assertEquals(columns, DisplayWidth.of(text));
    }

    @Test
    void whatIsDrawnOverItsNeighbourTakesNone() {
        assertEquals(1, DisplayWidth.of("e\u0301"));
        assertEquals(1, DisplayWidth.of("\u05e9\u05b8"));
        assertEquals(2, DisplayWidth.of("\u1112\u1161\u11ab"));
    }

    @Test
    void isolatesTakeNone() {
        assertEquals(4, DisplayWidth.of("\u2068שלום\u2069"));
    }

    @Test
    void bothEndsOfARangeBelongToIt() {
        assertEquals(2, DisplayWidth.of(0x1100));
        assertEquals(2, DisplayWidth.of(0x115F));
        assertEquals(2, DisplayWidth.of(0x3FFFD));
        assertEquals(1, DisplayWidth.of(0x10FF));
        assertEquals(1, DisplayWidth.of(0x1F5A5));
    }
}
