package org.loopscope.figure;

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

    /** Machado, Oliveira and Fernandes 2009, IEEE TVCG 15(6), table 1, severity 1: linear RGB to linear RGB. */
    private static final double[][] PROTANOPIA = {
        {0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}
    };

    private static final double[][] DEUTERANOPIA = {
        {0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}
    };
    private static final double[][] TRITANOPIA = {
        {1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}
    };
    private static final double[][] ALL_COLOURS = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};

    @ParameterizedTest
    @MethodSource("themes")
    void lessAndMoreAreToldApartWithAnyKindOfColourBlindness(FigureTheme theme) {
        for (double[][] eye : new double[][][] {ALL_COLOURS, PROTANOPIA, DEUTERANOPIA, TRITANOPIA}) {
            for (int i = 2; i <= 10; i++) {
                double[] less = lab(eye, theme.diverging(-i / 10.0));
                double[] more = lab(eye, theme.diverging(i / 10.0));
                double apart = Math.sqrt(IntStream.range(0, 3)
                        .mapToDouble(c -> (less[c] - more[c]) * (less[c] - more[c]))
                        .sum());
                assertTrue(apart >= 14, theme + " at ±" + i / 10.0 + ": CIE76 distance " + apart);
            }
        }
    }

    /** CIE 1976 L*a*b* of a colour as that eye sees it. */
    private static double[] lab(double[][] eye, Color color) {
        double[] rgb = {linear(color.getRed()), linear(color.getGreen()), linear(color.getBlue())};
        double[] seen = new double[3];
        for (int c = 0; c < 3; c++) {
            double sum = eye[c][0] * rgb[0] + eye[c][1] * rgb[1] + eye[c][2] * rgb[2];
            seen[c] = Math.max(0, Math.min(1, sum));
        }
        double x = f((0.4124564 * seen[0] + 0.3575761 * seen[1] + 0.1804375 * seen[2]) / 0.95047);
        double y = f(0.2126729 * seen[0] + 0.7151522 * seen[1] + 0.0721750 * seen[2]);
        double z = f((0.0193339 * seen[0] + 0.1191920 * seen[1] + 0.9503041 * seen[2]) / 1.08883);
        return new double[] {116 * y - 16, 500 * (x - y), 200 * (y - z)};
    }

    private static double linear(int channel) {
        double v = channel / 255.0;
        return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
    }

    private static double f(double t) {
        return t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16.0 / 116;
    }

    @ParameterizedTest
    @MethodSource("themes")
    void largerDifferencesStandOutMoreAndTextOnThemCanBeRead(FigureTheme theme) {
        for (int sign : new int[] {-1, 1}) {
            double before = 0;
            for (int i = 0; i <= 100; i++) {
                Color cell = theme.diverging(sign * i / 100.0);
                double contrast = Palette.contrast(cell, theme.diverging(0));
                assertTrue(contrast >= before, theme + " at " + sign * i / 100.0);
                assertTrue(Palette.contrast(theme.textOn(cell), cell) >= Palette.TEXT_CONTRAST);
                before = contrast;
            }
        }
        assertEquals(theme.card(), theme.diverging(Double.NaN));
    }
}
