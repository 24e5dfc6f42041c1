package org.loopscope.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.compare.AxisKey;
import org.loopscope.analysis.compare.Comparison;
import org.loopscope.analysis.compare.LoopMatch;
import org.loopscope.analysis.compare.NamedInspection;
import org.loopscope.analysis.compare.TokenMatch;
import org.loopscope.analysis.lens.DepthPoint;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.plugin.testkit.MadeUpRun;
import tech.tablesaw.api.Table;

class FigureDifferenceTest {
    private static final double WIDTH = 600;
    private static final double HEIGHT = 300;

    private static final Inspection A = MadeUpRun.of(2, "x", "y", "z").inspect();
    private static final Inspection B = MadeUpRun.of(2, "x", "x", "y", "z").inspect();
    private static final Inspection DEEP = MadeUpRun.of(3, "x", "y", "z").inspect();

    private static Comparison compare(TokenMatch tokens, LoopMatch loops, Inspection... runs) {
        List<NamedInspection> named = new ArrayList<>();
        for (Inspection run : runs) {
            named.add(new NamedInspection("run", run));
        }
        return Comparison.of(named, tokens, loops);
    }

    private static Comparison compare(Inspection... runs) {
        return compare(TokenMatch.FROM_START, LoopMatch.SAME_NUMBER, runs);
    }

    /** Loops × tokens: a cell is its run's number + 10 · row + column. */
    private static HeatmapFigure grid(Inspection run, double base) {
        return HeatmapFigure.builder("grid", "Grid")
                .subtitle("made up")
                .rows(Axis.loops("", run.capture().steps()))
                .columns(Axis.tokens("input token", run.capture()))
                .values(ValueScale.linear("number", 0, 100), (row, column) -> base + 10 * row + column)
                .texts((row, column) -> List.of(run.capture().tokenText(column), "0.5"))
                .build();
    }

    private static List<FigureDifference.Result> of(Comparison comparison, Figure... figures) {
        List<Optional<Figure>> all = new ArrayList<>();
        for (Figure figure : figures) {
            all.add(Optional.of(figure));
        }
        return FigureDifference.of(comparison, all);
    }

    private static HeatmapFigure heatmap(FigureDifference.Result result) {
        return (HeatmapFigure) result.figure().orElseThrow(() -> new AssertionError(result.sentence()));
    }

    private static double value(HeatmapFigure figure, int row, int column) {
        return figure.spec().values.at(row, column);
    }

    @Test
    void tokensAreMatchedByTheAlignmentAndWhatOnlyOneHasIsMissing() {
        // from the end: x y z beside x x y z; the second x is only in B
        Comparison comparison = compare(TokenMatch.FROM_END, LoopMatch.SAME_NUMBER, A, B);
        HeatmapFigure difference =
                heatmap(of(comparison, grid(A, 0), grid(B, 5)).get(0));
        assertEquals(List.of("x", "x", "y", "z"), difference.spec().columns.labels());
        assertEquals(5, value(difference, 0, 0)); // 5 − 0
        assertTrue(Double.isNaN(value(difference, 0, 1)), "the second x is only in B");
        assertEquals(6, value(difference, 1, 2)); // (5 + 10 + 2) − (10 + 1)
        assertEquals("B − A: Grid", difference.title());
        assertEquals("grid-b-minus-a", difference.id());
        assertEquals("B − A · n = 6 cells in both, 2 only in B · float32 · A: made up", difference.subtitle());
        assertEquals(List.of("y", "+6"), difference.spec().texts.at(1, 2));
        assertEquals(new DivergingScale("B − A: number", 6), difference.spec().scale);
    }

