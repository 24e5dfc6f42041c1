package org.loopscope.analysis.geometry;

import org.loopscope.model.Capture;
import org.loopscope.model.base.RunControl;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * How the residual stream of each token moves from layer to layer within every step: x_{t,l} against x_{t,l−1}, the stream
 * before the layer (before the first layer that is the input of the step). All before the final norm. Immutable; steps
 * 1-based, layers and positions 0-based.
 */
public final class LayerGeometry {
    private final Capture capture;
    private final int layers;
    private final double[][] norm; // [T * L][S]
    private final double[][] stepSize; // [T * L][S]
    private final double[][] relativeStep; // [T * L][S]
    private final double[][] cosine; // [T * L][S]

    private LayerGeometry(Capture capture) {
        int rows = capture.steps() * capture.config().layers();
        this.capture = capture;
        this.layers = capture.config().layers();
        this.norm = new double[rows][capture.length()];
        this.stepSize = new double[rows][capture.length()];
        this.relativeStep = new double[rows][capture.length()];
        this.cosine = new double[rows][capture.length()];
    }

    /**
     * @throws IllegalStateException if the capture has no layer states
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    public static LayerGeometry of(Capture capture, RunControl control) {
        LayerGeometry geometry = new LayerGeometry(capture);
        int d = capture.config().hiddenSize();
        float[] before = new float[d];
        float[] here = new float[d];
        for (int t = 1; t <= capture.steps(); t++) {
            control.checkCancelled();
            for (int p = 0; p < capture.length(); p++) {
                capture.layerStates(t, -1, p, 1, before, 0);
                for (int l = 0; l < geometry.layers; l++) {
                    capture.layerStates(t, l, p, 1, here, 0);
                    geometry.compare((t - 1) * geometry.layers + l, p, before, here);
                    float[] swap = before;
                    before = here;
                    here = swap;
                }
            }
        }
        return geometry;
    }

    private void compare(int row, int position, float[] before, float[] here) {
        double squares = 0;
        double squaresBefore = 0;
        double squaredStep = 0;
        double dot = 0;
        for (int i = 0; i < here.length; i++) {
            double difference = (double) here[i] - before[i];
            squares += (double) here[i] * here[i];
            squaresBefore += (double) before[i] * before[i];
            squaredStep += difference * difference;
            dot += (double) here[i] * before[i];
        }
        norm[row][position] = Math.sqrt(squares);
        stepSize[row][position] = Math.sqrt(squaredStep);
        relativeStep[row][position] = squaresBefore == 0 ? Double.NaN : Math.sqrt(squaredStep / squaresBefore);
        cosine[row][position] = Math.max(-1, Math.min(1, dot / Math.sqrt(squares * squaresBefore)));
    }

    /** T. */
    public int steps() {
        return capture.steps();
    }

    /** L. */
    public int layers() {
        return layers;
    }

    /** ‖x_{t,l}‖. */
    public double norm(int step, int layer, int position) {
        return norm[row(step, layer)][position];
    }

    /** ‖x_{t,l} − x_{t,l−1}‖: what the layer added. */
    public double stepSize(int step, int layer, int position) {
        return stepSize[row(step, layer)][position];
    }

    /** ‖x_{t,l} − x_{t,l−1}‖ / ‖x_{t,l−1}‖; NaN when that is zero. */
    public double relativeStep(int step, int layer, int position) {
        return relativeStep[row(step, layer)][position];
    }

    /** cos(x_{t,l}, x_{t,l−1}); NaN when one of them is zero. */
    public double cosine(int step, int layer, int position) {
        return cosine[row(step, layer)][position];
    }

    /** arccos(cos(x_{t,l}, x_{t,l−1})) / π, in [0, 1]; NaN as {@link #cosine}. */
    public double angularDistance(int step, int layer, int position) {
        return Math.acos(cosine(step, layer, position)) / Math.PI;
    }

    private int row(int step, int layer) {
        if (step < 1 || step > steps() || layer < 0 || layer >= layers) {
            throw new IllegalArgumentException("step and layer: want 1 to " + steps() + " and 0 to " + (layers - 1)
                    + ", got " + step + " and " + layer);
        }
        return (step - 1) * layers + layer;
    }

    /**
     * One line per token, step and layer: {@code position}, {@code token}, {@code step}, {@code layer}, {@code norm}, {@code
     * step_size}, {@code relative_step}, {@code cosine}, {@code angular_distance}.
     */
    public Table toTable() {
        IntColumn positions = IntColumn.create("position");
        StringColumn token = StringColumn.create("token");
        IntColumn step = IntColumn.create("step");
        IntColumn layer = IntColumn.create("layer");
        DoubleColumn norms = DoubleColumn.create("norm");
        DoubleColumn sizes = DoubleColumn.create("step_size");
        DoubleColumn relative = DoubleColumn.create("relative_step");
        DoubleColumn cosines = DoubleColumn.create("cosine");
        DoubleColumn angles = DoubleColumn.create("angular_distance");
        for (int p = 0; p < capture.length(); p++) {
            for (int t = 1; t <= steps(); t++) {
                for (int l = 0; l < layers; l++) {
                    positions.append(p);
                    token.append(capture.tokenText(p));
                    step.append(t);
                    layer.append(l);
                    norms.append(norm(t, l, p));
                    sizes.append(stepSize(t, l, p));
                    relative.append(relativeStep(t, l, p));
                    cosines.append(cosine(t, l, p));
                    angles.append(angularDistance(t, l, p));
                }
            }
        }
        return Table.create("layer_geometry", positions, token, step, layer, norms, sizes, relative, cosines, angles);
    }
}
