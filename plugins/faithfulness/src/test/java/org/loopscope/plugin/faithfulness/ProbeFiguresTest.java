package org.loopscope.plugin.faithfulness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jfree.chart.plot.XYPlot;
import org.jfree.data.xy.YIntervalSeriesCollection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.loopscope.analysis.probe.ProbeResult;
import org.loopscope.analysis.probe.ProbeRow;
import org.loopscope.analysis.probe.ShuffledLabels;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.ChartLegend;
import org.loopscope.figure.FigureExport;
import org.loopscope.figure.FigureTheme;
import org.loopscope.plugin.testkit.LegendLooks;

/** The curves of probes over depth. */
class ProbeFiguresTest {
    /** Made-up probes of T loops of two layers: T answers and gold. */
    private static List<ProbeRow> probes(int steps, ShuffledLabels shuffled) {
        List<ProbeRow> rows = new ArrayList<>();
        for (int depth = 1; depth <= 2 * steps; depth++) {
            for (int target = 1; target <= steps + 1; target++) {
                double auc = 0.6 + 0.3 * target / (steps + 1);
                ProbeResult result = new ProbeResult(
                        100, 2, auc, new Interval(auc - 0.1, auc + 0.05), 0.7, new Interval(0.6, 0.8), 0.5);
                String name = target > steps ? "gold" : "step " + target;
                rows.add(ProbeRow.of(name, (depth + 1) / 2, (depth + 1) % 2, depth, "split", result, result, shuffled));
            }
        }
        return rows;
    }

    private static final ShuffledLabels TWENTY = new ShuffledLabels(20, 0.5, 0.42, 0.58, 0.5);

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 8, 12, 64})
    void noTwoLinesOfTheProbesLookAlike(int steps) {
        ChartFigure figure = ProbeFigures.auc(probes(steps, TWENTY), 2, "made up");
        assertEquals(Optional.empty(), LegendLooks.alike(figure));
        ChartLegend legend = figure.legend().orElseThrow();
        assertEquals(steps + 2, legend.entries().size());
        assertEquals("n = 20 × " + (steps + 1), legend.entries().get(steps + 1).value());
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
        ProbeRow foreign = ProbeRow.of(
                "step", own.step(), own.layer(), own.depth(), "split", own.probe(), own.control(), own.shuffled());
        String svg = FigureExport.svgText(ProbeFigures.auc(List.of(own, foreign), 2, "x"), FigureTheme.LIGHT);
        assertTrue(svg.contains(">step"), svg);
    }
}
