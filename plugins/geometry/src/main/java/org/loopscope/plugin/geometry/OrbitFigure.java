package org.loopscope.plugin.geometry;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.loopscope.analysis.geometry.Orbits;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.ChartStyle;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.Palette;

/** The states of some tokens in the plane of two principal axes: a path a token, coloured by step. */
final class OrbitFigure {
    static final String ID = "geometry-orbits";

    private OrbitFigure() {}

    /** {@code vertical} is the axis drawn upwards, 1 or 2; axis 0 goes to the right. */
    static ChartFigure of(Inspection inspection, Orbits orbits, int position, int vertical) {
        long tokens =
                orbits.points().stream().map(Orbits.Point::position).distinct().count();
        String shares = String.format(
                Locale.ROOT,
                "one PCA of %d states (%d tokens × %s) · axes explain %.1f %% and %.1f %% of the variance",
                orbits.fitted(),
                tokens,
                orbits.layers() ? "all steps and layers" : "all steps",
                100 * orbits.explained(0),
                100 * orbits.explained(vertical));
        return new ChartFigure(
                new ChartFigure.Heading(
                        ID,
                        "Orbits in one plane",
                        shares + " · " + inspection.capture().model().computeDtype(),
                        describe(inspection, orbits, position, shares)),
                480,
                340,
                theme -> chart(inspection, orbits, position, vertical, theme),
                orbits::toTable);
    }

    private static JFreeChart chart(
            Inspection inspection, Orbits orbits, int position, int vertical, FigureTheme theme) {
        double[] extent = extent(orbits, vertical);
        XYPlot plot = ChartStyle.plot(
                axis(orbits, 0, extent[0], extent[2]), axis(orbits, vertical, extent[1], extent[2]), theme);
        plot.setDomainGridlinesVisible(true);
        plot.setDomainGridlinePaint(theme.grid());
        plot.setDomainGridlineStroke(new BasicStroke(1f));
        XYSeriesCollection data = new XYSeriesCollection();
        XYLineAndShapeRenderer renderer = ChartStyle.lines();
        List<List<Orbits.Point>> drawn = new ArrayList<>();
        for (int p : orbits.points().stream()
                .map(Orbits.Point::position)
                .distinct()
                .sorted((a, b) -> a == position ? 1 : b == position ? -1 : 0) // the selected one on top
                .toList()) {
            for (int t = 1; t <= orbits.steps(); t++) {
                List<Orbits.Point> segment = segment(orbits.points(p), t);
                XYSeries series = new XYSeries("p" + p + "t" + t, false, true);
                segment.forEach(point -> series.add(point.at(0), point.at(vertical)));
                data.addSeries(series);
                drawn.add(segment);
                style(renderer, data.getSeriesCount() - 1, theme.step(t, orbits.steps()), p == position, theme);
            }
        }
        renderer.setDefaultToolTipGenerator(
                (d, s, i) -> tip(inspection, drawn.get(s).get(i)));
        plot.setDataset(data);
        plot.setRenderer(renderer);
        label(plot, orbits, position, vertical, theme);
        return ChartStyle.chart(plot, theme);
    }

    /** The points of a step, and before them the last one of the step before, so that the path is whole. */
    private static List<Orbits.Point> segment(List<Orbits.Point> points, int step) {
        List<Orbits.Point> result = new ArrayList<>();
        for (Orbits.Point point : points) {
            if (point.depth().step() == step) {
                result.add(point);
            } else if (point.depth().step() == step - 1 && point.depth().layer().isEmpty()) {
                result.add(0, point);
            }
        }
        return result;
    }

    private static void style(
            XYLineAndShapeRenderer renderer, int series, Color color, boolean selected, FigureTheme theme) {
        renderer.setSeriesPaint(series, selected ? color : Palette.mix(theme.card(), color, 0.45));
        renderer.setSeriesStroke(series, new BasicStroke(selected ? 2.4f : 1f));
        renderer.setSeriesShape(series, ChartStyle.dot(selected ? 7 : 4));
    }

    private static void label(XYPlot plot, Orbits orbits, int position, int vertical, FigureTheme theme) {
        int every = Math.max(1, orbits.steps() / 8);
        for (Orbits.Point point : orbits.points(position)) {
            int t = point.depth().step();
            if (point.depth().layer().isEmpty() && (t == 1 || t == orbits.steps() || t % every == 0)) {
                XYTextAnnotation text = new XYTextAnnotation(" " + t, point.at(0), point.at(vertical));
                text.setFont(theme.bold(12));
                text.setPaint(theme.text());
                text.setTextAnchor(TextAnchor.BOTTOM_LEFT);
                plot.addAnnotation(text);
            }
        }
    }

    /** Middles of both axes, and the length that both get, so that neither is stretched against the other. */
    private static double[] extent(Orbits orbits, int vertical) {
        double[] x = orbits.points().stream().mapToDouble(p -> p.at(0)).sorted().toArray();
        double[] y = orbits.points().stream()
                .mapToDouble(p -> p.at(vertical))
                .sorted()
                .toArray();
        double width = x[x.length - 1] - x[0];
        double height = y[y.length - 1] - y[0];
        double length = 1.12 * Math.max(1e-9, Math.max(width, height));
        return new double[] {x[0] + width / 2, y[0] + height / 2, length};
    }

    private static NumberAxis axis(Orbits orbits, int i, double middle, double length) {
        NumberAxis axis =
                new NumberAxis(String.format(Locale.ROOT, "axis %d (%.1f %%)", i + 1, 100 * orbits.explained(i)));
        axis.setRange(middle - length / 2, middle + length / 2);
        axis.setNumberFormatOverride(ChartStyle.decimals("0.##"));
        return axis;
    }

    private static String tip(Inspection inspection, Orbits.Point point) {
        String where = point.depth().layer().isPresent()
                ? "loop " + point.depth().step() + ", layer "
                        + point.depth().layer().getAsInt()
                : "loop " + point.depth().step() + ", output";
        return "“" + CurveFigures.text(inspection.capture(), point.position()) + "” " + where;
    }

    private static String describe(Inspection inspection, Orbits orbits, int position, String shares) {
        StringBuilder text = new StringBuilder(
                shares + ". Path of “" + CurveFigures.text(inspection.capture(), position) + "”, step outputs:");
        for (Orbits.Point point : orbits.points(position)) {
            if (point.depth().layer().isEmpty() && point.depth().step() <= 16) {
                text.append(String.format(Locale.ROOT, " (%.2f, %.2f)", point.at(0), point.at(1)));
            }
        }
        return text.append(".").toString();
    }
}
