package org.loopscope.figure;

import java.awt.Font;
import java.awt.geom.Rectangle2D;
import java.util.Optional;

/**
 * Where the parts of a heatmap are for one size: the plot, labels around it, and the legend line below.
 *
 * @param plot the cells together
 * @param rotated whether column labels are written upwards
 * @param legendBelow whether the legend needs a line of its own under the axis title
 */
record HeatmapLayout(HeatmapFigure.Builder spec, Rectangle2D plot, boolean rotated, boolean legendBelow) {
    static final double LABEL = 12;
    static final double ROTATED_LENGTH = 64;
    private static final double RIGHT = 6;
    private static final double TOP = 6;

    static HeatmapLayout of(HeatmapFigure.Builder spec, double width, double height) {
        Font font = Fonts.sans(LABEL);
        double left = left(spec);
        double plotWidth = plotWidth(spec, width);
        double labelWidth = spec.widestColumn();
        boolean rotated = plotWidth / spec.shownColumns() < 26 && labelWidth + 4 > plotWidth / spec.shownColumns();
        boolean below = HeatmapLegend.width(spec) + TextMeasure.width(spec.columns.title(), font) + 24 > width - left;
        double labels = rotated ? Math.min(ROTATED_LENGTH, labelWidth) + 8 : 20;
        double bottom = labels + 22 + (below ? 20 : 0);
        double plotHeight = Math.max(10, height - TOP - bottom - 4);
        return new HeatmapLayout(spec, new Rectangle2D.Double(left, TOP, plotWidth, plotHeight), rotated, below);
    }

    /** Width of the cells together in a drawing of this width, whatever its height. */
    static double plotWidth(HeatmapFigure.Builder spec, double width) {
        return Math.max(10, width - left(spec) - RIGHT);
    }

    /** Room for the labels of rows. */
    private static double left(HeatmapFigure.Builder spec) {
        double left = Math.min(160, widest(spec.rows.labels())) + 12;
        if (!spec.rowGroups.isEmpty()) {
            left = Math.max(left, widest(spec.rowGroups) + 12);
        }
        return spec.rows.title().isEmpty() ? left : left + 18;
    }

    /** Width of the widest label. */
    static double widest(Iterable<String> labels) {
        Font font = Fonts.sans(LABEL);
        double widest = 0;
        int longest = 0; // measuring is slow: only labels about as long as the longest so far
        for (String label : labels) {
            if (label.length() * 2 > longest) {
                longest = Math.max(longest, label.length());
                widest = Math.max(widest, TextMeasure.width(label, font));
            }
        }
        return widest;
    }

    int rows() {
        return spec.rows.labels().size();
    }

    double cellWidth() {
        return plot.getWidth() / spec.shownColumns();
    }

    double cellHeight() {
        return plot.getHeight() / rows();
    }

    /** A cell with its gap. */
    Rectangle2D cell(int row, int column) {
        int fromTop = spec.topDown ? row : rows() - 1 - row;
        return new Rectangle2D.Double(
                plot.getX() + (column - spec.firstColumn) * cellWidth(),
                plot.getY() + fromTop * cellHeight(),
                cellWidth(),
                cellHeight());
    }

    Rectangle2D rowsOf(int column, int firstRow, int lastRow) {
        return cell(firstRow, column).createUnion(cell(lastRow, column));
    }

    Optional<HeatmapFigure.Cell> cellAt(double x, double y) {
        if (!plot.contains(x, y)) {
            return Optional.empty();
        }
        int column = spec.firstColumn + Math.min(spec.shownColumns() - 1, (int) ((x - plot.getX()) / cellWidth()));
        int fromTop = Math.min(rows() - 1, (int) ((y - plot.getY()) / cellHeight()));
        return Optional.of(new HeatmapFigure.Cell(spec.topDown ? fromTop : rows() - 1 - fromTop, column));
    }

    /** Whether cells are so small or so many that they are drawn as one image. */
    boolean asImage() {
        return cellWidth() < 7 || cellHeight() < 7 || (long) rows() * spec.shownColumns() > 6000;
    }
}
