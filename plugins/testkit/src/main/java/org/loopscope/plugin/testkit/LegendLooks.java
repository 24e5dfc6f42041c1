package org.loopscope.plugin.testkit;

import java.awt.BasicStroke;
import java.awt.Shape;
import java.awt.Stroke;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItem;
import org.jfree.chart.title.LegendTitle;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.ChartLegend;
import org.loopscope.figure.FigureTheme;

/** Looks for two lines of a chart that its legend shows alike. */
public final class LegendLooks {
    private LegendLooks() {}

    /** Two names with the same look, in either theme; empty if every line can be told from the others. */
    public static Optional<String> alike(ChartFigure figure) {
        for (FigureTheme theme : List.of(FigureTheme.LIGHT, FigureTheme.DARK)) {
            Map<String, String> beside = new HashMap<>();
            for (ChartLegend.Entry entry :
                    figure.legend().map(ChartLegend::entries).orElse(List.of())) {
                String same = beside.put(theme.series(entry.series()) + " " + entry.mark(), entry.label());
                if (same != null) {
                    return Optional.of(figure.id() + ": " + same + " and " + entry.label());
                }
            }
            Optional<String> below = below(figure.chart(theme));
            if (below.isPresent()) {
                return below.map(names -> figure.id() + ": " + names);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> below(JFreeChart chart) {
        for (int i = 0; i < chart.getSubtitleCount(); i++) {
            Map<String, String> looks = new HashMap<>();
            if (chart.getSubtitle(i) instanceof LegendTitle legend) {
                for (var source : legend.getSources()) {
                    for (int k = 0; k < source.getLegendItems().getItemCount(); k++) {
                        LegendItem item = source.getLegendItems().get(k);
                        String same = looks.put(look(item), item.getLabel());
                        if (same != null) {
                            return Optional.of(same + " and " + item.getLabel());
                        }
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static String look(LegendItem item) {
        String shape = item.isShapeVisible() ? points(item.getShape()) + item.isShapeFilled() : "";
        String line = item.isLineVisible() ? dashes(item.getLineStroke()) + item.getLinePaint() : "";
        return shape + line + item.getFillPaint();
    }

    private static String dashes(Stroke stroke) {
        return stroke instanceof BasicStroke basic
                ? Arrays.toString(basic.getDashArray()) + basic.getLineWidth()
                : Objects.toString(stroke);
    }

    private static String points(Shape shape) {
        StringBuilder points = new StringBuilder();
        double[] at = new double[6];
        for (var path = shape.getPathIterator(null); !path.isDone(); path.next()) {
            points.append(path.currentSegment(at)).append(Arrays.toString(at));
        }
        return points.toString();
    }
}
