package org.loopscope.figure;

import java.awt.BasicStroke;
import java.awt.Shape;
import java.util.List;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;

/**
 * What tells a line from the others of its figure: colour, dashes and marks. The first eight lines are solid with dots and
 * differ in colour; further ones have the same colours with other dashes and another mark. No look is used twice among
 * {@link #DIFFERENT} lines.
 */
public final class SeriesLook {
    /** Lines that all look different. */
    public static final int DIFFERENT = 80;

    private static final double MARK = 8;
    private static final BasicStroke OUTLINE = new BasicStroke(1.3f);

    private static final List<LegendMark> MARKS = List.of(
            LegendMark.COLOR,
            LegendMark.TRIANGLE,
            LegendMark.CROSS,
            LegendMark.TRIANGLE_DOWN,
            LegendMark.HOURGLASS,
            LegendMark.PLUS,
            LegendMark.BOW_TIE,
            LegendMark.STAR,
            LegendMark.DIAMOND,
            LegendMark.OPEN_SQUARE);

    private static final float[][] DASHES = {{9, 4}, {2, 4}, {9, 4, 2, 4}, {16, 5}, {9, 4, 2, 4, 2, 4}};

    private final int index;

    private SeriesLook(int index) {
        this.index = index;
    }

    /** @param index of the line, as for {@link FigureTheme#series}; below 0 a plain one */
    public static SeriesLook of(int index) {
        return new SeriesLook(index);
    }

    private int round() {
        return Math.max(0, index) / Palette.SERIES;
    }

    /** Whether its colour is that of an earlier line too, so that dashes and mark are needed. */
    public boolean marked() {
        return round() > 0;
    }

    /** What stands for it in a legend and at its points. */
    public LegendMark mark() {
        return MARKS.get(round() % MARKS.size());
    }

    /** Lengths of dashes and gaps in turn; none for a solid line. */
    public float[] dashes() {
        return marked() ? DASHES[(round() - 1) % DASHES.length].clone() : new float[0];
    }

    public BasicStroke stroke(float width) {
        return marked()
                ? new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dashes(), 0)
                : new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    }

    /** Its mark at a point, a dot of the first eight. */
    public Shape shape(double dot) {
        return marked() ? mark().shape(Math.max(MARK, dot)) : ChartStyle.dot(dot);
    }

    /** Gives line {@code series} of a chart this look, but for its stroke if it is plain. */
    public void apply(XYLineAndShapeRenderer renderer, int series, double dot, FigureTheme theme) {
        renderer.setSeriesPaint(series, theme.series(index));
        renderer.setSeriesShape(series, shape(dot));
        if (marked()) {
            renderer.setSeriesShapesFilled(series, mark().filled());
            renderer.setSeriesOutlineStroke(series, OUTLINE);
            renderer.setSeriesStroke(series, stroke(2f));
        }
    }
}
