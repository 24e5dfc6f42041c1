package org.loopscope.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
        ChartFigure figure = lines(n, false);
        assertTrue(
                figure.legend().orElseThrow().height() <= figure.preferredHeight(), "the legend is within the figure");
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
}
