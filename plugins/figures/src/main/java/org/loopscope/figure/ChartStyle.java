package org.loopscope.figure;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.FieldPosition;
import java.text.NumberFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.TickUnits;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.StandardXYBarPainter;
import org.jfree.chart.renderer.xy.XYBarRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.text.TextUtils;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;

/** The look of every chart: card background, thin grid, no frame, Inter from 12 px, strokes from 1.6 px. */
public final class ChartStyle {
    public static final double AXIS_LABEL = 12.5;
    public static final double TICK = 12;

    /** Step labels that fit side by side. */
    private static final DecimalFormatSymbols SYMBOLS = DecimalFormatSymbols.getInstance(Locale.ROOT);

    static {
        TextUtils.setUseDrawRotatedStringWorkaround(false); // so that the vertical axis label is text in an SVG too
    }

    private ChartStyle() {}

    /** A plot without data: step axis 1..{@code steps} below, {@code vertical} at the left. */
    public static XYPlot stepPlot(int steps, String horizontalLabel, ValueAxis vertical, FigureTheme theme) {
        NumberAxis horizontal = new StepAxis(horizontalLabel, steps);
        horizontal.setRange(0.5, steps + 0.5);
        return plot(horizontal, vertical, theme);
    }

    /** Whether an axis counts the loop steps of a run. */
    static boolean countsSteps(ValueAxis axis) {
        return axis instanceof StepAxis;
    }

    /** Names every step, or every second, fifth or tenth where the figure is too narrow for all. */
    private static final class StepAxis extends NumberAxis {
        private static final long serialVersionUID = 1L;
        private static final int[] EVERY = {1, 2, 5, 10};

        private final int steps;

        StepAxis(String label, int steps) {
            super(label);
            this.steps = steps;
        }

        @Override
        @SuppressWarnings("rawtypes") // as declared by the library
        public List refreshTicks(Graphics2D g, AxisState state, Rectangle2D area, RectangleEdge edge) {
            double room = area.getWidth() / getRange().getLength();
            double needed = TextMeasure.width(Integer.toString(steps), getTickLabelFont()) + 5;
            int every = IntStream.of(EVERY)
                    .filter(n -> n * room >= needed)
                    .findFirst()
                    .orElse(EVERY[3]);
            setTickUnit(new NumberTickUnit(every, upTo(steps)), false, true);
            return super.refreshTicks(g, state, area, edge);
        }
    }

    public static XYPlot plot(ValueAxis horizontal, ValueAxis vertical, FigureTheme theme) {
        XYPlot plot = new XYPlot(null, horizontal, vertical, null);
        style(horizontal, theme);
        style(vertical, theme);
        plot.setBackgroundPaint(theme.card());
        plot.setOutlineVisible(false);
        plot.setDomainGridlinesVisible(false);
        plot.setRangeGridlinePaint(theme.grid());
        plot.setRangeGridlineStroke(new BasicStroke(1f));
        plot.setRangeZeroBaselineVisible(false);
        plot.setAxisOffset(new RectangleInsets(4, 4, 0, 0));
        plot.setInsets(new RectangleInsets(8, 4, 4, 10));
        return plot;
    }

    /** Axis from 0 to 1 with ticks at the quarters. */
    public static NumberAxis unitAxis(String label) {
        NumberAxis axis = new NumberAxis(label);
        axis.setRange(-0.025, 1.05); // room for dots at both ends
        axis.setTickUnit(new NumberTickUnit(0.25, decimals("0.00")));
        return axis;
    }

    /** Axis of counts from 0 to a little above {@code most}. */
    public static NumberAxis countAxis(String label, int most) {
        NumberAxis axis = new NumberAxis(label);
        axis.setRange(0, Math.max(1, most) * 1.16);
        axis.setStandardTickUnits(wholeNumbers(decimals("#,##0")));
        return axis;
    }

    public static void style(ValueAxis axis, FigureTheme theme) {
        axis.setLabelFont(theme.font(AXIS_LABEL));
        axis.setTickLabelFont(theme.font(TICK));
        axis.setLabelPaint(theme.mutedText());
        axis.setTickLabelPaint(theme.mutedText());
        axis.setAxisLineVisible(false);
        axis.setTickMarksVisible(false);
    }

    /** The chart around a plot: no title (the card has it), no legend unless the caller adds one. */
    public static JFreeChart chart(XYPlot plot, FigureTheme theme) {
        JFreeChart chart = new JFreeChart(null, theme.font(12), plot, false);
        chart.setBackgroundPaint(theme.card());
        chart.setBorderVisible(false);
        chart.setPadding(RectangleInsets.ZERO_INSETS);
        chart.setAntiAlias(true);
        chart.setTextAntiAlias(true);
        return chart;
    }

    /** A line with a dot at every value. */
    public static XYLineAndShapeRenderer lines() {
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, true);
        renderer.setDefaultShape(dot(6));
        renderer.setAutoPopulateSeriesShape(false);
        renderer.setDefaultStroke(new BasicStroke(2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        renderer.setAutoPopulateSeriesStroke(false);
        renderer.setUseFillPaint(false);
        return renderer;
    }

    /** Flat bars. */
    public static <R extends XYBarRenderer> R flat(R renderer) {
        renderer.setBarPainter(new StandardXYBarPainter());
        renderer.setShadowVisible(false);
        renderer.setDrawBarOutline(false);
        return renderer;
    }

    public static Shape dot(double diameter) {
        return new Ellipse2D.Double(-diameter / 2, -diameter / 2, diameter, diameter);
    }

    /** {@code pattern} written the same in every country. */
    public static NumberFormat decimals(String pattern) {
        return new DecimalFormat(pattern, SYMBOLS);
    }

    /** Whole numbers up to {@code most}; nothing for ticks beyond, where there is no data. */
    private static NumberFormat upTo(int most) {
        return new DecimalFormat("0", SYMBOLS) {
            private static final long serialVersionUID = 1L;

            @Override
            public StringBuffer format(double value, StringBuffer text, FieldPosition position) {
                return value > most || value < 1 ? text : super.format(value, text, position);
            }
        };
    }

    private static TickUnits wholeNumbers(NumberFormat whole) {
        TickUnits units = new TickUnits();
        for (long power = 1; power <= 1_000_000_000L; power *= 10) {
            for (int digit : new int[] {1, 2, 5}) {
                units.add(new NumberTickUnit(digit * power, whole));
            }
        }
        return units;
    }
}
