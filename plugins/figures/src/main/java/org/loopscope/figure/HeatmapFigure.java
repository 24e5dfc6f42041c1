package org.loopscope.figure;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.Table;

/**
 * A grid of coloured cells with texts, such as token × step. Cells that are large enough carry their texts; smaller
 * ones lose the numbers first and the token next, and very many are drawn as one image. Rows are counted from the
 * bottom unless {@link Builder#topDown} is set; columns from the left; both 0-based.
 */
public final class HeatmapFigure implements Figure {
    /** A value for every cell. */
    @FunctionalInterface
    public interface CellValue {
        double at(int row, int column);
    }

    /** The lines written in a cell: the first bold, the rest small. */
    @FunctionalInterface
    public interface CellText {
        List<String> at(int row, int column);
    }

    /** One cell. */
    public record Cell(int row, int column) {}

    /** Rows {@code firstRow} to {@code lastRow} of a column, framed in the exit colour; dashed for what might be. */
    public record Frame(int column, int firstRow, int lastRow, boolean dashed) {
        public Frame(int column, int firstRow, int lastRow) {
            this(column, firstRow, lastRow, false);
        }
    }

    private static final double TALL = 2000;

    private final Builder spec;
    private double height = Double.NaN; // preferred; found once, since every layout asks for it several times

    private HeatmapFigure(Builder spec) {
        this.spec = spec;
    }

    public static Builder builder(String id, String title) {
        return new Builder(id, title);
    }

    /** A builder that starts with all that this figure has; changing it leaves this figure as it is. */
    public Builder toBuilder() {
        return new Builder(spec);
    }

    /** How often its cells, shared with figures made from it, were painted and not taken from an earlier painting. */
    public int timesCellsPainted() {
        return spec.kept.timesPainted();
    }

    Builder spec() {
        return spec;
    }

    @Override
    public String id() {
        return spec.id;
    }

    @Override
    public String title() {
        return spec.title;
    }

    @Override
    public String subtitle() {
        return spec.subtitle;
    }

    @Override
    public String description() {
        return spec.description.get();
    }

    public int rows() {
        return spec.rows.size();
    }

    /** The outlined cell. */
    public Optional<Cell> selected() {
        return Optional.ofNullable(spec.selected);
    }

    /** All columns, also those outside the window. */
    public int columns() {
        return spec.columns.size();
    }

    @Override
    public double preferredWidth() {
        double wanted = 90 + spec.shownColumns() * spec.preferredCellWidth;
        double legend = 90 + HeatmapLegend.width(spec);
        return Math.max(Math.min(1500, Math.max(420, wanted)), legend);
    }

    @Override
    public double preferredHeight() {
        if (Double.isNaN(height)) {
            double perRow = Math.max(6, Math.min(spec.preferredCellHeight, 900.0 / rows()));
            HeatmapLayout tall = HeatmapLayout.of(spec, preferredWidth(), TALL);
            height =
                    TALL - tall.plot().getHeight() + rows() * perRow; // labels, titles, legend as this width needs them
        }
        return height;
    }

    @Override
    public void draw(Graphics2D g, double width, double height, FigureTheme theme) {
        Graphics2D own = (Graphics2D) g.create();
        try {
            new HeatmapPainter(own, spec, HeatmapLayout.of(spec, width, height), theme).paint(width, height);
        } finally {
            own.dispose();
        }
    }

    /** The cell under a point of a drawing of this size; empty over labels and legend. */
    public Optional<Cell> cellAt(double x, double y, double width, double height) {
        return HeatmapLayout.of(spec, width, height).cellAt(x, y);
    }

    /** Where a cell is in a drawing of this size, gaps included; the column must be in the window. */
    public Rectangle2D cellBounds(int row, int column, double width, double height) {
        return HeatmapLayout.of(spec, width, height).cell(row, column);
    }

    /** Whether there is such a cell and its column is in the window. */
    public boolean shows(int row, int column) {
        return row >= 0 && row < rows() && column >= spec.firstColumn && column <= spec.lastColumn();
    }

    /** How many columns of {@code cellWidth} pixels fit side by side in a drawing of this width. */
    public int columnsThatFit(double width, double cellWidth) {
        return Math.max(1, (int) (HeatmapLayout.plotWidth(spec, width) / cellWidth));
    }

    @Override
    public Table table() {
        return spec.table.get();
    }

    /** Collects a heatmap. */
    public static final class Builder {
        final String id;
        final String title;
        String subtitle = "";
        Supplier<String> description = () -> "";
        List<String> rowGroups = List.of(); // [rows] or empty; neighbours with the same text are one group
        Axis rows = Axis.named("", List.of());
        Axis columns = Axis.named("", List.of());
        CellValue values = (row, column) -> Double.NaN;
        CellText texts = (row, column) -> List.of();
        CellScale scale = ValueScale.probability("");
        List<Frame> frames = List.of();
        String frameLabel = "";
        IntPredicate marked = column -> false;
        String markLabel = "";

