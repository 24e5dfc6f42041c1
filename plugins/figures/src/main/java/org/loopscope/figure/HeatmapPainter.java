package org.loopscope.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.util.Arrays;
import java.util.List;

/** Draws one heatmap once. */
final class HeatmapPainter {
    private static final double MIN_TOKEN = 10;
    private static final double MAX_TOKEN = 13;
    private static final double NUMBER = 11;
    /** The cell width for which the sizes above are meant; texts grow with larger cells, up to twice. */
    private static final double CELL_WIDTH = 62;

    private final Graphics2D g;
    private final HeatmapFigure.Builder spec;
    private final HeatmapLayout layout;
    private final FigureTheme theme;
    private final double zoom;

    HeatmapPainter(Graphics2D g, HeatmapFigure.Builder spec, HeatmapLayout layout, FigureTheme theme) {
        this.g = g;
        this.spec = spec;
        this.layout = layout;
        this.theme = theme;
        int lines = spec.texts.at(0, spec.firstColumn).size();
        double comfortable = 10 + (NUMBER + 4) * lines;
        double larger = Math.min(layout.cellWidth() / CELL_WIDTH, layout.cellHeight() / comfortable);
        this.zoom = Math.max(1, Math.min(2, larger));
    }

    void paint(double width, double height) {
        hints(g);
        g.setColor(theme.card());
        g.fill(new Rectangle2D.Double(0, 0, width, height));
        paintSelectedColumn();
        if (layout.asImage()) {
            spec.kept.paintPixels(g, layout, theme.dark(), this::fillPixels);
            paintFrameSteps();
        } else {
            spec.kept.paint(g, layout, theme.dark(), this::paintCells);
            paintFrames();
        }
        paintGroups();
        paintMarks();
        paintSelectedCell();
        paintRowLabels();
        paintColumnLabels();
        paintAxisTitles();
    }

    /** The rendering hints of every figure. */
    static void hints(Graphics2D g) {
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    }

    private void paintCells(Graphics2D cells) {
        for (int column = spec.firstColumn; column <= spec.lastColumn(); column++) {
            for (int row = 0; row < layout.rows(); row++) {
                paintCell(cells, row, column);
            }
        }
    }

    private void paintCell(Graphics2D cells, int row, int column) {
        Shape shape = rounded(layout.cell(row, column), gap());
        double value = spec.values.at(row, column);
        Color color = spec.scale.color(value, theme);
        cells.setColor(color);
        cells.fill(shape);
        if (Double.isNaN(value)) {
            hatch(cells, shape);
        }
        if (layout.cellWidth() >= 16 && layout.cellHeight() >= 14) {
            paintTexts(cells, spec.texts.at(row, column), layout.cell(row, column), theme.textOn(color));
        }
    }

    private void hatch(Graphics2D cells, Shape shape) {
        Graphics2D own = (Graphics2D) cells.create();
        Rectangle2D box = shape.getBounds2D();
        own.clip(shape);
        own.setColor(theme.mutedText());
        own.setStroke(new BasicStroke(0.8f));
        for (double x = box.getMinX() - box.getHeight(); x < box.getMaxX(); x += 5) {
            own.draw(new Line2D.Double(x, box.getMaxY(), x + box.getHeight(), box.getMinY()));
        }
        own.setColor(theme.border());
        own.draw(shape);
        own.dispose();
    }

    /** The bold line and as many of the small ones as there is room for; numbers go first, the token last. */
    private void paintTexts(Graphics2D cells, List<String> lines, Rectangle2D cell, Color color) {
        if (lines.isEmpty()) {
            return;
        }
        double room = cell.getWidth() - 5;
        Font bold = tokenFont(lines.get(0), room, cell.getHeight());
        String token = wholeIfNumber(lines.get(0), bold, room);
        List<String> numbers = numbersThatFit(lines, cell);
        double lineHeight = lineHeight();
        int shown = lines.get(0).isEmpty() ? numbers.size() + 1 : numbers.size(); // without a token numbers move up
        double centre = cell.getCenterY() - shown * lineHeight / 2;
        cells.setColor(color);
        if (!token.isEmpty()) {
            centred(cells, token, bold, cell.getCenterX(), centre);
        }
        for (int i = 0; i < numbers.size(); i++) {
            centred(cells, numbers.get(i), theme.font(NUMBER * zoom), cell.getCenterX(), centre + (i + 1) * lineHeight);
        }
    }

