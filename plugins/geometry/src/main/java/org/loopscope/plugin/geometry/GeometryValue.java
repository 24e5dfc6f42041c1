package org.loopscope.plugin.geometry;

import org.loopscope.analysis.geometry.LayerGeometry;
import org.loopscope.analysis.geometry.StepGeometry;

/** What the cells of the map show. */
enum GeometryValue {
    RELATIVE_STEP("relative step", "|Δ| / |state before|", true),
    ANGLE("angular distance", "arccos(cos) / π", true),
    STEP_SIZE("step size", "|Δ|", true),
    NORM("norm", "|state|", true),
    DIRECTION("direction of updates", "cos(Δ_t, Δ_{t−1})", false),
    ACCELERATION("relative acceleration", "|Δ_t − Δ_{t−1}| / (|Δ_t| + |Δ_{t−1}|)", false);

    private final String label;
    private final String formula;
    private final boolean byLayer;

    GeometryValue(String label, String formula, boolean byLayer) {
        this.label = label;
        this.formula = formula;
        this.byLayer = byLayer;
    }

    String label() {
        return label;
    }

    String formula() {
        return formula;
    }

    /** Whether it exists between layers too. */
    boolean byLayer() {
        return byLayer;
    }

    double at(StepGeometry geometry, int step, int position) {
        return switch (this) {
            case RELATIVE_STEP -> geometry.relativeStep(step, position);
            case ANGLE -> geometry.angularDistance(step, position);
            case STEP_SIZE -> geometry.stepSize(step, position);
            case NORM -> geometry.norm(step, position);
            case DIRECTION -> geometry.updateCosine(step, position);
            case ACCELERATION -> geometry.relativeAcceleration(step, position);
        };
    }

    double at(LayerGeometry geometry, int step, int layer, int position) {
        return switch (this) {
            case RELATIVE_STEP -> geometry.relativeStep(step, layer, position);
            case ANGLE -> geometry.angularDistance(step, layer, position);
            case STEP_SIZE -> geometry.stepSize(step, layer, position);
            case NORM -> geometry.norm(step, layer, position);
            case DIRECTION, ACCELERATION -> Double.NaN;
        };
    }

    @Override
    public String toString() {
        return label;
    }
}
