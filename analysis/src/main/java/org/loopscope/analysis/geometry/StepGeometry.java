package org.loopscope.analysis.geometry;

import org.loopscope.model.Capture;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * How the step outputs h_t of each token move. Lengths are Euclidean, in the units of h, after the final norm. With Δ_t =
 * h_t − h_{t−1}: at step 1 there is no earlier step output, so what compares two steps is NaN there; what compares two
 * updates is NaN at steps 1 and 2. Immutable; steps 1-based, positions 0-based.
 *
 * <p>Sources: angular distance, Gromov et al. 2024 (arXiv:2403.17887) eq. 7; direction of updates and acceleration,
 * Pappone et al. 2025 (arXiv:2509.23314).
 */
public final class StepGeometry {
    private final Capture capture;
    private final double[][] norm; // [T][S]
    private final double[][] stepSize; // [T][S], row 0 NaN
    private final double[][] cosine; // [T][S], row 0 NaN
    private final double[][] updateCosine; // [T][S], rows 0 and 1 NaN
    private final double[][] acceleration; // [T][S], rows 0 and 1 NaN

    private StepGeometry(Capture capture) {
        int t = capture.steps();
        int s = capture.length();
        this.capture = capture;
        this.norm = new double[t][s];
        this.stepSize = new double[t][s];
        this.cosine = new double[t][s];
        this.updateCosine = new double[t][s];
        this.acceleration = new double[t][s];
    }

    public static StepGeometry of(Capture capture) {
        StepGeometry geometry = new StepGeometry(capture);
        int d = capture.config().hiddenSize();
        float[] older = new float[d];
        float[] before = new float[d];
        float[] here = new float[d];
        for (int p = 0; p < capture.length(); p++) {
            for (int t = 1; t <= capture.steps(); t++) {
                capture.hiddenStates(t, p, 1, here, 0);
                geometry.compare(t, p, before, here);
                geometry.compareUpdates(t, p, older, before, here);
                float[] oldest = older;
                older = before;
                before = here;
                here = oldest;
            }
        }
        return geometry;
    }

    private void compare(int step, int position, float[] before, float[] here) {
        double squares = 0;
        double squaredStep = 0;
        double dot = 0;
        for (int i = 0; i < here.length; i++) {
            double difference = (double) here[i] - before[i];
            squares += (double) here[i] * here[i];
            squaredStep += difference * difference;
            dot += (double) here[i] * before[i];
        }
        norm[step - 1][position] = Math.sqrt(squares);
        stepSize[step - 1][position] = step == 1 ? Double.NaN : Math.sqrt(squaredStep);
        cosine[step - 1][position] = step == 1
                ? Double.NaN
                : Math.max(-1, Math.min(1, dot / (norm[step - 1][position] * norm[step - 2][position])));
    }

    private void compareUpdates(int step, int position, float[] older, float[] before, float[] here) {
        double dot = 0;
        double squaredChange = 0;
        for (int i = 0; i < here.length; i++) {
            double now = (double) here[i] - before[i];
            double last = (double) before[i] - older[i];
            dot += now * last;
            squaredChange += (now - last) * (now - last);
        }
        boolean known = step > 2;
        double lengths = known ? stepSize[step - 1][position] * stepSize[step - 2][position] : 0;
        updateCosine[step - 1][position] = known ? Math.max(-1, Math.min(1, dot / lengths)) : Double.NaN;
        acceleration[step - 1][position] = known ? Math.sqrt(squaredChange) : Double.NaN;
    }

    /** T. */
    public int steps() {
        return norm.length;
    }

    /** S. */
    public int positions() {
        return norm[0].length;
    }

    /** ‖h_t‖. */
    public double norm(int step, int position) {
        return norm[step - 1][position];
    }

    /** ‖Δ_t‖ = ‖h_t − h_{t−1}‖; NaN at step 1. */
    public double stepSize(int step, int position) {
        return stepSize[step - 1][position];
    }

    /** ‖Δ_t‖ / ‖h_{t−1}‖; NaN at step 1 and when h_{t−1} is zero. */
    public double relativeStep(int step, int position) {
        if (step == 1 || norm(step - 1, position) == 0) {
            return Double.NaN;
        }
        return stepSize(step, position) / norm(step - 1, position);
    }

    /** cos(h_t, h_{t−1}), in [−1, 1]; NaN at step 1 and when one of them is zero. */
    public double cosine(int step, int position) {
        return cosine[step - 1][position];
    }

    /** arccos(cos(h_t, h_{t−1})) / π, in [0, 1]: 0 the same direction, 0.5 orthogonal; NaN as {@link #cosine}. */
    public double angularDistance(int step, int position) {
        return Math.acos(cosine(step, position)) / Math.PI;
    }

    /** cos(Δ_t, Δ_{t−1}): near 1 goes on the same way, 0 turns, below 0 goes back; NaN at steps 1 and 2 and for no move. */
    public double updateCosine(int step, int position) {
        return updateCosine[step - 1][position];
    }

    /** ‖Δ_t − Δ_{t−1}‖; NaN at steps 1 and 2. */
    public double acceleration(int step, int position) {
        return acceleration[step - 1][position];
    }

    /** ‖Δ_t − Δ_{t−1}‖ / (‖Δ_t‖ + ‖Δ_{t−1}‖), in [0, 1]: 1 is straight back; NaN at steps 1 and 2 and for no move. */
    public double relativeAcceleration(int step, int position) {
        if (step <= 2) {
            return Double.NaN;
        }
        return acceleration(step, position) / (stepSize(step, position) + stepSize(step - 1, position));
    }

    /**
     * One line per token and step: {@code position}, {@code token}, {@code step}, {@code norm}, {@code step_size}, {@code
     * relative_step}, {@code cosine}, {@code angular_distance} (missing at step 1), {@code update_cosine}, {@code
     * acceleration}, {@code relative_acceleration} (missing at steps 1 and 2).
     */
    public Table toTable() {
        IntColumn position = IntColumn.create("position");
        StringColumn token = StringColumn.create("token");
        IntColumn step = IntColumn.create("step");
        DoubleColumn norms = DoubleColumn.create("norm");
        DoubleColumn sizes = DoubleColumn.create("step_size");
        DoubleColumn relative = DoubleColumn.create("relative_step");
        DoubleColumn cosines = DoubleColumn.create("cosine");
        DoubleColumn angles = DoubleColumn.create("angular_distance");
        DoubleColumn turns = DoubleColumn.create("update_cosine");
        DoubleColumn changes = DoubleColumn.create("acceleration");
        DoubleColumn relativeChanges = DoubleColumn.create("relative_acceleration");
        for (int p = 0; p < positions(); p++) {
            for (int t = 1; t <= steps(); t++) {
                position.append(p);
                token.append(capture.tokenText(p));
                step.append(t);
                norms.append(norm(t, p));
                sizes.append(stepSize(t, p));
                relative.append(relativeStep(t, p));
                cosines.append(cosine(t, p));
                angles.append(angularDistance(t, p));
                turns.append(updateCosine(t, p));
                changes.append(acceleration(t, p));
                relativeChanges.append(relativeAcceleration(t, p));
            }
        }
        return Table.create("geometry", position, token, step, norms, sizes, relative, cosines)
                .addColumns(angles, turns, changes, relativeChanges);
    }
}