    /** The beginning of a word says something, the beginning of a number something wrong. */
    private static String wholeIfNumber(String text, Font font, double room) {
        String shown = TextMeasure.fit(text, font, room);
        return shown.equals(text) || !Character.isDigit(text.codePointAt(0)) ? shown : "";
    }

    private List<String> numbersThatFit(List<String> lines, Rectangle2D cell) {
        double token = lines.get(0).isEmpty() ? 0 : lineHeight();
        int most = (int) Math.max(0, (cell.getHeight() - token) / lineHeight());
        List<String> numbers = lines.subList(1, Math.min(lines.size(), 1 + most));
        boolean wide =
                numbers.stream().allMatch(n -> TextMeasure.width(n, theme.font(NUMBER * zoom)) <= cell.getWidth() - 4);
        return wide ? numbers : List.of();
    }

    private double lineHeight() {
        return (NUMBER + 4) * zoom;
    }

    private Font tokenFont(String token, double room, double cellHeight) {
        double size = Math.min(MAX_TOKEN * zoom, Math.max(MIN_TOKEN, cellHeight - 6));
        double width = TextMeasure.width(token, theme.monoBold(size));
        if (width > room) {
            size = Math.max(MIN_TOKEN, size * room / width);
        }
        return theme.monoBold(size);
    }

    private void centred(String text, Font font, double x, double centre) {
        centred(g, text, font, x, centre);
    }

    private static void centred(Graphics2D g, String text, Font font, double x, double centre) {
        g.setFont(font);
        double left = x - TextMeasure.width(text, font) / 2;
        FigureText.draw(g, text, left, centre + TextMeasure.capHeight(font) / 2);
    }

    private void fillPixels(int[] pixels, int width, int height) {
        for (int row = 0; row < layout.rows(); row++) {
            int fromTop = spec.topDown ? row : layout.rows() - 1 - row;
            int top = (int) ((long) fromTop * height / layout.rows());
            int bottom = (int) ((fromTop + 1L) * height / layout.rows());
            for (int i = 0; i < spec.shownColumns(); i++) {
                fillCell(pixels, width, row, i, top, bottom);
            }
        }
    }

    private void fillCell(int[] pixels, int width, int row, int index, int top, int bottom) {
        double value = spec.values.at(row, spec.firstColumn + index);
        int color = spec.scale.color(value, theme).getRGB();
        int left = (int) ((long) index * width / spec.shownColumns());
        int right = (int) ((index + 1L) * width / spec.shownColumns());
        int hatch = theme.mutedText().getRGB();
        for (int y = top; y < bottom; y++) {
            Arrays.fill(pixels, y * width + left, y * width + right, color);
            for (int x = left; Double.isNaN(value) && x < right; x++) {
                if ((x + y) % 8 == 0) {
                    pixels[y * width + x] = hatch;
                }
            }
        }
    }

    private void paintFrames() {
        g.setColor(theme.exit());
        for (HeatmapFigure.Frame frame : spec.frames) {
            if (frame.column() >= spec.firstColumn && frame.column() <= spec.lastColumn()) {
                boolean small = layout.cellWidth() < 16 || layout.cellHeight() < 14;
                g.setStroke(frameStroke(small ? 1.4f : 2.4f, frame.dashed()));
                g.draw(rounded(layout.rowsOf(frame.column(), frame.firstRow(), frame.lastRow()), small ? 1 : 1.6));
            }
        }
    }

    private static BasicStroke frameStroke(float width, boolean dashed) {
        float[] dash = dashed ? new float[] {3, 2.6f} : null;
        float thin = dashed ? Math.min(width, 1.5f) : width;
        return new BasicStroke(thin, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dash, 0);
    }