    /** A token that is a number is a word all the same, and every cell has as many lines. */
    @Test
    void cellsKeepTheirWordsAndThoseWithoutHaveTheNumberAlone() {
        HeatmapFigure digits = grid(A, 1).toBuilder()
                .subtitle("made up · another")
                .texts((row, column) -> List.of(column == 0 ? "7" : "word", "0.5"))
                .build();
        HeatmapFigure difference = heatmap(of(compare(A, A), grid(A, 0), digits).get(0));
        assertEquals(List.of("7", "+1.00"), difference.spec().texts.at(0, 0));
        assertEquals(List.of("word", "+1.00"), difference.spec().texts.at(0, 1));
        assertEquals("B − A · n = 6 cells in both · float32 · A: made up · B: another", difference.subtitle());
        HeatmapFigure numbers = grid(A, 1).toBuilder()
                .texts((row, column) -> List.of("−0.5", "κ"))
                .build();
        assertEquals(
                List.of("+1.00"),
                heatmap(of(compare(A, A), grid(A, 0), numbers).get(0))
                        .spec()
                        .texts
                        .at(0, 0));
    }

    @Test
    void zeroIsTheMiddleOfTheColoursAndAMissingCellIsHatched() {
        Comparison comparison = compare(TokenMatch.FROM_END, LoopMatch.SAME_NUMBER, A, B);
        HeatmapFigure difference =
                heatmap(of(comparison, grid(A, 0), grid(B, 0)).get(0));
        BufferedImage image = FigureExport.plain(difference, WIDTH, HEIGHT, 1, FigureTheme.LIGHT);
        Rectangle2D zero = difference.cellBounds(0, 0, WIDTH, HEIGHT);
        assertEquals(
                FigureTheme.LIGHT.diverging(0), new Color(image.getRGB((int) zero.getX() + 8, (int) zero.getY() + 5)));
        Rectangle2D one = difference.cellBounds(0, 2, WIDTH, HEIGHT);
        assertEquals(
                FigureTheme.LIGHT.diverging(1), new Color(image.getRGB((int) one.getX() + 8, (int) one.getY() + 5)));
        assertTrue(Double.isNaN(value(difference, 0, 1)));
    }

    @Test
    void labelsAreForPeopleAndNeverRead() {
        Comparison comparison = compare(TokenMatch.FROM_START, LoopMatch.FROM_LAST, A, DEEP);
        HeatmapFigure named = grid(A, 0).toBuilder()
                .rows("", List.of("loop 1", "loop 2"))
                .columns("", List.of("x", "y", "z"))
                .build();
        HeatmapFigure deep = grid(DEEP, 0).toBuilder()
                .rows(Axis.named("", List.of("loop 1", "loop 2", "loop 3")))
                .columns("", List.of("z", "y", "x"))
                .build();
        HeatmapFigure difference = heatmap(of(comparison, named, deep).get(0));
        assertEquals(
                List.of("loop 1", "loop 2", "loop 3"), difference.spec().rows.labels(), "names, not loops");
        assertEquals(2, value(difference, 0, 0), "x with x, wherever it stands");
    }

    @Test
    void layersBelongToTheirLoopAndTokensMayBeginLater() {
        Comparison comparison = compare(TokenMatch.FROM_START, LoopMatch.FROM_LAST, A, DEEP);
        List<DepthPoint> two = List.of(DepthPoint.layer(1, 0), DepthPoint.layer(1, 7), DepthPoint.stepOutput(2));
        Axis places = Axis.places("", two);
        assertEquals(List.of("1·L00", "1·L07", "loop 2"), places.labels());
        assertEquals(List.of("last − 1·L00", "last − 1·L07", "last loop"), places.labels(comparison, 0));
        assertEquals(
                List.of(new AxisKey.Row(1, 0), new AxisKey.Row(1, 7), new AxisKey.Row(2, -1)),
                places.keys(comparison, 0).stream().map(AxisKey::on).toList());
        assertEquals(
                List.of(new AxisKey.Column(1), new AxisKey.Column(2), new AxisKey.Name("end")),
                Axis.tokens("", List.of("y", "z", "end"), 1).keys(comparison, 0).stream()
                        .map(AxisKey::on)
                        .toList(),
                "the run has no fourth token");
    }

