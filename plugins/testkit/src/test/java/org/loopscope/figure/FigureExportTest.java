package org.loopscope.figure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.testkit.WelcomeRun;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class FigureExportTest {
    @TempDir
    Path folder;

    private static HeatmapFigure figure() {
        return HeatmapFigure.builder("tokens", "Tokens & <steps>")
                .subtitle("for a test")
                .description("Two cells.")
                .rows("", List.of("loop 1"))
                .columns("input token", List.of("Ann", "<is>"))
                .values(ValueScale.probability("p"), (r, c) -> c == 0 ? 0.25 : 0.9)
                .texts((r, c) -> List.of(c == 0 ? "Amy" : "Dan", "0.5"))
                .frames("exit", List.of(new HeatmapFigure.Frame(1, 0, 0)))
                .table(() -> Table.create(
                        "t",
                        StringColumn.create("token", "Ann", " a,\"b\"\n"),
                        DoubleColumn.create("p", 0.25, Double.NaN)))
                .build();
    }

    private static Document parse(String svg) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    @Test
    void pngHasTheSizeOfTheTitledFigureTimesTheScale() throws IOException {
        Path file = folder.resolve("a.png");
        FigureExport.png(figure(), file, 2, FigureTheme.LIGHT);
        BufferedImage image = ImageIO.read(file.toFile());
        Figure titled = TitledFigure.of(figure());
        assertEquals(Math.ceil(2 * titled.preferredWidth()), image.getWidth());
        assertEquals(Math.ceil(2 * titled.preferredHeight()), image.getHeight());
    }

    @Test
    void svgIsWellFormedAndHoldsTheTextsAsText() throws Exception {
        Path file = folder.resolve("a.svg");
        FigureExport.svg(figure(), file, FigureTheme.DARK);
        String text = parse(Files.readString(file)).getDocumentElement().getTextContent();
        for (String expected :
                List.of("Amy", "Dan", "Ann", "<is>", "loop 1", "input token", "Tokens & <steps>", "Two cells.")) {
            assertTrue(text.contains(expected), "want “" + expected + "” in " + text);
        }
    }

    @Test
    void svgNamesAFontThatAViewerHasWhereInterIsMissing() throws IOException {
        String svg = FigureExport.svgText(figure(), FigureTheme.LIGHT);
        assertTrue(svg.contains("Arial, sans-serif"));
        assertTrue(svg.contains("Consolas, monospace"));
    }

    @Test
    void everySvgTextHasTheLengthThatItsBundledFontGivesIt() throws Exception {
        var texts = parse(FigureExport.svgText(figure(), FigureTheme.LIGHT)).getElementsByTagName("text");
        boolean found = false;
        for (int i = 0; i < texts.getLength(); i++) {
            if (texts.item(i).getTextContent().equals("input token")) {
                double length = Double.parseDouble(
                        texts.item(i).getAttributes().getNamedItem("textLength").getNodeValue());
                assertEquals(TextMeasure.width("input token", FigureTheme.LIGHT.font(12)), length, 0.01);
                found = true;
            }
        }
        assertTrue(found);
    }

    @Test
    void theSameFigureGivesTheSameBytes() throws IOException {
        Figure chart = TokenExitFigure.of(WelcomeRun.run().inspect(), 14, ExitRule.q(0.5));
        for (Figure figure : List.of(figure(), chart)) {
            assertEquals(
                    FigureExport.svgText(figure, FigureTheme.LIGHT), FigureExport.svgText(figure, FigureTheme.LIGHT));
            Path a = folder.resolve("a.png");
            Path b = folder.resolve("b.png");
            FigureExport.png(figure, a, 1, FigureTheme.LIGHT);
            FigureExport.png(figure, b, 1, FigureTheme.LIGHT);
            assertArrayEquals(Files.readAllBytes(a), Files.readAllBytes(b));
        }
    }

    @Test
    void csvKeepsBlanksOfTokensQuotesWhatNeedsItAndLeavesMissingValuesEmpty() throws IOException {
        Path file = folder.resolve("a.csv");
        FigureExport.csv(figure(), file);
        assertEquals("token,p\nAnn,0.25\n\" a,\"\"b\"\"\n\",\n", Files.readString(file));
    }

    @Test
    void theFileNameChoosesTheFormat() throws IOException {
        for (String name : List.of("x.PNG", "x.svg", "x.csv")) {
            FigureExport.byExtension(figure(), folder.resolve(name), FigureTheme.LIGHT);
            assertTrue(Files.size(folder.resolve(name)) > 0, name);
        }
        IOException e = assertThrows(
                IOException.class,
                () -> FigureExport.byExtension(figure(), folder.resolve("x.bmp"), FigureTheme.LIGHT));
        assertEquals("File x.bmp: expected a name that ends in .png, .svg or .csv.", e.getMessage());
    }

    @Test
    void aSaveThatFailsLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = folder.resolve("a.svg");
        Files.writeString(file, "old");
        HeatmapFigure broken = figure().toBuilder()
                .texts((r, c) -> {
                    throw new IllegalStateException("no text");
                })
                .build();
        assertThrows(IllegalStateException.class, () -> FigureExport.svg(broken, file, FigureTheme.LIGHT));
        assertEquals("old", Files.readString(file));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void aFolderThatDoesNotExistIsNamed() {
        Path file = folder.resolve("none").resolve("a.png");
        IOException e = assertThrows(IOException.class, () -> FigureExport.png(figure(), file, 1, FigureTheme.LIGHT));
        assertTrue(e.getMessage().contains("none"), e.getMessage());
    }

    @Test
    void anImageTooLargeForMemoryIsRefusedWithItsSize() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> FigureExport.image(figure(), 500, FigureTheme.LIGHT));
        assertTrue(e.getMessage().contains("use a smaller scale"), e.getMessage());
    }
}
