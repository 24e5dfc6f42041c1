package org.loopscope.plugin.geometry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.loopscope.analysis.geometry.LayerGeometry;
import org.loopscope.analysis.geometry.StepGeometry;
import org.loopscope.analysis.lens.DepthPoint;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.Axis;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.figure.ValueScale;
import org.loopscope.model.Capture;

/** Token × step, or token × step and layer: one value of the geometry. */
final class MapFigure {
    static final String ID = "geometry-map";

    private MapFigure() {}

    /** {@code layers} adds a row for every layer; a value that does not exist between layers keeps to the steps. */
    static HeatmapFigure of(
            Inspection inspection, Optional<LayerGeometry> layers, GeometryValue value, int position, int step) {
        Optional<LayerGeometry> used = layers.filter(l -> value.byLayer());
        Capture capture = inspection.capture();
        StepGeometry steps = inspection.geometry();
        int perStep = used.map(LayerGeometry::layers).orElse(1);
        List<DepthPoint> rows = new ArrayList<>();
        for (int t = 1; t <= capture.steps(); t++) {
            for (int l = 0; l < perStep; l++) {
                rows.add(used.isPresent() ? DepthPoint.layer(t, l) : DepthPoint.stepOutput(t));
            }
        }
        HeatmapFigure.CellValue cells = (row, p) -> used.map(l -> value.at(l, row / perStep + 1, row % perStep, p))
                .orElseGet(() -> value.at(steps, row + 1, p));
        String states = used.isPresent()
                ? "residual stream before the final norm, each layer against the one before"
                : "step outputs after the final norm, each step against the one before";
        HeatmapFigure.Builder builder = HeatmapFigure.builder(ID, "How states move: " + value.label())
                .subtitle(value.formula() + " · " + states + " · "
                        + capture.model().computeDtype() + beyond(capture))
                .description(describe(capture, steps))
                .rows(Axis.places("", rows))
                .columns(Axis.tokens("input token", capture))
                .values(scale(value, cells, rows.size(), capture.length()), cells)
                .texts((row, p) -> List.of(number(cells.at(row, p))))
                .marks("generated", capture::generated)
                .selected(new HeatmapFigure.Cell(step * perStep - 1, position))
                .preferredCell(54, used.isPresent() ? 20 : 30)
                .table(used.isPresent() ? used.get()::toTable : steps::toTable);
        if (used.isPresent()) {
            builder.rowGroups(rows.stream().map(r -> "loop " + r.step()).toList());
        }
        return builder.build();
    }

    private static ValueScale scale(GeometryValue value, HeatmapFigure.CellValue cells, int rows, int columns) {
        if (value == GeometryValue.DIRECTION) {
            return ValueScale.linear(value.label(), -1, 1);
        }
        if (value == GeometryValue.ACCELERATION) {
            return ValueScale.linear(value.label(), 0, 1);
        }
        double largest = IntStream.range(0, rows)
                .boxed()
                .flatMapToDouble(row -> IntStream.range(0, columns).mapToDouble(p -> cells.at(row, p)))
                .filter(Double::isFinite)
                .max()
                .orElse(1);
        return ValueScale.linear(value.label(), 0, largest);
    }

    static String beyond(Capture capture) {
        return capture.outsideTraining()
                ? " · steps above " + capture.config().trainedSteps() + " are outside training"
                : "";
    }

    /** Three digits, or a dash. */
    static String number(double x) {
        if (Double.isNaN(x)) {
            return "–";
        }
        double size = Math.abs(x);
        if (size > 0 && size < 5e-4) {
            return String.format(Locale.ROOT, "%.0e", x);
        }
        return String.format(Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f", x);
    }

    private static String describe(Capture capture, StepGeometry steps) {
        int last = capture.length() - 1;
        StringBuilder text = new StringBuilder("After the last token, relative step and angular distance:");
        for (int t = 2; t <= capture.steps(); t++) {
            text.append(" loop ")
                    .append(t)
                    .append(" ")
                    .append(number(steps.relativeStep(t, last)))
                    .append(" and ")
                    .append(number(steps.angularDistance(t, last)))
                    .append(t < capture.steps() ? "," : ".");
        }
        return text.toString();
    }
}
