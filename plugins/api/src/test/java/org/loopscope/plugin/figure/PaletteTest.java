package org.loopscope.plugin.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PaletteTest {
    static Stream<FigureTheme> themes() {
        return Stream.of(FigureTheme.LIGHT, FigureTheme.DARK);
    }

    @Test
    void contrastOfBlackOnWhiteIsTwentyOneAndOfEqualColoursOne() {
        assertEquals(21.0, Palette.contrast(Color.BLACK, Color.WHITE), 1e-9);
        assertEquals(1.0, Palette.contrast(Color.RED, Color.RED), 1e-9);
        // WCAG's own example of a grey that just passes on white
        assertEquals(4.54, Palette.contrast(new Color(0x767676), Color.WHITE), 0.005);
    }

    @ParameterizedTest
    @MethodSource("themes")
    void textOnEveryProbabilityColourCanBeRead(FigureTheme theme) {
        for (int i = 0; i <= 1000; i++) {
            Color cell = theme.probability(i / 1000.0);
            double contrast = Palette.contrast(theme.textOn(cell), cell);
            assertTrue(contrast >= Palette.TEXT_CONTRAST, theme + " at " + i / 1000.0 + ": " + contrast);
        }
    }

    @ParameterizedTest
    @MethodSource("themes")
    void textOnEveryStepColourCanBeRead(FigureTheme theme) {
        for (int steps = 1; steps <= 64; steps++) {
            for (int t = 1; t <= steps; t++) {
                Color cell = theme.step(t, steps);
                double contrast = Palette.contrast(theme.textOn(cell), cell);
                assertTrue(contrast >= Palette.TEXT_CONTRAST, theme + " step " + t + " of " + steps + ": " + contrast);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("themes")
    void labelsCanBeReadOnTheCardAndLinesStandOutFromIt(FigureTheme theme) {
        assertTrue(Palette.contrast(theme.text(), theme.card()) >= 7);
        assertTrue(Palette.contrast(theme.mutedText(), theme.card()) >= Palette.TEXT_CONTRAST);
        assertTrue(Palette.contrast(theme.accent(), theme.card()) >= Palette.TEXT_CONTRAST);
        assertTrue(Palette.contrast(theme.exit(), theme.card()) >= 4);
        for (int i = 0; i < 8; i++) {
            double contrast = Palette.contrast(theme.series(i), theme.card());
            assertTrue(contrast >= 3, theme + " line " + i + ": " + contrast);
        }
    }

    @Test
    void fourStepsHaveTheDesignsFourColours() {
        assertEquals(new Color(0xc6d8ef), FigureTheme.LIGHT.step(1, 4));
        assertEquals(new Color(0x7fb0de), FigureTheme.LIGHT.step(2, 4));
        assertEquals(new Color(0x3b7fc4), FigureTheme.LIGHT.step(3, 4));
        assertEquals(new Color(0x174a8c), FigureTheme.LIGHT.step(4, 4));
    }

    @ParameterizedTest
    @MethodSource("themes")
    void stepColoursOfAnyNumberOfStepsAreOrderedFromTheCardAway(FigureTheme theme) {
        for (int steps = 2; steps <= 64; steps++) {
            double[] away = IntStream.rangeClosed(1, steps)
                    .mapToDouble(contrastOfStep(theme, steps))
                    .toArray();
            for (int t = 1; t < steps; t++) {
                assertTrue(away[t] > away[t - 1], theme + " step " + (t + 1) + " of " + steps);
            }
        }
    }

    private static java.util.function.IntToDoubleFunction contrastOfStep(FigureTheme theme, int steps) {
        return t -> Palette.contrast(theme.step(t, steps), theme.card());
    }

    @ParameterizedTest
    @MethodSource("themes")
    void strongerProbabilitiesStandOutMoreFromTheCard(FigureTheme theme) {
        double before = 0;
        for (int i = 0; i <= 100; i++) {
            double contrast = Palette.contrast(theme.probability(i / 100.0), theme.card());
            assertTrue(contrast >= before, theme + " at " + i / 100.0);
            before = contrast;
        }
    }

    @Test
    void aStepThatDoesNotExistHasNoColour() {
        assertThrows(IllegalArgumentException.class, () -> FigureTheme.LIGHT.step(5, 4));
        assertThrows(IllegalArgumentException.class, () -> FigureTheme.LIGHT.step(0, 4));
    }

    @Test
    void aMissingProbabilityHasTheCardsColour() {
        assertEquals(FigureTheme.DARK.card(), FigureTheme.DARK.probability(Double.NaN));
    }
}
