package org.loopscope.analysis.geometry;

import java.util.Arrays;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.loopscope.model.Capture;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.shape.Site;

/**
 * How many directions the states of all tokens take up: exp(−Σ σ̄ ln σ̄), σ̄ the singular values of the matrix of states
 * [tokens, d] divided by their sum. Each state is scaled to RMS 1 first, so that long ones do not decide alone; the mean
 * is not taken out. Between 1 (all on one line) and min(tokens, d).
 *
 * <p>Source: Roy and Vetterli 2007, "The effective rank"; on RMS-normed states of loops, arXiv:2606.18023 eq. 4.
 */
public final class EffectiveRank {
    /** Tokens of a longer text that are looked at, evenly spaced; the cost grows with the cube. */
    public static final int MAX_TOKENS = 512;

    private EffectiveRank() {}

    /** Effective rank of the step outputs of each step, [T]. */
    public static double[] ofSteps(Capture capture, RunControl control) {
        double[] ranks = new double[capture.steps()];
        for (int t = 1; t <= ranks.length; t++) {
            control.checkCancelled();
            ranks[t - 1] = of(capture, Site.stepOutput(t));
            control.progress("effective rank", t, ranks.length);
        }
        return ranks;
    }

    /**
     * Effective rank of the residual stream after each layer of each step, [T][L].
     *
     * @throws IllegalStateException if the capture has no layer states
     */
    public static double[][] ofLayers(Capture capture, RunControl control) {
        double[][] ranks = new double[capture.steps()][capture.config().layers()];
        for (int t = 1; t <= ranks.length; t++) {
            for (int l = 0; l < ranks[0].length; l++) {
                control.checkCancelled();
                ranks[t - 1][l] = of(capture, Site.afterLayer(t, l));
            }
            control.progress("effective rank of layers", t, ranks.length);
        }
        return ranks;
    }

    /** Tokens that are looked at in a text of {@code length}. */
    public static int tokensOf(int length) {
        return Math.min(MAX_TOKENS, length);
    }

    private static double of(Capture capture, Site site) {
        int d = capture.config().hiddenSize();
        int n = tokensOf(capture.length());
        float[] rows = new float[n * d];
        for (int i = 0; i < n; i++) {
            capture.states(site, (int) ((long) i * capture.length() / n), 1, rows, i * d);
        }
        return of(rows, n, d);
    }

    /** Effective rank of {@code n} states of size {@code d}, row after row; NaN if all are zero. */
    static double of(float[] states, int n, int d) {
        double[][] rows = new double[n][d];
        for (int i = 0; i < n; i++) {
            double squares = 0;
            for (int j = 0; j < d; j++) {
                rows[i][j] = states[i * d + j];
                squares += rows[i][j] * rows[i][j];
            }
            double scale = squares == 0 ? 0 : Math.sqrt(d / squares);
            for (int j = 0; j < d; j++) {
                rows[i][j] *= scale;
            }
        }
        double[] singular = singularValues(n <= d ? rows : transposed(rows));
        double sum = Arrays.stream(singular).sum();
        double entropy = 0;
        for (double value : singular) {
            double share = value / sum;
            entropy -= share > 0 ? share * Math.log(share) : 0;
        }
        return sum == 0 ? Double.NaN : Math.exp(entropy);
    }

    /** Square roots of the eigenvalues of rows · rowsᵀ. */
    private static double[] singularValues(double[][] rows) {
        double[][] gram = Gram.of(rows);
        double[] values = new EigenDecomposition(new Array2DRowRealMatrix(gram, false)).getRealEigenvalues();
        return Arrays.stream(values).map(v -> Math.sqrt(Math.max(0, v))).toArray();
    }

    private static double[][] transposed(double[][] rows) {
        double[][] result = new double[rows[0].length][rows.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < result.length; j++) {
                result[j][i] = rows[i][j];
            }
        }
        return result;
    }
}