    @Test
    void loopsAreMatchedFromTheLastWhereThatIsChosen() {
        Comparison comparison = compare(TokenMatch.FROM_START, LoopMatch.FROM_LAST, A, DEEP);
        HeatmapFigure difference =
                heatmap(of(comparison, grid(A, 0), grid(DEEP, 0)).get(0));
        assertEquals(
                List.of("last − 2", "last − 1", "last loop"),
                difference.spec().rows.labels());
        assertTrue(Double.isNaN(value(difference, 0, 0)));
        assertEquals(10, value(difference, 1, 0)); // loop 2 of three minus loop 1 of two
        Comparison byNumber = compare(A, DEEP);
        HeatmapFigure same = heatmap(of(byNumber, grid(A, 0), grid(DEEP, 0)).get(0));
        assertEquals(List.of("loop 1", "loop 2", "loop 3"), same.spec().rows.labels());
        assertEquals(0, value(same, 0, 0));
        assertTrue(Double.isNaN(value(same, 2, 0)));
    }

    @Test
    void allDifferencesHaveOneScale() {
        List<FigureDifference.Result> results = of(compare(A, A, A), grid(A, 0), grid(A, 2), grid(A, 8));
        assertEquals(2, value(heatmap(results.get(0)), 0, 0));
        assertEquals(8, value(heatmap(results.get(1)), 0, 0));
        assertEquals(8, ((DivergingScale) heatmap(results.get(0)).spec().scale).extent());
        assertEquals("C − A: Grid", heatmap(results.get(1)).title());
    }

    @Test
    void smallDifferencesAreNotBlownUp() {
        HeatmapFigure difference =
                heatmap(of(compare(A, A), grid(A, 0), grid(A, 1e-6)).get(0));
        assertEquals(1, ((DivergingScale) difference.spec().scale).extent(), 1e-12); // 1 % of 0 to 100
    }

    @Test
    void theTableHoldsBothNumbersAndTheirDifference() {
        Comparison comparison = compare(TokenMatch.FROM_END, LoopMatch.SAME_NUMBER, A, B);
        Table table = heatmap(of(comparison, grid(A, 0), grid(B, 5)).get(0)).table();
        assertEquals(List.of("run", "row", "column", "a", "b", "difference"), table.columnNames());
        assertEquals(8, table.rowCount());
        assertEquals("x", table.stringColumn("column").get(1));
        assertTrue(table.doubleColumn("a").isMissing(1));
        assertEquals(6, table.doubleColumn("b").getDouble(1));
        assertTrue(table.doubleColumn("difference").isMissing(1));
        assertEquals(5, table.doubleColumn("difference").getDouble(0));
    }

    private static HeatmapFigure kinds(String... kinds) {
        List<CategoryScale.Entry> entries = new ArrayList<>();
        for (String kind : kinds) {
            entries.add(new CategoryScale.Entry(kind, theme -> Color.RED));
        }
        return HeatmapFigure.builder("kinds", "Kinds")
                .rows("", List.of("row"))
                .columns("", List.of("1", "2"))
                .values(new CategoryScale(entries), (row, column) -> column)
                .texts((row, column) -> List.of(kinds[column]))
                .build();
    }

    @Test
    void namedKindsAreTheSameOrNotByTheirNameAndNotByTheirNumber() {
        HeatmapFigure difference = heatmap(of(compare(A, A), kinds("stays", "moves"), kinds("cycles", "moves", "stays"))
                .get(0));
        assertEquals(1, value(difference, 0, 0)); // stays, cycles
        assertEquals(0, value(difference, 0, 1)); // moves, moves
        assertTrue(difference.description().contains("the same kind in 1 of them (too few for a 95 % interval)"));
        assertEquals(
                List.of("no", "yes"), difference.table().stringColumn("same").asList());
        assertEquals("cycles", difference.table().stringColumn("b").get(0));
    }

