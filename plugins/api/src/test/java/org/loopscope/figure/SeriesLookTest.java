package org.loopscope.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jfree.chart.plot.XYPlot;
import org.jfree.data.xy.YIntervalSeriesCollection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.loopscope.analysis.probe.ProbeResult;
import org.loopscope.analysis.probe.ProbeRow;
import org.loopscope.analysis.probe.ShuffledLabels;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.plugin.figure.ProbeFigures;
import org.loopscope.plugin.testkit.LegendLooks;
import tech.tablesaw.api.Table;

/** No two lines of a figure look the same, however many there are. */
class SeriesLookTest {
    private static final ChartFigure.Heading HEADING = new ChartFigure.Heading("x", "Title", "about", "says");

    private static DepthChart.Line line(int index, double low, double high) {
        List<DepthChart.Point> points = IntStream.rangeClosed(1, 8)
                .mapToObj(t -> new DepthChart.Point(t, 0.01 * index, 0.01 * index + low, 0.01 * index + high))
                .toList();
        return new DepthChart.Line("line " + index, index, false, points, "");
    }

    private static ChartFigure lines(int n, boolean below) {
        DepthChart chart = new DepthChart(HEADING, 8, 1).vertical("value", 0, 1);
        for (int i = 0; i < n; i++) {
            chart.line(line(i, -0.1, 0.1));
        }
        return (below ? chart.legendBelow() : chart.legend("names")).build(() -> Table.create("t"));
    }

    /** Made-up probes of T loops of two layers: T answers and gold. */
    private static List<ProbeRow> probes(int steps, ShuffledLabels shuffled) {
        List<ProbeRow> rows = new ArrayList<>();
        for (int depth = 1; depth <= 2 * steps; depth++) {
            for (int target = 1; target <= steps + 1; target++) {
                double auc = 0.6 + 0.3 * target / (steps + 1);
                ProbeResult result = new ProbeResult(
                        100, 2, auc, new Interval(auc - 0.1, auc + 0.05), 0.7, new Interval(0.6, 0.8), 0.5);
                String name = target > steps ? "gold" : "step " + target;
                rows.add(
                        new ProbeRow(name, (depth + 1) / 2, (depth + 1) % 2, depth, "split", result, result, shuffled));
            }
        }
        return rows;
    }

    private static final ShuffledLabels TWENTY = new ShuffledLabels(20, 0.5, 0.42, 0.58, 0.5);

    @Test
    void theFirstLinesDifferInColourAloneAndAllOthersInMoreThanThat() {
        for (FigureTheme theme : List.of(FigureTheme.LIGHT, FigureTheme.DARK)) {
            Set<String> looks = new HashSet<>();
            for (int i = 0; i < SeriesLook.DIFFERENT; i++) {
                SeriesLook look = SeriesLook.of(i);
                assertEquals(i >= 8, look.marked());
                assertEquals(i >= 8, look.dashes().length > 0);
                assertTrue(looks.add(theme.series(i) + " " + look.mark()), "line " + i + " by its mark");
            }
        }
        assertNull(SeriesLook.of(7).stroke(2).getDashArray());
        assertFalse(SeriesLook.of(-1).marked());
        assertFalse(Arrays.equals(SeriesLook.of(8).dashes(), SeriesLook.of(16).dashes()));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 9, 17, 40, 65})
    void noTwoLinesOfAChartOverDepthLookAlike(int n) {
        assertEquals(Optional.empty(), LegendLooks.alike(lines(n, false)));
        assertEquals(Optional.empty(), LegendLooks.alike(lines(n, true)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 8, 12, 64})
    void noTwoLinesOfTheProbesLookAlike(int steps) {
        ChartFigure figure = ProbeFigures.auc(probes(steps, TWENTY), 2, "made up");
        assertEquals(Optional.empty(), LegendLooks.alike(figure));
        ChartLegend legend = figure.legend().orElseThrow();
        assertEquals(steps + 2, legend.entries().size());
        assertEquals("n = 20 × " + (steps + 1), legend.entries().get(steps + 1).value());
        assertTrue(legend.height() <= figure.preferredHeight(), "the legend is within the figure");
    }

    @Test
    void linesThatAreAlikeAreFound() {
        ChartFigure figure = new DepthChart(HEADING, 8, 1)
                .line(line(3, 0, 0))
                .line(new DepthChart.Line("another", 3, false, line(4, 0, 0).points(), ""))
                .legend("names")
                .build(() -> Table.create("t"));
        assertEquals(Optional.of("x: line 3 and another"), LegendLooks.alike(figure));
    }

    @Test
    void manyIntervalsAreBarsAndFewAreBands() {
        XYPlot few = (XYPlot) lines(4, false).chart(FigureTheme.LIGHT).getPlot();
        assertEquals(1, few.getDatasetCount());
        assertEquals(0.2, width((YIntervalSeriesCollection) few.getDataset(0), 0), 1e-12);
        XYPlot many = (XYPlot) lines(9, false).chart(FigureTheme.LIGHT).getPlot();
        assertEquals(0, width((YIntervalSeriesCollection) many.getDataset(0), 0), "no band");
        YIntervalSeriesCollection bars = (YIntervalSeriesCollection) many.getDataset(1);
        assertEquals(9, bars.getSeriesCount());
        // Nine lines, three bars at one depth: line 0 has one at the depths 3 and 6.
        assertEquals(2, bars.getItemCount(0));
        assertEquals(3, bars.getXValue(0, 0));
        assertEquals(0.2, width(bars, 0), 1e-12);
    }

    private static double width(YIntervalSeriesCollection data, int series) {
        return data.getEndYValue(series, 0) - data.getStartYValue(series, 0);
    }

    @Test
    void chanceIsABandUnderTheProbesAndOfOlderRowsALine() {
        XYPlot plot = (XYPlot) ProbeFigures.auc(probes(4, TWENTY), 2, "made up")
                .chart(FigureTheme.LIGHT)
                .getPlot();
        YIntervalSeriesCollection band = (YIntervalSeriesCollection) plot.getDataset(2);
        assertEquals(0.42, band.getStartYValue(0, 0));
        assertEquals(0.58, band.getEndYValue(0, 0));
        assertEquals(8, band.getItemCount(0));
        XYPlot old = (XYPlot) ProbeFigures.auc(probes(4, ShuffledLabels.NONE), 2, "made up")
                .chart(FigureTheme.LIGHT)
                .getPlot();
        assertEquals(10, old.getDataset(0).getSeriesCount(), "five lines and their controls");
    }

    @Test
    void aTargetOfATableOfOthersIsNamedAsItStandsThere() throws IOException {
        ProbeRow own = probes(1, TWENTY).get(0);
        ProbeRow foreign = new ProbeRow(
                "step", own.step(), own.layer(), own.depth(), "split", own.probe(), own.control(), own.shuffled());
        String svg = FigureExport.svgText(ProbeFigures.auc(List.of(own, foreign), 2, "x"), FigureTheme.LIGHT);
        assertTrue(svg.contains(">step"), svg);
    }
}
