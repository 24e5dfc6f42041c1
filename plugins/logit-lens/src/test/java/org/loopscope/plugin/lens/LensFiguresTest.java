package org.loopscope.plugin.lens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.FigureExport;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.testkit.MadeUpRun;
import org.loopscope.plugin.testkit.WelcomeRun;

class LensFiguresTest {
    private static final double WIDTH = 1000;
    private static final double HEIGHT = 260;
    private static final Inspection WELCOME = WelcomeRun.run().inspect();

    private static HeatmapFigure figure(LensValue value, ExitRule rule) {
        return LensFigures.heatmap(WELCOME, WELCOME.lens(), value, rule, 0, 0);
    }

    private static Color pixel(HeatmapFigure figure, int row, int column, double dx, double dy) {
        BufferedImage image = FigureExport.plain(figure, WIDTH, HEIGHT, 1, FigureTheme.LIGHT);
        Rectangle2D cell = figure.cellBounds(row, column, WIDTH, HEIGHT);
        return new Color(image.getRGB((int) (cell.getX() + dx), (int) (cell.getY() + dy)));
    }

    @ParameterizedTest
    @EnumSource(LensValue.class)
    void aCellIsColouredByTheValueThatWasAskedFor(LensValue value) {
        LensGrid lens = WELCOME.lens();
        double shown = value.at(lens, 0, 7);
        Color expected = value.scale(lens, WELCOME.unembedding().vocabSize()).color(shown, FigureTheme.LIGHT);
        assertEquals(expected, pixel(figure(value, ExitRule.full()), 0, 7, 8, 8));
    }

    @ParameterizedTest
    @EnumSource(LensValue.class)
    void theDecidedEndOfEveryValueIsTheStrongOne(LensValue value) {
        LensGrid lens = WELCOME.lens();
        var scale = value.scale(lens, WELCOME.unembedding().vocabSize());
        double undecided = scale.fraction(value.at(lens, 0, 14)); // Ivy at 0.07
        double decided = scale.fraction(value.at(lens, 3, 14)); // Dan at 1.00
        assertTrue(decided > 0.95, "decided " + decided);
        assertTrue(undecided < 0.5, "undecided " + undecided);
    }

    @Test
    void theExitStepOfEachTokenIsFramed() {
        HeatmapFigure figure = figure(LensValue.PROBABILITY, ExitRule.q(0.5));
        int[] exits = WELCOME.exits().exitSteps(ExitRule.q(0.5));
        BufferedImage image = FigureExport.plain(figure, WIDTH, HEIGHT, 2, FigureTheme.LIGHT);
        for (int p = 0; p < exits.length; p++) {
            for (int row = 0; row < 4; row++) {
                Rectangle2D cell = figure.cellBounds(row, p, WIDTH, HEIGHT);
                boolean orange = orange(image, 2 * cell.getCenterX(), 2 * (cell.getY() + 1.6));
                assertEquals(row == exits[p] - 1, orange, "token " + p + ", step " + (row + 1));
            }
        }
    }

    private static boolean orange(BufferedImage image, double x, double y) {
        Color color = new Color(image.getRGB((int) x, (int) y));
        return color.getRed() > 190 && color.getGreen() < 110 && color.getBlue() < 60;
    }

    @Test
    void theSvgHoldsPredictionsAndInputTokens() throws IOException {
        String svg = FigureExport.svgText(figure(LensValue.PROBABILITY, ExitRule.q(0.5)), FigureTheme.LIGHT);
        for (String text : List.of("Dan", "Sue", "neighbour", "teacher", "loop 4", "0.98", "exit step (q = 0.50)")) {
            assertTrue(svg.contains(">" + text + "<"), text);
        }
    }

    @Test
    void aRuleWithoutThresholdIsNamedInsteadOfAQ() throws IOException {
        String svg = FigureExport.svgText(figure(LensValue.PROBABILITY, ExitRule.fixed(2)), FigureTheme.LIGHT);
        assertTrue(svg.contains("exit step (fixed step 2)"));
        assertFalse(svg.contains("q ="));
    }

    @Test
    void layersAreGroupedByStepAndTheExitFrameSpansTheStep() {
        Inspection run = WelcomeRun.run().layers(3).inspect();
        LensGrid grid = LogitLens.layers(run.capture(), run.unembedding(), run.tokenizer(), 5, RunControl.none());
        HeatmapFigure figure =
                LensFigures.heatmap(run, grid, LensValue.PROBABILITY, ExitRule.fixed(2), 0, grid.rowOfStep(4));
        assertEquals(12, figure.rows());
        BufferedImage image = FigureExport.plain(figure, WIDTH, 500, 2, FigureTheme.LIGHT);
        for (int row = 0; row < 12; row++) {
            Rectangle2D cell = figure.cellBounds(row, 4, WIDTH, 500);
            boolean orange = orange(image, 2 * (cell.getX() + 1.6), 2 * cell.getCenterY());
            assertEquals(row >= 3 && row <= 5, orange, "row " + row);
        }
    }

    @Test
    void stepsBeyondTheTrainedOnesAreNamed() {
        // a made-up model is trained for as many steps as the run has: the welcome run has none beyond
        assertFalse(figure(LensValue.PROBABILITY, ExitRule.full()).subtitle().contains("outside training"));
    }

    @Test
    void theTableIsTheLensItself() {
        assertEquals(
                WELCOME.lens().toTable().columnNames(),
                figure(LensValue.RANK, ExitRule.full()).table().columnNames());
    }

    @Test
    void sixtyFourStepsAndOneTokenAreDrawn() {
        Inspection run = MadeUpRun.of(64, "only").inspect();
        HeatmapFigure figure = LensFigures.heatmap(run, run.lens(), LensValue.KL, ExitRule.q(0.5), 0, 0);
        BufferedImage image = FigureExport.image(figure, 1, FigureTheme.DARK);
        assertTrue(image.getHeight() > 300);
    }
}