    /** In an image the frames of neighbours would run together: one line along the top of the framed cells instead. */
    private void paintFrameSteps() {
        Path2D path = new Path2D.Double();
        int last = Integer.MIN_VALUE;
        for (HeatmapFigure.Frame frame : spec.frames) {
            if (frame.dashed() || frame.column() < spec.firstColumn || frame.column() > spec.lastColumn()) {
                continue;
            }
            Rectangle2D cell = layout.rowsOf(frame.column(), frame.firstRow(), frame.lastRow());
            double y = cell.getMinY() + 1;
            if (frame.column() == last + 1) {
                path.lineTo(cell.getMinX(), y);
            } else {
                path.moveTo(cell.getMinX(), y);
            }
            path.lineTo(cell.getMaxX(), y);
            last = frame.column();
        }
        g.setColor(theme.exit());
        g.setStroke(new BasicStroke(1.8f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
        g.draw(path);
    }

    private boolean selectionShown() {
        return spec.selected != null
                && spec.selected.column() >= spec.firstColumn
                && spec.selected.column() <= spec.lastColumn()
                && spec.selected.row() < layout.rows();
    }

    private void paintSelectedColumn() {
        if (!selectionShown() || spec.selected == null) {
            return;
        }
        Rectangle2D column = layout.rowsOf(spec.selected.column(), 0, layout.rows() - 1);
        g.setColor(Palette.mix(theme.card(), theme.accent(), theme.dark() ? 0.28 : 0.13));
        g.fill(new RoundRectangle2D.Double(
                column.getX() - 2, column.getY() - 4, column.getWidth() + 4, column.getHeight() + 6, 8, 8));
    }

    private void paintSelectedCell() {
        if (!selectionShown() || spec.selected == null) {
            return;
        }
        Rectangle2D cell = layout.cell(spec.selected.row(), spec.selected.column());
        g.setColor(theme.text());
        if (layout.asImage()) {
            g.setStroke(new BasicStroke(1f));
            g.draw(layout.rowsOf(spec.selected.column(), 0, layout.rows() - 1));
        }
        g.setStroke(new BasicStroke(1.6f));
        g.draw(rounded(cell, -1.2));
    }

    /** A line under the marked columns. */
    private void paintMarks() {
        g.setColor(theme.accent());
        for (int column = spec.firstColumn; column <= spec.lastColumn(); column++) {
            if (spec.marked.test(column)) {
                Rectangle2D cell = layout.cell(spec.topDown ? layout.rows() - 1 : 0, column);
                double gap = gap();
                g.fill(new Rectangle2D.Double(cell.getX() + gap, cell.getMaxY() + 1, cell.getWidth() - 2 * gap, 2));
            }
        }
    }

    private void paintGroups() {
        if (spec.rowGroups.isEmpty()) {
            return;
        }
        g.setColor(theme.card());
        g.setStroke(new BasicStroke(2f));
        Rectangle2D plot = layout.plot();
        for (int row = 1; row < layout.rows(); row++) {
            if (!spec.rowGroups.get(row).equals(spec.rowGroups.get(row - 1))) {
                Rectangle2D cell = layout.cell(row, spec.firstColumn);
                double y = spec.topDown ? cell.getMinY() : cell.getMaxY();
                g.draw(new Line2D.Double(plot.getMinX(), y, plot.getMaxX(), y));
            }
        }
    }

    private void paintRowLabels() {
        g.setColor(theme.mutedText());
        if (!spec.rowGroups.isEmpty() && layout.cellHeight() < 13) {
            paintGroupLabels();
            return;
        }
        int every = (int) Math.max(1, Math.ceil(14 / layout.cellHeight()));
        int selected = spec.selected == null ? -1 : spec.selected.row();
        for (int row = 0; row < layout.rows(); row++) {
            boolean near = selected >= 0 && Math.abs(row - selected) < every;
            if (row == selected || (row % every == 0 && !near)) {
                rowLabel(
                        spec.rows.labels().get(row),
                        layout.cell(row, spec.firstColumn).getCenterY(),
                        row);
            }
        }
    }

    private void paintGroupLabels() {
        int from = 0;
        for (int row = 1; row <= layout.rows(); row++) {
            if (row == layout.rows() || !spec.rowGroups.get(row).equals(spec.rowGroups.get(from))) {
                double centre = layout.rowsOf(spec.firstColumn, from, row - 1).getCenterY();
                rowLabel(spec.rowGroups.get(from), centre, -1);
                from = row;
            }
        }
    }

    private void rowLabel(String text, double centre, int row) {
        boolean selected = spec.selected != null && spec.selected.row() == row;
        Font font = selected ? theme.bold(HeatmapLayout.LABEL) : theme.font(HeatmapLayout.LABEL);
        g.setFont(font);
        g.setColor(selected ? theme.text() : theme.mutedText());
        double x = layout.plot().getX() - 8 - TextMeasure.width(text, font);
        FigureText.draw(g, text, x, centre + TextMeasure.capHeight(font) / 2);
    }

    private void paintColumnLabels() {
        double spacing = layout.cellWidth();
        int every = layout.rotated() ? (int) Math.max(1, Math.ceil(14 / spacing)) : 1;
        int selected = spec.selected == null ? -1 : spec.selected.column();
        for (int column = spec.firstColumn; column <= spec.lastColumn(); column++) {
            boolean near = selected >= 0 && column != selected && Math.abs(column - selected) * spacing < 14;
            if (column == selected || ((column - spec.firstColumn) % every == 0 && !(layout.rotated() && near))) {
                columnLabel(column, column == selected);
            }
        }
    }

    private void columnLabel(int column, boolean selected) {
        Font font = selected ? theme.bold(HeatmapLayout.LABEL) : theme.font(HeatmapLayout.LABEL);
        g.setFont(font);
        g.setColor(selected ? theme.text() : theme.mutedText());
        Rectangle2D cell = layout.cell(0, column);
        double top = layout.plot().getMaxY();
        if (layout.rotated()) {
            String text = TextMeasure.fit(spec.columns.labels().get(column), font, HeatmapLayout.ROTATED_LENGTH);
            AffineTransform saved = g.getTransform();
            g.translate(cell.getCenterX() + TextMeasure.capHeight(font) / 2, top + 6 + TextMeasure.width(text, font));
            g.rotate(-Math.PI / 2);
            FigureText.draw(g, text, 0, 0);
            g.setTransform(saved);
        } else {
            double mark = spec.marked.test(column) ? HeatmapLegend.MARK : 0;
            String text = TextMeasure.fit(spec.columns.labels().get(column), font, cell.getWidth() - 3 - mark);
            centred(text, font, cell.getCenterX() + mark / 2, top + 12);
            if (mark > 0) {
                double left = cell.getCenterX() - mark / 2 - TextMeasure.width(text, font) / 2;
                g.setColor(theme.accent());
                g.fill(HeatmapLegend.triangle(left, top + 12));
            }
        }
    }

    private void paintAxisTitles() {
        Font font = theme.font(HeatmapLayout.LABEL);
        Rectangle2D plot = layout.plot();
        double centre = plot.getMaxY() + (layout.rotated() ? rotatedLabels() + 8 : 20) + 12;
        double legendRight = plot.getMaxX();
        double titleWidth = TextMeasure.width(spec.columns.title(), font);
        double legendWidth = HeatmapLegend.width(spec);
        double x = plot.getCenterX();
        boolean meets = x + titleWidth / 2 + 16 > legendRight - legendWidth;
        if (meets && !layout.legendBelow()) {
            x = plot.getX() + titleWidth / 2;
        }
        g.setColor(theme.mutedText());
        if (!spec.columns.title().isEmpty()) {
            centred(spec.columns.title(), font, x, centre);
        }
        new HeatmapLegend(g, spec, theme).paint(legendRight, centre + (layout.legendBelow() ? 20 : 0));
        paintRowTitle(font);
    }

    private double rotatedLabels() {
        return spec.columns.labels().stream()
                .limit(400)
                .mapToDouble(t -> TextMeasure.width(t, theme.font(HeatmapLayout.LABEL)))
                .map(w -> Math.min(w, HeatmapLayout.ROTATED_LENGTH))
                .max()
                .orElse(0);
    }

    private void paintRowTitle(Font font) {
        if (spec.rows.title().isEmpty()) {
            return;
        }
        AffineTransform saved = g.getTransform();
        g.setColor(theme.mutedText());
        g.translate(11, layout.plot().getCenterY());
        g.rotate(-Math.PI / 2);
        centred(spec.rows.title(), font, 0, 0);
        g.setTransform(saved);
    }

    private double gap() {
        return Math.min(1.2, Math.min(layout.cellWidth(), layout.cellHeight()) / 12);
    }

    private static Shape rounded(Rectangle2D cell, double inset) {
        double width = cell.getWidth() - 2 * inset;
        double height = cell.getHeight() - 2 * inset;
        double arc = Math.min(7, Math.min(width, height) / 3);
        return new RoundRectangle2D.Double(cell.getX() + inset, cell.getY() + inset, width, height, arc, arc);
    }
}