    // ---- charts

    private static ChartFigure chart(int steps, boolean stepAxis, Object... lines) {
        return new ChartFigure(
                new ChartFigure.Heading("chart", "Chart", "made up", ""),
                400,
                200,
                theme -> {
                    XYSeriesCollection data = new XYSeriesCollection();
                    for (int i = 0; i < lines.length; i += 2) {
                        XYSeries series = new XYSeries(i, false, true);
                        series.setDescription((String) lines[i]);
                        double[] xy = (double[]) lines[i + 1];
                        for (int k = 0; k < xy.length; k += 2) {
                            series.add(xy[k], xy[k + 1]);
                        }
                        data.addSeries(series);
                    }
                    XYPlot plot = stepAxis
                            ? ChartStyle.stepPlot(steps, "loop step", ChartStyle.unitAxis("probability"), theme)
                            : ChartStyle.plot(new NumberAxis("x"), ChartStyle.unitAxis("probability"), theme);
                    plot.setDataset(data);
                    plot.setRenderer(ChartStyle.lines());
                    return ChartStyle.chart(plot, theme);
                },
                () -> Table.create("chart"));
    }

    @Test
    void linesOfAChartAreMatchedByNameAtEqualX() {
        ChartFigure a = chart(2, true, "Max", new double[] {1, 0.25, 2, 0.5}, "Amy", new double[] {1, 0.1, 2, 0.2});
        ChartFigure b =
                chart(3, true, "Sue", new double[] {1, 1, 2, 1, 3, 1}, "Max", new double[] {1, 0.75, 2, 0.5, 3, 1});
        Figure difference = of(compare(A, DEEP), a, b).get(0).figure().orElseThrow();
        assertEquals(
                "B − A · n = 2 points in both, 2 only in A, 4 only in B · float32 · A: made up", difference.subtitle());
        Table table = difference.table();
        assertEquals(List.of("Max", "Max"), table.stringColumn("series").asList());
        assertEquals(List.of(0.5, 0.0), table.doubleColumn("difference").asList());
        assertEquals(
                List.of(new ChartLegend.Entry("Max", "+0.50", 0)),
                ((ChartFigure) difference).legend().orElseThrow().entries());
        XYPlot plot =
                (XYPlot) ((ChartFigure) difference).chart(FigureTheme.DARK).getPlot();
        assertEquals("B − A: probability", plot.getRangeAxis().getLabel());
        assertEquals(0.54, plot.getRangeAxis().getUpperBound(), 1e-9);
        assertEquals(-0.54, plot.getRangeAxis().getLowerBound(), 1e-9);
        assertEquals(3.5, plot.getDomainAxis().getUpperBound(), 1e-9);
    }

    @Test
    void stepsOfAChartAreCountedFromTheLastWhereThatIsChosenAndOtherAxesAreNot() {
        Comparison comparison = compare(TokenMatch.FROM_START, LoopMatch.FROM_LAST, A, DEEP);
        double[] two = {1, 0.25, 2, 0.5};
        double[] three = {1, 0.125, 2, 0.75, 3, 1};
        Table steps = of(comparison, chart(2, true, "p", two), chart(3, true, "p", three))
                .get(0)
                .figure()
                .orElseThrow()
                .table();
        assertEquals(List.of(2.0, 3.0), steps.doubleColumn("x").asList());
        assertEquals(List.of(0.5, 0.5), steps.doubleColumn("difference").asList()); // 0.75 − 0.25, 1 − 0.5
        Table other = of(comparison, chart(2, false, "p", two), chart(3, false, "p", three))
                .get(0)
                .figure()
                .orElseThrow()
                .table();
        assertEquals(List.of(-0.125, 0.25), other.doubleColumn("difference").asList());
    }

