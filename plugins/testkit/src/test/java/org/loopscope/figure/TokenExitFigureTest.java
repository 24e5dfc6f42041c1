package org.loopscope.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.testkit.MadeUpRun;
import org.loopscope.plugin.testkit.WelcomeRun;
import tech.tablesaw.api.Table;

class TokenExitFigureTest {
    private static final Inspection WELCOME = WelcomeRun.run().inspect();
    private static final int LAST = 14;

    static Stream<FigureTheme> themes() {
        return Stream.of(FigureTheme.LIGHT, FigureTheme.DARK);
    }

    @Test
    void theTableHoldsTheDistributionAndTheExitStep() {
        Table table = TokenExitFigure.of(WELCOME, LAST, ExitRule.q(0.5)).table();
        assertEquals(List.of("step", "lambda", "survival", "pdf", "cdf", "exit_step"), table.columnNames());
        // By hand: p = .09, .91 * .08, .91 * .92 * .96, rest
        assertEquals(0.09, table.doubleColumn("pdf").get(0), 1e-6);
        assertEquals(0.0728, table.doubleColumn("pdf").get(1), 1e-6);
        assertEquals(0.803712, table.doubleColumn("pdf").get(2), 1e-5);
        assertEquals(1.0, table.doubleColumn("cdf").get(3));
        assertEquals(3, table.intColumn("exit_step").get(0));
    }

    @ParameterizedTest
    @MethodSource("themes")
    void theBarsHaveTheColoursOfTheirSteps(FigureTheme theme) {
        BufferedImage image =
                FigureExport.plain(TokenExitFigure.of(WELCOME, LAST, ExitRule.q(0.5)), 560, 280, 1, theme);
        assertTrue(count(image, theme.step(3, 4)) > 2000, "the large bar of step 3");
        assertTrue(count(image, theme.step(1, 4)) > 100, "the small bar of step 1");
        assertTrue(count(image, theme.exit()) > 300, "the threshold line");
    }

    private static int count(BufferedImage image, Color color) {
        int pixels = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                pixels += image.getRGB(x, y) == color.getRGB() ? 1 : 0;
            }
        }
        return pixels;
    }

    @Test
    void onlyTheQuantileRuleDrawsAThreshold() throws IOException {
        assertTrue(svg(ExitRule.q(0.25)).contains(">q = 0.25<"));
        assertFalse(svg(ExitRule.fixed(2)).contains("q ="));
        assertTrue(svg(ExitRule.full()).contains("exit"));
    }

    private static String svg(ExitRule rule) throws IOException {
        return FigureExport.svgText(TokenExitFigure.of(WELCOME, LAST, rule), FigureTheme.LIGHT);
    }

    @Test
    void theAxisEndsAtTheLastStep() throws IOException {
        String svg = svg(ExitRule.q(0.5));
        assertTrue(svg.contains(">4<"));
        assertFalse(svg.contains(">5<"));
    }

    @Test
    void manyStepsAreLabelledSparsely() throws IOException {
        Inspection run = MadeUpRun.of(64, "a").inspect();
        String svg = FigureExport.svgText(TokenExitFigure.of(run, 0, ExitRule.q(0.5)), FigureTheme.LIGHT);
        assertTrue(svg.contains(">60<") && svg.contains(">5<"));
        assertFalse(svg.contains(">61<") || svg.contains(">65<"));
    }

    @Test
    void sixtyFourStepsAndASingleOneAreDrawnToo() {
        for (int steps : new int[] {1, 64}) {
            Inspection run = MadeUpRun.of(steps, "a", "b").inspect();
            BufferedImage image = FigureExport.image(TokenExitFigure.of(run, 1, ExitRule.q(0.5)), 1, FigureTheme.LIGHT);
            assertTrue(count(image, FigureTheme.LIGHT.card()) > 10_000);
        }
    }
}
