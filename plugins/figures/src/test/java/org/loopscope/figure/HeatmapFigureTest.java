package org.loopscope.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeatmapFigureTest {
    private static final double WIDTH = 640;
    private static final double HEIGHT = 300;

    static Stream<FigureTheme> themes() {
        return PaletteTest.themes();
    }

    /** Value of cell (row, column), different for all. */
    private static double value(int row, int column, int rows, int columns) {
        return (row * columns + column + 0.5) / (rows * columns);
    }

    private static HeatmapFigure.Builder grid(int rows, int columns) {
        return HeatmapFigure.builder("grid", "Grid")
                .rows("", labels("loop ", rows))
                .columns("input token", labels("w", columns))
                .values(ValueScale.probability("probability"), (r, c) -> value(r, c, rows, columns));
    }

    private static List<String> labels(String prefix, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> prefix + i).toList();
    }

    private static BufferedImage draw(HeatmapFigure figure, FigureTheme theme) {
        return FigureExport.plain(figure, WIDTH, HEIGHT, 1, theme);
    }

    private static Color pixel(BufferedImage image, double x, double y) {
        return new Color(image.getRGB((int) x, (int) y));
    }

    private static void assertNear(Color expected, Color actual, String where) {
        int difference = Math.max(
                Math.abs(expected.getRed() - actual.getRed()),
                Math.max(
                        Math.abs(expected.getGreen() - actual.getGreen()),
                        Math.abs(expected.getBlue() - actual.getBlue())));
        assertTrue(difference <= 2, where + ": want " + expected + ", got " + actual);
    }

    @ParameterizedTest
    @MethodSource("themes")
    void everyCellHasTheColourOfItsValue(FigureTheme theme) {
        HeatmapFigure figure = grid(4, 6).build();
        BufferedImage image = draw(figure, theme);
        for (int row = 0; row < 4; row++) {
            for (int column = 0; column < 6; column++) {
                Rectangle2D cell = figure.cellBounds(row, column, WIDTH, HEIGHT);
                assertNear(
                        theme.probability(value(row, column, 4, 6)),
                        pixel(image, cell.getX() + 8, cell.getY() + 8),
                        "cell " + row + ", " + column);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("themes")
    void hundredsOfTokensKeepTheColoursOfTheirValues(FigureTheme theme) {
        HeatmapFigure figure = grid(8, 300).build();
        BufferedImage image = draw(figure, theme);
        for (int column = 0; column < 300; column += 7) {
            Rectangle2D cell = figure.cellBounds(5, column, WIDTH, HEIGHT);
            assertNear(
                    theme.probability(value(5, column, 8, 300)),
                    pixel(image, cell.getCenterX(), cell.getCenterY()),
                    "column " + column);
        }
    }

    @Test
    void rowOneIsAtTheBottomUnlessItIsAMatrix() {
        HeatmapFigure figure = grid(4, 4).build();
        assertTrue(figure.cellBounds(0, 0, WIDTH, HEIGHT).getY()
                > figure.cellBounds(3, 0, WIDTH, HEIGHT).getY());
        HeatmapFigure matrix = grid(4, 4).topDown(true).build();
        assertTrue(matrix.cellBounds(0, 0, WIDTH, HEIGHT).getY()
                < matrix.cellBounds(3, 0, WIDTH, HEIGHT).getY());
    }

    @ParameterizedTest
    @MethodSource("themes")
    void theExitFrameIsOrangeAtItsCellAndNowhereElse(FigureTheme theme) {
        HeatmapFigure figure = grid(4, 6)
                .frames("exit step", List.of(new HeatmapFigure.Frame(2, 1, 1)))
                .build();
        BufferedImage image = draw(figure, theme);
        for (int row = 0; row < 4; row++) {
            for (int column = 0; column < 6; column++) {
                Rectangle2D cell = figure.cellBounds(row, column, WIDTH, HEIGHT);
                Color edge = pixel(image, cell.getX() + 1.6, cell.getCenterY());
                assertEquals(row == 1 && column == 2, near(theme.exit(), edge), "cell " + row + ", " + column);
            }
        }
    }

    private static boolean near(Color a, Color b) {
        return Math.abs(a.getRed() - b.getRed()) < 40
                && Math.abs(a.getGreen() - b.getGreen()) < 40
                && Math.abs(a.getBlue() - b.getBlue()) < 40;
    }

    @Test
    void aMissingValueIsHatchedAndNotDrawnAsANumber() {
        HeatmapFigure figure = grid(1, 2)
                .values(ValueScale.probability("p"), (r, c) -> c == 0 ? Double.NaN : 0)
                .build();
        BufferedImage image = draw(figure, FigureTheme.LIGHT);
        Rectangle2D cell = figure.cellBounds(0, 0, WIDTH, HEIGHT);
        long card = 0;
        long dark = 0;
        for (int x = (int) cell.getX() + 10; x < cell.getMaxX() - 10; x++) {
            Color color = pixel(image, x, cell.getCenterY());
            card += near(FigureTheme.LIGHT.card(), color) ? 1 : 0;
            dark += color.getRed() < 200 ? 1 : 0;
        }
        assertTrue(card > 20, "card colour between the lines, got " + card);
        assertTrue(dark > 20, "lines, got " + dark);
    }

    @Test
    void everyCellIsFoundAtItsCentreAndLabelsAreNoCells() {
        HeatmapFigure figure = grid(4, 15).build();
        for (int row = 0; row < 4; row++) {
            for (int column = 0; column < 15; column++) {
                Rectangle2D cell = figure.cellBounds(row, column, WIDTH, HEIGHT);
                assertEquals(
                        Optional.of(new HeatmapFigure.Cell(row, column)),
                        figure.cellAt(cell.getCenterX(), cell.getCenterY(), WIDTH, HEIGHT));
            }
        }
        assertEquals(Optional.empty(), figure.cellAt(2, HEIGHT / 2, WIDTH, HEIGHT));
        assertEquals(Optional.empty(), figure.cellAt(WIDTH / 2, HEIGHT - 2, WIDTH, HEIGHT));
    }

    @Test
    void aWindowKeepsTheColumnNumbersOfTheWholeGrid() {
        HeatmapFigure part = grid(4, 100).window(40, 10).build();
        Rectangle2D cell = part.cellBounds(2, 43, WIDTH, HEIGHT);
        assertEquals(
                Optional.of(new HeatmapFigure.Cell(2, 43)),
                part.cellAt(cell.getCenterX(), cell.getCenterY(), WIDTH, HEIGHT));
        assertEquals(100, part.columns());
        Rectangle2D first = part.cellBounds(0, 40, WIDTH, HEIGHT);
        assertEquals(10, (int) Math.round((WIDTH - 6 - first.getX()) / first.getWidth()));
    }

    @Test
    void smallCellsLoseTheNumbersFirstAndTheTokenNext() throws IOException {
        HeatmapFigure.Builder large = grid(4, 4).texts((r, c) -> List.of("tok", "0.75"));
        String wide = svg(large.preferredCell(100, 40).build());
        assertTrue(wide.contains(">tok<") && wide.contains(">0.75<"));
        String low = svg(large.preferredCell(100, 20).build());
        assertTrue(low.contains(">tok<"), "a low cell keeps its token");
        assertFalse(low.contains(">0.75<"), "a low cell has no room for its number");
        String tiny = svg(grid(4, 100)
                .texts((r, c) -> List.of("tok", "0.75"))
                .preferredCell(4, 10)
                .build());
        assertFalse(tiny.contains(">tok<"), "a tiny cell has no text");
    }

    @Test
    void largeCellsKeepAllTheirLines() throws IOException {
        String svg = svg(grid(4, 4)
                .texts((r, c) -> List.of("0.93", "14/15", "kappa"))
                .preferredCell(120, 62)
                .build());
        assertTrue(svg.contains(">0.93<") && svg.contains(">14/15<") && svg.contains(">kappa<"));
    }

    @Test
    void aLongTokenIsCutWithAnEllipsis() throws IOException {
        HeatmapFigure figure = grid(2, 12)
                .texts((r, c) -> List.of("internationalisation"))
                .preferredCell(48, 40)
                .build();
        String svg = svg(figure);
        assertFalse(svg.contains(">internationalisation<"));
        assertTrue(svg.contains("…<"));
    }

    private static String svg(HeatmapFigure figure) throws IOException {
        return FigureExport.svgText(figure, FigureTheme.LIGHT);
    }

    @Test
    void changingABuilderLeavesTheFigureAlone() {
        HeatmapFigure.Builder builder = grid(2, 2);
        HeatmapFigure figure = builder.build();
        builder.selected(new HeatmapFigure.Cell(0, 0));
        figure.toBuilder().selected(new HeatmapFigure.Cell(1, 1));
        assertEquals(Optional.empty(), figure.selected());
    }

    @Test
    void aGridWithoutCellsIsRefused() {
        HeatmapFigure.Builder empty = grid(0, 3);
        assertThrows(IllegalArgumentException.class, empty::build);
    }

    @Test
    void otherFramesAndAnotherSelectionDoNotPaintTheCellsAgain() {
        HeatmapFigure figure =
                grid(4, 9).texts((r, c) -> List.of("w" + c, "0.5")).build();
        draw(figure, FigureTheme.LIGHT);
        for (int step = 0; step < 4; step++) {
            HeatmapFigure moved = figure.toBuilder()
                    .frames("exit q=0." + step, List.of(new HeatmapFigure.Frame(3, step, step)))
                    .selected(new HeatmapFigure.Cell(step, 5))
                    .description("another text")
                    .build();
            draw(moved, FigureTheme.LIGHT);
            assertEquals(1, moved.timesCellsPainted());
        }
    }

    @Test
    void otherCellsAnotherThemeOrAnotherPartOfThemArePaintedAgain() {
        HeatmapFigure figure = grid(4, 9).build();
        draw(figure, FigureTheme.LIGHT);
        draw(figure, FigureTheme.DARK);
        assertEquals(2, figure.timesCellsPainted());
        draw(figure.toBuilder().window(2, 5).build(), FigureTheme.DARK);
        assertEquals(3, figure.timesCellsPainted());
        HeatmapFigure other = figure.toBuilder()
                .values(ValueScale.probability("probability"), (r, c) -> 0.9)
                .build();
        BufferedImage drawn = draw(other, FigureTheme.DARK);
        Rectangle2D cell = other.cellBounds(0, 0, WIDTH, HEIGHT);
        assertEquals(FigureTheme.DARK.probability(0.9), pixel(drawn, cell.getCenterX(), cell.getCenterY()));
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 700}) // single cells, and cells drawn as one image
    void cellsThatWereKeptLookAsThoseJustPainted(int columns) {
        HeatmapFigure figure = grid(4, columns).build();
        BufferedImage once = draw(figure, FigureTheme.LIGHT);
        BufferedImage again = draw(figure, FigureTheme.LIGHT);
        BufferedImage fresh = draw(grid(4, columns).build(), FigureTheme.LIGHT);
        for (int y = 0; y < once.getHeight(); y++) {
            for (int x = 0; x < once.getWidth(); x++) {
                assertEquals(once.getRGB(x, y), again.getRGB(x, y));
                assertEquals(once.getRGB(x, y), fresh.getRGB(x, y));
            }
        }
    }

    @Test
    void anImageOfManyCellsHasTheColoursOfItsCells() {
        HeatmapFigure figure = grid(100, 80).build();
        BufferedImage drawn = draw(figure, FigureTheme.LIGHT);
        for (int row : new int[] {0, 57, 99}) {
            for (int column : new int[] {0, 33, 79}) {
                Rectangle2D cell = figure.cellBounds(row, column, WIDTH, HEIGHT);
                assertEquals(
                        FigureTheme.LIGHT.probability(value(row, column, 100, 80)),
                        pixel(drawn, cell.getCenterX(), cell.getCenterY()));
            }
        }
    }
}
