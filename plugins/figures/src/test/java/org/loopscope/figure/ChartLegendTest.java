package org.loopscope.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Shape;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.XYPlot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tech.tablesaw.api.Table;

class ChartLegendTest {
    private static ChartLegend legend(String label) {
        return new ChartLegend("value", List.of(new ChartLegend.Entry(label, "0.59", 0)));
    }

    private static ChartFigure figure(ChartLegend legend) {
        return new ChartFigure(
                        new ChartFigure.Heading("id", "title", "", ""),
                        400,
                        200,
                        theme -> new JFreeChart(new XYPlot(null, new NumberAxis(), new NumberAxis(), null)),
                        () -> Table.create("t"))
                .withLegend(legend);
    }

    @Test
    void theLongestNameOfARuleIsDrawnWhole() throws Exception {
        assertTrue(FigureExport.svgText(figure(legend("state-diff:0.02154")), FigureTheme.LIGHT)
                .contains(">state-diff:0.02154<"));
        assertTrue(FigureExport.svgText(figure(legend("x".repeat(60))), FigureTheme.LIGHT)
                .contains("x…<"));
    }

    @Test
    void aLongNameMakesTheFigureWiderAndAShortOneDoesNot() {
        assertEquals(400, figure(legend("q:0.3")).preferredWidth());
        double wider = figure(legend("state-diff:0.02154")).preferredWidth();
        assertTrue(wider > 400 && wider < 490, "width " + wider);
        assertEquals(482, figure(legend("x".repeat(60))).preferredWidth());
    }

    @ParameterizedTest
    @EnumSource(LegendMark.class)
    void everyMarkIsAsWideAsAskedAndAroundItsMiddle(LegendMark mark) {
        Shape shape = mark.shape(10);
        Rectangle2D bounds = shape.getBounds2D();
        assertTrue(bounds.getWidth() >= 10 && bounds.getWidth() <= 12, bounds.toString());
        assertEquals(0, bounds.getCenterX(), 1e-9);
        assertFalse(mark.path().contains(","), "a decimal comma: " + mark.path());
        assertTrue(mark.path().matches("(M[-.0-9]+ [-.0-9]+ (L[-.0-9]+ [-.0-9]+ )+Z ?)+"), mark.path());
    }

    @Test
    void marksAreToldApartByTheirShape() {
        Set<String> looks = new HashSet<>();
        Arrays.stream(LegendMark.values()).forEach(mark -> looks.add(mark.path() + mark.filled()));
        assertEquals(LegendMark.values().length, looks.size());
    }
}
