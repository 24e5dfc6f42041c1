package org.loopscope.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Paint;
import java.awt.Shape;
import java.awt.Stroke;
import java.awt.geom.Line2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItem;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.IntervalMarker;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.DeviationRenderer;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.ui.Layer;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;
import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.Table;

/**
 * Lines over depth with their 95 % intervals as bands, and borders between loops: for anything that is measured at every
 * step, or at every layer of every step. Lines that coincide stay visible: dashed ones have wide gaps and open markers, each
 * its own, and of two solid ones that run together the upper is drawn in long dashes. The intervals of more than four lines
 * are drawn as bars, each line's at other depths than its neighbours'.
 */
public final class DepthChart {
    private static final int MOST_TICKS = 26;
    private static final int MOST_MARKERS = 32; // deeper, open markers would run into each other

    private static final BasicStroke MARKER = new BasicStroke(1.3f);

    private final ChartFigure.Heading heading;
    private final int depth;
    private final int layers;
    private final List<Line> lines = new ArrayList<>();
    private @Nullable Line range;
    private String vertical = "";
    private String horizontal = "loop step";
    private String legendTitle = "";
    private double low = Double.NaN;
    private double high = Double.NaN;
    private double reference = Double.NaN;
    private double shadedFrom = Double.NaN;
    private String shadeLabel = "";
    private boolean legendBelow;
    private boolean nested;

    /**
     * One value.
     *
     * @param depth from 1: the step, or layers passed so far
     * @param low lower end of the interval; equal to {@code value} for none
     */
    public record Point(int depth, double value, double low, double high) {}

    /**
     * One line.
     *
     * @param color as for {@link FigureTheme#series}
     * @param name in the legend; empty for a line that is not listed
     * @param control dashed: what the other lines are to be compared with
     * @param points by depth; NaN values are gaps
     * @param shown the value that the legend gives
     */
    public record Line(String name, int color, boolean control, List<Point> points, String shown) {
        public Line {
            points = List.copyOf(points);
        }
    }

    /**
     * An empty chart.
     *
     * @param depth the deepest point
     * @param layers points a loop: L for layers, 1 for steps
     */
    public DepthChart(ChartFigure.Heading heading, int depth, int layers) {
        this.heading = heading;
        this.depth = depth;
        this.layers = layers;
    }

    public DepthChart line(Line line) {
        lines.add(line);
        return this;
    }

    /** A grey band under all lines, its middle dashed: what they are to be seen against, such as chance. Listed last. */
    public DepthChart against(Line band) {
        range = band;
        return this;
    }

    /** Vertical axis: its name with the unit, and the least range that it shows. */
    public DepthChart vertical(String name, double least, double most) {
        vertical = name;
        low = least;
        high = most;
        return this;
    }

    /** Horizontal axis of steps: its name, unless it is the loop step. */
    public DepthChart horizontal(String name) {
        horizontal = name;
        return this;
    }

    /** A level that means nothing was found, drawn as a thin line. */
    public DepthChart reference(double level) {
        reference = level;
        return this;
    }

    /** Shades all that is deeper than {@code depth}, such as what lies outside training, and says what it is. */
    public DepthChart shadeBeyond(double depth, String label) {
        shadedFrom = depth;
        shadeLabel = label;
        return this;
    }

    /**
     * Draws later lines wider than earlier ones, which are drawn over them: of lines that coincide, each is seen as the border of
     * the one before.
     */
    public DepthChart nested() {
        nested = true;
        return this;
    }

