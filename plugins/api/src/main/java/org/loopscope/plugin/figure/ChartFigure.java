package org.loopscope.plugin.figure;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jfree.chart.JFreeChart;
import tech.tablesaw.api.Table;

/** A figure that JFreeChart draws: lines, bars, scatter. The chart is built for a theme, see {@link ChartStyle}. */
public final class ChartFigure implements Figure {
    private final String id;
    private final String title;
    private final String subtitle;
    private final String description;
    private final double width;
    private final double height;
    private final Function<FigureTheme, JFreeChart> charts;
    private final Supplier<Table> table;

    /**
     * @param charts builds a fresh chart without title; must not keep it
     */
    public ChartFigure(
            Heading heading,
            double width,
            double height,
            Function<FigureTheme, JFreeChart> charts,
            Supplier<Table> table) {
        this.id = heading.id();
        this.title = heading.title();
        this.subtitle = heading.subtitle();
        this.description = heading.description();
        this.width = width;
        this.height = height;
        this.charts = charts;
        this.table = table;
    }

    /** The texts of a chart figure; see {@link Figure}. */
    public record Heading(String id, String title, String subtitle, String description) {}

    @Override
    public String id() {
        return id;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public String subtitle() {
        return subtitle;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public double preferredWidth() {
        return width;
    }

    @Override
    public double preferredHeight() {
        return height;
    }

    /** A new chart in this theme, for a chart canvas on screen. */
    public JFreeChart chart(FigureTheme theme) {
        return charts.apply(theme);
    }

    @Override
    public void draw(Graphics2D g, double areaWidth, double areaHeight, FigureTheme theme) {
        Graphics2D own = (Graphics2D) g.create();
        try {
            HeatmapPainter.hints(own);
            own.setColor(theme.card());
            own.fill(new Rectangle2D.Double(0, 0, areaWidth, areaHeight));
            chart(theme).draw(own, new Rectangle2D.Double(0, 0, areaWidth, areaHeight));
        } finally {
            own.dispose();
        }
    }

    @Override
    public Table table() {
        return table.get();
    }
}
