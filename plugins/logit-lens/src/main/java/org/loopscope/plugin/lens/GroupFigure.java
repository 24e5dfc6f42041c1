package org.loopscope.plugin.lens;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.loopscope.analysis.lens.GroupTrajectories;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.ChartStyle;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.SeriesLook;
import org.loopscope.figure.TokenText;

/** Summed probability of token groups at one position by loop step, or along the layers of all steps. */
final class GroupFigure {
    static final String ID = "lens-groups";

    private GroupFigure() {}

    static ChartFigure of(Inspection inspection, GroupTrajectories groups, int position) {
        String token = TokenText.inSentence(inspection.capture().tokenText(position), FigureTheme.LIGHT.font(12));
        boolean layers = groups.rows().get(0).layer().isPresent();
        return new ChartFigure(
                new ChartFigure.Heading(
                        ID,
                        "Token groups at “" + token + "”, " + LensFigures.lensName(groups.statement()),
                        "exact sum over each group's tokens · " + groups.statement(),
                        describe(groups)),
                480,
                280,
                theme -> chart(groups, layers, theme),
                groups::toTable);
    }

    private static JFreeChart chart(GroupTrajectories groups, boolean layers, FigureTheme theme) {
        int perStep =
                layers ? (int) groups.rows().stream().filter(r -> r.step() == 1).count() : 1;
        int steps = groups.rows().size() / perStep;
        XYPlot plot = ChartStyle.stepPlot(steps, "loop step t", ChartStyle.unitAxis("probability"), theme);
        XYSeriesCollection data = new XYSeriesCollection();
        XYLineAndShapeRenderer renderer = ChartStyle.lines();
        for (int g = 0; g < groups.groups().size(); g++) {
            XYSeries series = new XYSeries(g + ": " + groups.groups().get(g).name());
            series.setDescription(groups.groups().get(g).name());
            for (int row = 0; row < groups.rows().size(); row++) {
                series.add(
                        (row + 1.0) / perStep,
                        groups.probability(0, g, row)); // a step's last layer stands at its number
            }
            data.addSeries(series);
            SeriesLook.of(g).apply(renderer, g, perStep > 4 ? 3 : 6, theme);
        }
        renderer.setDefaultToolTipGenerator((d, s, i) -> String.format(
                Locale.ROOT,
                "%s, %s: %.4f",
                groups.groups().get(s).name(),
                groups.rows().get(i).label(),
                d.getYValue(s, i)));
        renderer.setLegendItemLabelGenerator((d, s) -> {
            var group = groups.groups().get(s);
            return group.name() + " (" + group.ids().size() + ")";
        });
        if (layers) {
            plot.getDomainAxis().setRange(0, steps + 0.5);
        }
        plot.setDataset(data);
        plot.setRenderer(renderer);
        JFreeChart chart = ChartStyle.chart(plot, theme);
        LegendTitle legend = new LegendTitle(plot);
        legend.setItemFont(theme.font(12));
        legend.setItemPaint(theme.text());
        legend.setBackgroundPaint(theme.card());
        legend.setPosition(RectangleEdge.BOTTOM);
        chart.addLegend(legend);
        return chart;
    }

    private static String describe(GroupTrajectories groups) {
        List<String> parts = new ArrayList<>();
        int last = groups.rows().size() - 1;
        for (int g = 0; g < groups.groups().size(); g++) {
            parts.add(String.format(
                    Locale.ROOT,
                    "%s goes from %.3f to %.3f",
                    groups.groups().get(g).name(),
                    groups.probability(0, g, 0),
                    groups.probability(0, g, last)));
        }
        return "Summed probability from the first to the last depth: " + String.join(", ", parts) + ".";
    }
}
