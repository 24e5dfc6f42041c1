package org.loopscope.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ValueScaleTest {
    @Test
    void entropyIsStrongWhereItIsSmall() {
        ValueScale scale = ValueScale.linear("entropy", 4, 0);
        assertEquals(1.0, scale.fraction(0));
        assertEquals(0.25, scale.fraction(3));
        assertEquals(FigureTheme.LIGHT.probability(1), scale.color(0, FigureTheme.LIGHT));
    }

    @Test
    void ranksAreSpreadByTheirLogarithm() {
        ValueScale scale = ValueScale.logarithmic("rank", 100, 1);
        assertEquals(1.0, scale.fraction(1));
        assertEquals(0.5, scale.fraction(10), 1e-12);
        assertEquals(0.0, scale.fraction(100), 1e-12);
    }

    @Test
    void valuesOutsideAreClampedAndMissingOnesStayMissing() {
        ValueScale scale = ValueScale.probability("p");
        assertEquals(1.0, scale.fraction(1.5));
        assertEquals(0.0, scale.fraction(-1));
        assertTrue(Double.isNaN(scale.fraction(Double.NaN)));
        assertEquals(1.0, ValueScale.linear("flat", 0, 0).fraction(0));
    }

    @Test
    void aScaleWithoutFiniteEndsIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> ValueScale.linear("x", Double.NaN, 1));
        assertThrows(IllegalArgumentException.class, () -> ValueScale.logarithmic("x", 0, 1));
    }

    @Test
    void differencesAreCentredOnZeroAndClampedAtTheirExtent() {
        DivergingScale scale = new DivergingScale("difference", 0.5);
        assertEquals(FigureTheme.LIGHT.diverging(0), scale.color(0, FigureTheme.LIGHT));
        assertEquals(FigureTheme.LIGHT.diverging(-0.5), scale.color(-0.25, FigureTheme.LIGHT));
        assertEquals(FigureTheme.DARK.diverging(1), scale.color(7, FigureTheme.DARK));
        assertEquals(FigureTheme.DARK.card(), scale.color(Double.NaN, FigureTheme.DARK));
        assertThrows(IllegalArgumentException.class, () -> new DivergingScale("flat", 0));
        assertThrows(IllegalArgumentException.class, () -> new DivergingScale("wide", Double.POSITIVE_INFINITY));
    }

    @Test
    void differencesAreWrittenWithTheirSign() {
        assertEquals("+0.35", DivergingScale.signed(0.35));
        assertEquals("−12", DivergingScale.signed(-12));
        assertEquals("−0.01", DivergingScale.signed(-0.0123));
        assertEquals("−0.012", DivergingScale.precise(-0.0123));
        assertEquals("+1.00", DivergingScale.signed(1));
        assertEquals("0.00", DivergingScale.signed(-1e-7));
        assertEquals("–", DivergingScale.signed(Double.NaN));
    }
}
