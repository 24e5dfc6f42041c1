package org.loopscope.figure;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jfree.chart.ChartRenderingInfo;
import org.jfree.chart.JFreeChart;
import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.Table;

/** A figure that JFreeChart draws: lines, bars, scatter. The chart is built for a theme, see {@link ChartStyle}. */
public final class ChartFigure implements Figure {
    private final Heading heading;
    private final double width;
    private final double height;
    private final Function<FigureTheme, JFreeChart> charts;
    private final Supplier<Table> table;
    private final @Nullable ChartLegend legend;

    /**
     * @param charts builds a fresh chart without title; must not keep it
     */
    public ChartFigure(
            Heading heading,
            double width,
            double height,
            Function<FigureTheme, JFreeChart> charts,
            Supplier<Table> table) {
        this(heading, width, height, charts, table, null);
    }

    private ChartFigure(
            Heading heading,
            double width,
            double height,
            Function<FigureTheme, JFreeChart> charts,
            Supplier<Table> table,
            @Nullable ChartLegend legend) {
        this.heading = heading;
        this.width = width;
        this.height = height;
        this.charts = charts;
        this.table = table;
        this.legend = legend;
    }

    /**
     * The same chart with a legend at its right in files; {@link #chart} stays without. The usual width of a legend is
     * within the chart's, a longer name makes the figure wider, and many lines make it higher.
     */
    public ChartFigure withLegend(ChartLegend entries) {
        double wider = entries.width() - ChartLegend.WIDTH;
        return new ChartFigure(heading, width + wider, Math.max(height, entries.height()), charts, table, entries);
    }

    public Optional<ChartLegend> legend() {
        return Optional.ofNullable(legend);
    }

    /**
     * The texts of a chart figure; see {@link Figure}.
     *
     * @param describing gives the description, when it is asked for
     */
    public record Heading(String id, String title, String subtitle, Supplier<String> describing) {
        public Heading(String id, String title, String subtitle, String description) {
            this(id, title, subtitle, () -> description);
        }

        /** What the picture says. */
        public String description() {
            return describing.get();
        }
    }

    @Override
    public String id() {
        return heading.id();
    }

    @Override
    public String title() {
        return heading.title();
    }

    @Override
    public String subtitle() {
        return heading.subtitle();
    }

    @Override
    public String description() {
        return heading.description();
    }

    @Override
    public double preferredWidth() {
        return width;
    }

    @Override
    public double preferredHeight() {
        return height;
    }

    /** A new chart in this theme, to be looked at more closely by {@code ChartViewer}. */
    public JFreeChart chart(FigureTheme theme) {
        return charts.apply(theme);
    }

    @Override
    public void draw(Graphics2D g, double areaWidth, double areaHeight, FigureTheme theme) {
        double legendWidth = legend == null ? 0 : legend.width();
        Graphics2D own = (Graphics2D) g.create();
        try {
            HeatmapPainter.hints(own);
            own.setColor(theme.card());
            own.fill(new Rectangle2D.Double(0, 0, areaWidth, areaHeight));
            if (legend != null) {
                legend.draw(own, areaWidth - legendWidth + 8, 4, theme);
            }
        } finally {
            own.dispose();
        }
        drawChart(g, areaWidth - legendWidth, areaHeight, theme, null);
    }

    /** Draws the chart alone, as on screen, where a legend stands beside it; tells {@code places} where its parts are. */
    public void drawChart(
            Graphics2D g, double areaWidth, double areaHeight, FigureTheme theme, @Nullable ChartRenderingInfo places) {
        Graphics2D own = (Graphics2D) g.create();
        try {
            HeatmapPainter.hints(own);
            chart(theme).draw(own, new Rectangle2D.Double(0, 0, areaWidth, areaHeight), places);
        } finally {
            own.dispose();
        }
    }

    @Override
    public Table table() {
        return table.get();
    }
}
