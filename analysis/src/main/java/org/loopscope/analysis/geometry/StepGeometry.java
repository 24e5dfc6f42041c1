package org.loopscope.analysis.geometry;

import org.loopscope.model.Capture;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * How the step outputs h_t of each token move. Lengths are Euclidean, in the units of h, after the final norm. At step 1
 * there is no earlier step output: what compares two steps is NaN there. Immutable; steps 1-based, positions 0-based.
 */
public final class StepGeometry {
    private final Capture capture;
    private final double[][] norm; // [T][S]
    private final double[][] stepSize; // [T][S], row 0 NaN
    private final double[][] cosine; // [T][S], row 0 NaN

    private StepGeometry(Capture capture) {
        this.capture = capture;
        this.norm = new double[capture.steps()][capture.length()];
        this.stepSize = new double[capture.steps()][capture.length()];
        this.cosine = new double[capture.steps()][capture.length()];
    }

    public static StepGeometry of(Capture capture) {
        StepGeometry geometry = new StepGeometry(capture);
        int d = capture.config().hiddenSize();
        float[] before = new float[d];
        float[] here = new float[d];
        for (int p = 0; p < capture.length(); p++) {
            for (int t = 1; t <= capture.steps(); t++) {
                capture.hiddenStates(t, p, 1, here, 0);
                geometry.compare(t, p, before, here);
                float[] swap = before;
                before = here;
                here = swap;
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

    /** ‖h_t − h_{t−1}‖; NaN at step 1. */
    public double stepSize(int step, int position) {
        return stepSize[step - 1][position];
    }

    /** ‖h_t − h_{t−1}‖ / ‖h_{t−1}‖; NaN at step 1 and when h_{t−1} is zero. */
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

    /**
     * One line per token and step: {@code position}, {@code token}, {@code step}, {@code norm}, {@code step_size}, {@code
     * relative_step}, {@code cosine}; the last three are missing at step 1.
     */
    public Table toTable() {
        IntColumn position = IntColumn.create("position");
        StringColumn token = StringColumn.create("token");
        IntColumn step = IntColumn.create("step");
        DoubleColumn norms = DoubleColumn.create("norm");
        DoubleColumn sizes = DoubleColumn.create("step_size");
        DoubleColumn relative = DoubleColumn.create("relative_step");
        DoubleColumn cosines = DoubleColumn.create("cosine");
        for (int p = 0; p < positions(); p++) {
            for (int t = 1; t <= steps(); t++) {
                position.append(p);
                token.append(capture.tokenText(p));
                step.append(t);
                norms.append(norm(t, p));
                sizes.append(stepSize(t, p));
                relative.append(relativeStep(t, p));
                cosines.append(cosine(t, p));
            }
        }
        return Table.create("geometry", position, token, step, norms, sizes, relative, cosines);
    }
}