    @Test
    void whatCannotBeSubtractedSaysWhy() {
        Figure text = new TextFigure();
        assertEquals(
                "This figure is neither a grid nor a chart of numbers, so there is no difference of it.",
                of(compare(A, A), text, text).get(0).sentence());
        assertEquals(
                "The points are a cloud, with several at one x, so there is no difference of it.",
                of(compare(A, A), chart(1, false, "p", new double[] {1, 1, 1, 2}), chart(1, false, "p", new double[] {
                            1, 1
                        }))
                        .get(0)
                        .sentence());
        assertEquals(
                "A and B have no point of one line at the same x, so there is no difference.",
                of(compare(A, A), chart(1, false, "p", new double[] {1, 1}), chart(1, false, "q", new double[] {1, 1}))
                        .get(0)
                        .sentence());
        assertEquals(
                "B has no such figure, so there is no difference.",
                FigureDifference.of(compare(A, A), List.of(Optional.of(text), Optional.empty()))
                        .get(0)
                        .sentence());
        assertEquals(
                "One of the two shows numbers and the other named kinds, so there is no difference.",
                of(compare(A, A), grid(A, 0), kinds("one", "two")).get(0).sentence());
    }

    @Test
    void aFigureThatThrowsIsToldAndTheOthersGoOn() {
        HeatmapFigure broken = grid(A, 0).toBuilder()
                .values(ValueScale.probability(""), (row, column) -> {
                    throw new IllegalStateException("broken");
                })
                .build();
        List<FigureDifference.Result> results = of(compare(A, A, A), grid(A, 0), broken, grid(A, 1));
        assertFalse(results.get(0).figure().isPresent());
        assertTrue(results.get(0).sentence().contains("broken"), results.get(0).sentence());
        assertTrue(results.get(1).figure().isPresent());
    }

    private static final class TextFigure implements Figure {
        @Override
        public String id() {
            return "text";
        }

        @Override
        public String title() {
            return "Text";
        }

        @Override
        public String subtitle() {
            return "";
        }

        @Override
        public double preferredWidth() {
            return 10;
        }

        @Override
        public double preferredHeight() {
            return 10;
        }

        @Override
        public void draw(Graphics2D g, double width, double height, FigureTheme theme) {
            g.drawString("words", 1, 9);
        }

        @Override
        public Table table() {
            return Table.create("text");
        }

        @Override
        public String description() {
            return "";
        }
    }

    // ---- the cursor

    @Test
    void aCellsPartnersAreFoundInEveryRunAndDifference() {
        Comparison comparison = compare(TokenMatch.FROM_END, LoopMatch.SAME_NUMBER, A, B);
        LinkedCells cells = LinkedCells.of(comparison, List.of(Optional.of(grid(A, 0)), Optional.of(grid(B, 0))));
        HeatmapFigure.Cell y = new HeatmapFigure.Cell(1, 1); // of A
        assertEquals(Optional.of(new HeatmapFigure.Cell(1, 2)), cells.partner(0, y, 1));
        assertEquals(Optional.of(new HeatmapFigure.Cell(1, 2)), cells.partner(0, y, 2)); // in B − A
        assertEquals(Optional.of(y), cells.partner(2, new HeatmapFigure.Cell(1, 2), 0));
        assertEquals(Optional.empty(), cells.partner(1, new HeatmapFigure.Cell(0, 1), 0)); // second x
        assertEquals(OptionalInt.of(2), cells.column(0, y));
        assertEquals(OptionalInt.of(1), cells.row(0, y));
        LinkedCells none = LinkedCells.of(compare(A, A), List.of(Optional.of(kinds("a", "b")), Optional.empty()));
        assertEquals(OptionalInt.empty(), none.column(0, new HeatmapFigure.Cell(0, 1)));
        assertEquals(Optional.empty(), none.partner(0, new HeatmapFigure.Cell(0, 1), 1));
    }
}