        @Nullable
        Cell selected;

        boolean topDown;
        int firstColumn;
        int columnLimit = Integer.MAX_VALUE;
        double preferredCellWidth = 62;
        double preferredCellHeight = 40;
        Supplier<Table> table = () -> Table.create("empty");
        private double widestColumn = Double.NaN; // not yet measured
        KeptCells kept = new KeptCells(); // of these cells: everything that changes them takes another

        private Builder(String id, String title) {
            this.id = id;
            this.title = title;
        }

        private Builder(Builder b) {
            this(b.id, b.title);
            subtitle = b.subtitle;
            description = b.description;
            rows = b.rows;
            rowGroups = b.rowGroups;
            columns = b.columns;
            values = b.values;
            texts = b.texts;
            scale = b.scale;
            frames = b.frames;
            frameLabel = b.frameLabel;
            marked = b.marked;
            markLabel = b.markLabel;
            selected = b.selected;
            topDown = b.topDown;
            firstColumn = b.firstColumn;
            columnLimit = b.columnLimit;
            preferredCellWidth = b.preferredCellWidth;
            preferredCellHeight = b.preferredCellHeight;
            table = b.table;
            kept = b.kept;
            widestColumn = b.widestColumn;
        }

        /** Width of the widest column label, measured once for all figures with the same columns. */
        double widestColumn() {
            if (Double.isNaN(widestColumn)) {
                widestColumn = HeatmapLayout.widest(columns.labels());
            }
            return widestColumn;
        }

        int lastColumn() {
            return (int) Math.min(columns.size(), (long) firstColumn + columnLimit) - 1;
        }

        int shownColumns() {
            return lastColumn() - firstColumn + 1;
        }

        public Builder subtitle(String text) {
            subtitle = text;
            return this;
        }

        public Builder description(String text) {
            return description(() -> text);
        }

        /** Of a text that is put together when it is asked for. */
        public Builder description(Supplier<String> text) {
            description = text;
            return this;
        }

        public Builder rows(Axis axis) {
            rows = axis;
            kept = new KeptCells();
            return this;
        }

        /** Rows that are compared by name, and the title of the axis (may be empty). */
        public Builder rows(String axisTitle, List<String> labels) {
            return rows(Axis.named(axisTitle, labels));
        }

        /** Groups of neighbouring rows, [rows]: separated by a line, and named where single rows are too thin. */
        public Builder rowGroups(List<String> groups) {
            rowGroups = List.copyOf(groups);
            kept = new KeptCells();
            return this;
        }

        public Builder columns(Axis axis) {
            columns = axis;
            kept = new KeptCells();
            widestColumn = Double.NaN;
            return this;
        }

        public Builder columns(String axisTitle, List<String> labels) {
            return columns(Axis.named(axisTitle, labels));
        }

        /** What the cells are coloured by; NaN is drawn hatched, never as a number. */
        public Builder values(CellScale cellScale, CellValue cellValues) {
            scale = cellScale;
            kept = new KeptCells();
            values = cellValues;
            return this;
        }

        public Builder texts(CellText cellTexts) {
            texts = cellTexts;
            kept = new KeptCells();
            return this;
        }

        /** Frames in the exit colour, and what the legend calls them. */
        public Builder frames(String label, List<Frame> cells) {
            frameLabel = label;
            frames = List.copyOf(cells);
            return this;
        }

        /** Columns that carry a mark, and what the legend calls it. */
        public Builder marks(String label, IntPredicate columns) {
            markLabel = label;
            marked = columns;
            return this;
        }

        /** Outlines a cell and its column; null for none. */
        public Builder selected(@Nullable Cell cell) {
            selected = cell;
            return this;
        }

        /** Row 0 at the top, as in a matrix. */
        public Builder topDown(boolean on) {
            topDown = on;
            kept = new KeptCells();
            return this;
        }

        /** Draws only {@code count} columns from {@code first}; column numbers stay those of the whole grid. */
        public Builder window(int first, int count) {
            firstColumn = Math.max(0, Math.min(first, columns.size() - 1));
            columnLimit = Math.max(1, count);
            return this;
        }

        public Builder preferredCell(double width, double height) {
            preferredCellWidth = width;
            preferredCellHeight = height;
            return this;
        }

        public Builder table(Supplier<Table> data) {
            table = data;
            return this;
        }

        public HeatmapFigure build() {
            if (rows.size() == 0 || columns.size() == 0) {
                throw new IllegalArgumentException("heatmap " + id + ": want at least one row and one column, got "
                        + rows.size() + " x " + columns.size());
            }
            if (!rowGroups.isEmpty() && rowGroups.size() != rows.size()) {
                throw new IllegalArgumentException(
                        "heatmap " + id + ": want " + rows.size() + " row groups, got " + rowGroups.size());
            }
            return new HeatmapFigure(new Builder(this));
        }
    }
}