    /** The stroke of line {@code index} where lines may coincide; the first is as wide as any line. */
    static BasicStroke nested(int index) {
        return new BasicStroke(2f + 2.4f * Math.min(3, index), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    }

    /** Names the lines below the chart, on screen and in files, instead of beside it in files. */
    public DepthChart legendBelow() {
        legendBelow = true;
        return this;
    }

    public DepthChart legend(String title) {
        legendTitle = title;
        return this;
    }

    public ChartFigure build(Supplier<Table> table) {
        List<Line> all = List.copyOf(lines);
        DepthChart fixed = this;
        List<ChartLegend.Entry> entries = new ArrayList<>();
        for (Line line : all) {
            if (!line.name.isEmpty()) {
                LegendMark mark = line.control
                        ? controlMark(line, all)
                        : SeriesLook.of(line.color).mark();
                entries.add(new ChartLegend.Entry(line.name, line.shown, line.color, mark));
            }
        }
        if (range != null) {
            entries.add(new ChartLegend.Entry(range.name, range.shown, range.color, LegendMark.DASHES));
        }
        ChartFigure figure =
                new ChartFigure(heading, legendBelow ? 480 : 760, 340, theme -> fixed.chart(all, theme), table);
        return legendBelow ? figure : figure.withLegend(new ChartLegend(legendTitle, entries));
    }

    private JFreeChart chart(List<Line> all, FigureTheme theme) {
        XYPlot plot = layers == 1
                ? ChartStyle.stepPlot(depth, horizontal, verticalAxis(all), theme)
                : ChartStyle.plot(layerAxis(), verticalAxis(all), theme);
        borders(plot, theme);
        shade(plot, theme);
        if (!Double.isNaN(reference)) {
            ValueMarker level = new ValueMarker(reference, theme.mutedText(), new BasicStroke(1.2f));
            plot.addRangeMarker(level);
        }
        YIntervalSeriesCollection data = new YIntervalSeriesCollection();
        DeviationRenderer renderer = new DeviationRenderer(true, true);
        renderer.setAlpha(0.14f);
        boolean bars = DepthIntervals.asBars(all);
        for (int i = 0; i < all.size(); i++) {
            data.addSeries(series(all.get(i), i, !bars));
            paint(renderer, i, all, theme);
            if (nested && !SeriesLook.of(all.get(i).color).marked()) {
                renderer.setSeriesStroke(i, nested(i));
                renderer.setSeriesShape(i, ChartStyle.dot(5 + 3.4 * Math.min(3, i)));
            }
        }
        plot.setDataset(data);
        plot.setRenderer(renderer);
        if (bars) {
            DepthIntervals.addBars(plot, all, theme);
        }
        if (range != null) {
            DepthIntervals.addRange(plot, range, theme);
        }
        JFreeChart chart = ChartStyle.chart(plot, theme);
        if (legendBelow) {
            chart.addLegend(below(all, theme));
        }
        return chart;
    }

    private LegendTitle below(List<Line> all, FigureTheme theme) {
        LegendItemCollection items = new LegendItemCollection();
        for (Line line : all) {
            if (!line.name.isEmpty()) {
                items.add(item(line, all, theme));
            }
        }
        LegendTitle legend = new LegendTitle(() -> items);
        legend.setItemFont(theme.font(12));
        legend.setItemPaint(theme.text());
        legend.setBackgroundPaint(theme.card());
        legend.setPosition(RectangleEdge.BOTTOM);
        return legend;
    }

    private LegendItem item(Line line, List<Line> all, FigureTheme theme) {
        Paint paint = theme.series(line.color);
        return new LegendItem(
                line.name,
                "",
                null,
                null,
                true,
                marker(line, all),
                filled(line),
                paint,
                !filled(line),
                paint,
                MARKER,
                true,
                new Line2D.Double(-13, 0, 13, 0),
                stroke(line, all),
                paint);
    }

    private static BasicStroke stroke(Line line, List<Line> all) {
        if (!line.control) {
            float width = 2.2f;
            if (SeriesLook.of(line.color).marked()) {
                return SeriesLook.of(line.color).stroke(width);
            }
            return coversAnother(line, all)
                    ? dashed(width, 10, 9)
                    : new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
        }
        return controlIndex(line, all) % 2 == 0 ? dashed(1.6f, 5, 6) : dashed(1.6f, 2, 4);
    }

    private static BasicStroke dashed(float width, float on, float off) {
        return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, new float[] {on, off}, 0);
    }

    /** How many dashed lines with a name come before it. */
    private static int controlIndex(Line line, List<Line> all) {
        return (int) all.stream()
                .takeWhile(other -> other != line)
                .filter(other -> other.control && !other.name.isEmpty())
                .count();
    }

    /** Whether it is drawn over a solid line with which it shares two points in a row; the first line is the uppermost. */
    private static boolean coversAnother(Line line, List<Line> all) {
        return all.stream()
                .dropWhile(other -> other != line)
                .skip(1)
                .anyMatch(other -> !other.control && runTogether(line.points, other.points));
    }

    private static boolean runTogether(List<Point> a, List<Point> b) {
        int inARow = 0;
        for (int i = 0; i < Math.min(a.size(), b.size()) && inARow < 2; i++) {
            inARow = Math.abs(a.get(i).value - b.get(i).value) < 1e-3 ? inARow + 1 : 0; // false for NaN
        }
        return inARow == 2;
    }

    private boolean open(Line line) {
        return line.control && !line.name.isEmpty() && depth <= MOST_MARKERS;
    }

    private Shape marker(Line line, List<Line> all) {
        if (!open(line)) {
            return line.control ? ChartStyle.dot(3) : SeriesLook.of(line.color).shape(5);
        }
        return controlMark(line, all).shape(8);
    }

    private static LegendMark controlMark(Line line, List<Line> all) {
        return controlIndex(line, all) % 2 == 0 ? LegendMark.OPEN_SQUARE : LegendMark.DIAMOND;
    }

    private boolean filled(Line line) {
        return !open(line) && (line.control || SeriesLook.of(line.color).mark().filled());
    }

    private boolean shaded() {
        return shadedFrom < depth + 0.5; // false for NaN
    }

