package org.loopscope.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.Table;

class DepthChartTest {
    private static final ChartFigure.Heading HEADING = new ChartFigure.Heading("x", "Title", "about", "text");

    /** A flat line at half the height of {@code most}, over 8 steps. */
    private static DepthChart chart(double most) {
        List<DepthChart.Point> points = IntStream.rangeClosed(1, 8)
                .mapToObj(t -> new DepthChart.Point(t, most / 2, most / 2, most / 2))
                .toList();
        return new DepthChart(HEADING, 8, 1)
                .vertical("value", 0, most)
                .line(new DepthChart.Line("a line", 0, false, points, "0.5"))
                .legendBelow();
    }

    private static String svg(DepthChart chart) throws IOException {
        return FigureExport.svgText(chart.build(() -> Table.create("t")), FigureTheme.LIGHT);
    }

    private static Color at(BufferedImage image, double shareOfWidth) {
        return new Color(image.getRGB((int) (shareOfWidth * image.getWidth()), image.getHeight() / 6));
    }

    @Test
    void onlyWhatIsDeeperIsShaded() {
        ChartFigure figure = chart(1).shadeBeyond(4.5, "outside training").build(() -> Table.create("t"));
        for (FigureTheme theme : List.of(FigureTheme.LIGHT, FigureTheme.DARK)) {
            BufferedImage image = FigureExport.plain(figure, 480, 340, 1, theme);
            assertEquals(theme.card(), at(image, 0.3), "steps 1 to 4");
            assertNotEquals(theme.card(), at(image, 0.8), "steps 5 to 8");
        }
    }

    @Test
    void aValueWithoutAnIntervalIsWithinTheAxis() {
        List<DepthChart.Point> alone = List.of(new DepthChart.Point(1, 3, Double.NaN, Double.NaN));
        ChartFigure figure = new DepthChart(HEADING, 8, 1)
                .vertical("value", 0, 1)
                .line(new DepthChart.Line("a line", 0, false, alone, "3"))
                .build(() -> Table.create("t"));
        double top = figure.chart(FigureTheme.LIGHT).getXYPlot().getRangeAxis().getUpperBound();
        assertTrue(top >= 3, "top of the axis: " + top);
    }

    @Test
    void theShadedRegionSaysWhatItIsAndOneBeyondTheChartDoesNot() throws IOException {
        assertTrue(svg(chart(1).shadeBeyond(4.5, "outside training")).contains(">outside training<"));
        assertFalse(svg(chart(1).shadeBeyond(8.5, "outside training")).contains(">outside training<"));
        assertFalse(svg(chart(1).shadeBeyond(Double.NaN, "outside training")).contains(">outside training<"));
    }

    @Test
    void linesAreNamedBelowAndTheAxisAsAsked() throws IOException {
        String svg = svg(chart(1).horizontal("draft step s"));
        assertTrue(svg.contains(">a line<"));
        assertTrue(svg.contains(">draft step s<"));
        assertFalse(svg.contains(">loop step<"));
    }

    /** The same line twice, solid or dashed over solid: both colours are to be seen along it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ofLinesThatCoincideBothAreSeen(boolean upperDashed) {
        List<DepthChart.Point> points = IntStream.rangeClosed(1, 8)
                .mapToObj(t -> new DepthChart.Point(t, 0.5, 0.5, 0.5))
                .toList();
        ChartFigure figure = new DepthChart(HEADING, 8, 1)
                .vertical("value", 0, 1)
                .line(new DepthChart.Line("upper", 0, upperDashed, points, ""))
                .line(new DepthChart.Line("lower", 1, false, points, ""))
                .legendBelow()
                .build(() -> Table.create("t"));
        BufferedImage image = FigureExport.plain(figure, 480, 340, 1, FigureTheme.LIGHT);
        int upper = 0;
        int lower = 0;
        for (int y = 0; y < image.getHeight() * 3 / 4; y++) { // above the legend
            for (int x = 0; x < image.getWidth(); x++) {
                upper += image.getRGB(x, y) == FigureTheme.LIGHT.series(0).getRGB() ? 1 : 0;
                lower += image.getRGB(x, y) == FigureTheme.LIGHT.series(1).getRGB() ? 1 : 0;
            }
        }
        assertTrue(upper > 40 && lower > 40, upper + " and " + lower + " pixels");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.02, 0.6, 3, 9, 47, 20_000})
    void anAxisOfAnyRangeHasAFewTicks(double most) throws IOException {
        String svg = svg(chart(most));
        long numbers = svg.lines()
                .flatMap(line -> Pattern.compile(">([0-9.]+)<").matcher(line).results())
                .count();
        int steps = 8;
        assertTrue(numbers - steps >= 3 && numbers - steps <= 14, most + ": " + (numbers - steps) + " ticks");
    }
}
