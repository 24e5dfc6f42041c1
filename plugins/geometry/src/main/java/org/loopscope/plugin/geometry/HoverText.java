package org.loopscope.plugin.geometry;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.geometry.LayerGeometry;
import org.loopscope.analysis.geometry.StepGeometry;
import org.loopscope.analysis.run.Inspection;

/** Every value of one cell of the map in words. */
final class HoverText {
    private HoverText() {}

    static List<String> of(
            Inspection inspection, @Nullable LayerGeometry layers, int rows, int row, int step, int position) {
        String token = "“" + CurveFigures.text(inspection.capture(), position) + "”, loop " + step;
        List<String> lines = new ArrayList<>();
        LayerGeometry inner = rows > inspection.capture().steps() ? layers : null;
        int layer = inner != null ? row % inner.layers() : 0;
        lines.add(inner != null ? token + ", layer " + layer : token);
        StepGeometry steps = inspection.geometry();
        for (GeometryValue value : GeometryValue.values()) {
            double number = inner != null ? value.at(inner, step, layer, position) : value.at(steps, step, position);
            if (!Double.isNaN(number)) {
                lines.add(value.label() + " " + MapFigure.number(number));
            }
        }
        return lines;
    }
}
