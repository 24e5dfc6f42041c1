package org.loopscope.analysis.geometry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.loopscope.analysis.lens.DepthPoint;
import org.loopscope.analysis.table.Tables;
import org.loopscope.model.Capture;
import org.loopscope.model.base.RunControl;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The states of some tokens in one plane: a PCA fitted once to all of them, every token, step and (where asked for) layer
 * together, so that orbits of different tokens and steps can be compared. Immutable.
 *
 * <p>With layers the points of a step are the residual stream after each layer, before the final norm, and last the step
 * output, after it; without layers the step outputs alone. Source of the picture: Blayney et al. 2026 (arXiv:2604.11791)
 * §4 and appendix D.3.
 */
public final class Orbits {
    /** Axes that are kept. */
    public static final int AXES = 3;

    private final Capture capture;
    private final List<Point> points;
    private final Pca pca;
    private final boolean layers;

    /**
     * A state in the plane.
     *
     * @param depth the layer, or the step output
     * @param coordinates along the axes; fewer than {@link #AXES} for very few points
     */
    public record Point(int position, DepthPoint depth, List<Double> coordinates) {
        public Point {
            coordinates = List.copyOf(coordinates);
        }

        /** Along axis {@code i}, 0-based; 0 where there is no such axis. */
        public double at(int i) {
            return i < coordinates.size() ? coordinates.get(i) : 0;
        }
    }

    private Orbits(Capture capture, List<Point> points, Pca pca, boolean layers) {
        this.capture = capture;
        this.points = List.copyOf(points);
        this.pca = pca;
        this.layers = layers;
    }

    /**
     * @param positions the tokens, at least one
     * @param layers whether the states inside the steps are fitted and shown too
     * @throws IllegalArgumentException if that is fewer than two states
     * @throws IllegalStateException if layers are asked for and the capture has none
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    public static Orbits of(Capture capture, List<Integer> positions, boolean layers, RunControl control) {
        int d = capture.config().hiddenSize();
        float[] state = new float[d];
        List<double[]> rows = new ArrayList<>();
        List<Point> where = new ArrayList<>();
        for (int p : positions) {
            for (int t = 1; t <= capture.steps(); t++) {
                for (int l = 0; layers && l < capture.config().layers(); l++) {
                    capture.layerStates(t, l, p, 1, state, 0);
                    rows.add(doubles(state));
                    where.add(new Point(p, DepthPoint.layer(t, l), List.of()));
                }
                capture.hiddenStates(t, p, 1, state, 0);
                rows.add(doubles(state));
                where.add(new Point(p, DepthPoint.stepOutput(t), List.of()));
            }
        }
        double[][] points = rows.toArray(double[][]::new);
        Pca pca = Pca.fit(points, AXES, control);
        List<Point> projected = new ArrayList<>();
        for (int i = 0; i < points.length; i++) {
            List<Double> at = Arrays.stream(pca.project(points[i])).boxed().toList();
            projected.add(new Point(where.get(i).position(), where.get(i).depth(), at));
        }
        return new Orbits(capture, projected, pca, layers);
    }

    private static double[] doubles(float[] values) {
        double[] result = new double[values.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = values[i];
        }
        return result;
    }

    /** All points, token by token in the order asked for, each from the first step to the last. */
    public List<Point> points() {
        return points;
    }

    /** The points of one token. */
    public List<Point> points(int position) {
        return points.stream().filter(p -> p.position() == position).toList();
    }

    /** Whether states inside the steps are among the points. */
    public boolean layers() {
        return layers;
    }

    /** T. */
    public int steps() {
        return capture.steps();
    }

    /** Share of the variance of all points along axis {@code i}; 0 where there is no such axis. */
    public double explained(int i) {
        return i < pca.components() ? pca.explained(i) : 0;
    }

    /** Points that were fitted. */
    public int fitted() {
        return points.size();
    }

    /**
     * One line per point: {@code position}, {@code token}, {@code step}, {@code layer} (missing for step outputs), {@code
     * pc1}, {@code pc2}, {@code pc3}, and on every line the {@code explained1} … {@code explained3} of the fit.
     */
    public Table toTable() {
        IntColumn position = IntColumn.create("position");
        StringColumn token = StringColumn.create("token");
        IntColumn step = IntColumn.create("step");
        IntColumn layer = IntColumn.create("layer");
        DoubleColumn[] axes = new DoubleColumn[AXES];
        DoubleColumn[] shares = new DoubleColumn[AXES];
        for (int i = 0; i < AXES; i++) {
            axes[i] = DoubleColumn.create("pc" + (i + 1));
            shares[i] = DoubleColumn.create("explained" + (i + 1));
        }
        for (Point point : points) {
            position.append(point.position());
            token.append(capture.tokenText(point.position()));
            step.append(point.depth().step());
            OptionalInt l = point.depth().layer();
            Tables.append(layer, l);
            for (int i = 0; i < AXES; i++) {
                axes[i].append(point.at(i));
                shares[i].append(explained(i));
            }
        }
        return Table.create("orbits", position, token, step, layer)
                .addColumns(axes)
                .addColumns(shares);
    }
}