    private void shade(XYPlot plot, FigureTheme theme) {
        if (!shaded()) {
            return;
        }
        IntervalMarker region = new IntervalMarker(shadedFrom, depth + 0.5, theme.grid());
        region.setAlpha(0.7f);
        region.setLabel(shadeLabel);
        region.setLabelFont(theme.font(11));
        region.setLabelPaint(theme.mutedText());
        region.setLabelBackgroundColor(new Color(0, 0, 0, 0));
        region.setLabelAnchor(RectangleAnchor.TOP_RIGHT);
        region.setLabelTextAnchor(TextAnchor.TOP_RIGHT);
        region.setLabelOffset(new RectangleInsets(2, 4, 2, 4));
        plot.addDomainMarker(region, Layer.BACKGROUND);
    }

    private NumberAxis layerAxis() {
        NumberAxis axis = new NumberAxis("realised depth: layers passed, " + layers + " a loop");
        axis.setRange(0.5, depth + 0.5);
        int tick = depth > MOST_TICKS ? layers : 1;
        while (depth / tick > MOST_TICKS) {
            tick += layers;
        }
        axis.setTickUnit(new NumberTickUnit(tick, ChartStyle.decimals("0")));
        return axis;
    }

    private NumberAxis verticalAxis(List<Line> all) {
        double least = low;
        double most = high;
        for (Line line : range == null
                ? all
                : Stream.concat(all.stream(), Stream.of(range)).toList()) {
            for (Point p : line.points) {
                for (double value : new double[] {p.value, p.low, p.high}) {
                    least = Double.isNaN(value) ? least : Math.min(least, value);
                    most = Double.isNaN(value) ? most : Math.max(most, value);
                }
            }
        }
        NumberAxis axis = new NumberAxis(vertical);
        double margin = 0.04 * (most - least);
        double label = shaded() ? 0.08 * (most - least) : 0; // the name of the shaded region stands above the data
        axis.setRange(least - margin, most + margin + label);
        axis.setTickUnit(verticalTick(most - least));
        return axis;
    }

    private static NumberTickUnit verticalTick(double range) {
        if (range >= 0.5 && range <= 10) {
            return new NumberTickUnit(range > 4 ? 1 : range > 1.6 ? 0.5 : 0.25, ChartStyle.decimals("0.00"));
        }
        double power = Math.pow(10, Math.floor(Math.log10(range / 4)));
        double digit = range / 4 / power;
        double tick = power * (digit < 2 ? 1 : digit < 5 ? 2 : 5);
        return new NumberTickUnit(tick, ChartStyle.decimals(tick >= 1 ? "0" : "0.######"));
    }

    private void borders(XYPlot plot, FigureTheme theme) {
        if (layers == 1) {
            return;
        }
        Stroke dotted = new BasicStroke(1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {2, 3}, 0);
        int loops = depth / layers;
        for (int t = 1; t <= loops; t++) {
            ValueMarker border = new ValueMarker(t * layers + 0.5, theme.mutedText(), dotted);
            border.setLabel("loop " + t + " ");
            border.setLabelFont(theme.font(11));
            border.setLabelPaint(theme.mutedText());
            border.setLabelBackgroundColor(new Color(0, 0, 0, 0));
            border.setLabelAnchor(RectangleAnchor.BOTTOM_LEFT);
            border.setLabelTextAnchor(TextAnchor.BOTTOM_RIGHT);
            plot.addDomainMarker(border);
        }
    }

    private static YIntervalSeries series(Line line, int index, boolean bands) {
        YIntervalSeries series = new YIntervalSeries(index + " " + line.name, false, true);
        series.setDescription(line.name);
        for (Point p : line.points) {
            if (!Double.isNaN(p.value)) {
                boolean interval = bands && !Double.isNaN(p.low) && !Double.isNaN(p.high);
                series.add(p.depth, p.value, interval ? p.low : p.value, interval ? p.high : p.value);
            }
        }
        return series;
    }

    private void paint(DeviationRenderer renderer, int index, List<Line> all, FigureTheme theme) {
        Line line = all.get(index);
        renderer.setSeriesPaint(index, theme.series(line.color));
        renderer.setSeriesFillPaint(index, theme.series(line.color));
        renderer.setSeriesShape(index, marker(line, all));
        renderer.setSeriesShapesFilled(index, filled(line));
        renderer.setSeriesOutlineStroke(index, MARKER);
        renderer.setSeriesStroke(index, stroke(line, all));
    }

    /** {@code 0.87} or {@code 0.87 (0.80 to 0.92)}. */
    public static String number(double value, double low, double high) {
        if (Double.isNaN(value)) {
            return "undefined";
        }
        return low == high || Double.isNaN(low)
                ? String.format(Locale.ROOT, "%.2f", value)
                : String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", value, low, high);
    }
}
