package org.loopscope.analysis.geometry;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.loopscope.model.base.RunControl;

/**
 * Principal components of some points: the mean is taken out, the axes are those of largest variance, the total variance
 * is kept so that the explained share is exact. Immutable.
 *
 * <p>The largest few eigenvectors of the covariance come from subspace iteration with a Rayleigh–Ritz step and eight
 * directions more than asked for (Golub and Van Loan, Matrix Computations, §8.2.4); exact when the points span no more
 * directions than that. The sign of an axis is free: it is chosen so that its largest entry is positive, which makes the
 * picture the same every time.
 */
public final class Pca {
    private static final int MORE = 8;
    private static final int MAX_ROUNDS = 300;
    private static final double TOLERANCE = 1e-10; // of the largest eigenvalue

    private final double[] mean; // [d]
    private final double[][] axes; // [k][d], orthonormal
    private final double[] variance; // [k]
    private final double totalVariance;

    private Pca(double[] mean, double[][] axes, double[] variance, double totalVariance) {
        this.mean = mean;
        this.axes = axes;
        this.variance = variance;
        this.totalVariance = totalVariance;
    }

    /**
     * Fits {@code k} components to {@code points} [n][d], which are not changed; fewer where n − 1 or d is smaller.
     *
     * @throws IllegalArgumentException for fewer than two points
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    public static Pca fit(double[][] points, int k, RunControl control) {
        int n = points.length;
        if (n < 2 || k < 1) {
            throw new IllegalArgumentException("PCA: want two or more points and one or more components, got " + n
                    + " points, " + k + " components");
        }
        int d = points[0].length;
        double[] mean = mean(points);
        double[][] centred = new double[n][d];
        double total = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < d; j++) {
                centred[i][j] = points[i][j] - mean[j];
                total += centred[i][j] * centred[i][j];
            }
        }
        int wanted = Math.min(k, Math.min(n - 1, d));
        int block = Math.min(wanted + MORE, Math.min(n - 1, d));
        double[][] basis = start(block, d);
        double[] values = new double[block];
        for (int round = 0; round < MAX_ROUNDS; round++) {
            control.checkCancelled();
            double[] before = values;
            values = improve(centred, basis);
            if (converged(before, values, wanted)) {
                break;
            }
        }
        double[][] axes = Arrays.copyOf(basis, wanted);
        for (double[] axis : axes) {
            orient(axis);
        }
        double[] variance = Arrays.stream(values, 0, wanted)
                .map(v -> Math.max(0, v) / (n - 1))
                .toArray();
        return new Pca(mean, axes, variance, total / (n - 1));
    }

    private static double[] mean(double[][] points) {
        double[] mean = new double[points[0].length];
        for (double[] point : points) {
            for (int j = 0; j < mean.length; j++) {
                mean[j] += point[j] / points.length;
            }
        }
        return mean;
    }

    private static double[][] start(int block, int d) {
        Random random = new Random(1); // any start does; a fixed one gives the same picture
        double[][] basis = new double[block][d];
        for (double[] row : basis) {
            Arrays.setAll(row, i -> random.nextGaussian());
        }
        orthonormalise(basis);
        return basis;
    }

    /** One round: basis ← orthonormal basis of C·basis, turned to its own principal axes. Gives the eigenvalues. */
    private static double[] improve(double[][] centred, double[][] basis) {
        int block = basis.length;
        double[][] product = new double[block][];
        IntStream.range(0, block).parallel().forEach(b -> product[b] = scatter(centred, basis[b]));
        orthonormalise(product);
        double[][] image = new double[block][];
        IntStream.range(0, block).parallel().forEach(b -> image[b] = scatter(centred, product[b]));
        double[][] small = new double[block][block];
        for (int a = 0; a < block; a++) {
            for (int b = 0; b <= a; b++) {
                small[a][b] = Gram.dot(product[a], image[b]);
                small[b][a] = small[a][b];
            }
        }
        EigenDecomposition ritz = new EigenDecomposition(new Array2DRowRealMatrix(small, false)); // values descending
        for (int b = 0; b < block; b++) {
            double[] turn = ritz.getEigenvector(b).toArray();
            Arrays.fill(basis[b], 0);
            for (int a = 0; a < block; a++) {
                for (int j = 0; j < basis[b].length; j++) {
                    basis[b][j] += turn[a] * product[a][j];
                }
            }
        }
        return ritz.getRealEigenvalues();
    }

    /** Σ x (x · v) over the centred points x. */
    private static double[] scatter(double[][] centred, double[] v) {
        double[] result = new double[v.length];
        for (double[] x : centred) {
            double weight = Gram.dot(x, v);
            for (int j = 0; j < result.length; j++) {
                result[j] += weight * x[j];
            }
        }
        return result;
    }

    /** Gram–Schmidt, twice; a row that depends on those before it becomes zero. */
    private static void orthonormalise(double[][] rows) {
        for (int i = 0; i < rows.length; i++) {
            double before = Math.sqrt(Gram.dot(rows[i], rows[i]));
            for (int pass = 0; pass < 2; pass++) {
                for (int j = 0; j < i; j++) {
                    double share = Gram.dot(rows[i], rows[j]);
                    for (int c = 0; c < rows[i].length; c++) {
                        rows[i][c] -= share * rows[j][c];
                    }
                }
            }
            double length = Math.sqrt(Gram.dot(rows[i], rows[i]));
            double scale = length <= 1e-12 * before ? 0 : 1 / length;
            for (int c = 0; c < rows[i].length; c++) {
                rows[i][c] *= scale;
            }
        }
    }

    private static boolean converged(double[] before, double[] now, int wanted) {
        double limit = TOLERANCE * Math.max(now[0], Double.MIN_NORMAL);
        for (int i = 0; i < wanted; i++) {
            if (!(Math.abs(now[i] - before[i]) <= limit)) {
                return false;
            }
        }
        return true;
    }

    private static void orient(double[] axis) {
        int largest = 0;
        for (int j = 1; j < axis.length; j++) {
            if (Math.abs(axis[j]) > Math.abs(axis[largest])) {
                largest = j;
            }
        }
        if (axis[largest] < 0) {
            for (int j = 0; j < axis.length; j++) {
                axis[j] = -axis[j];
            }
        }
    }

    /** How many components there are. */
    public int components() {
        return axes.length;
    }

    /** Variance (with n − 1) along component {@code i}, 0-based, largest first. */
    public double variance(int i) {
        return variance[i];
    }

    /** Share of the total variance along component {@code i}, in [0, 1]; NaN when all points are the same. */
    public double explained(int i) {
        return totalVariance == 0 ? Double.NaN : variance[i] / totalVariance;
    }

    /** Coordinates of a point, [components]. */
    public double[] project(double[] point) {
        double[] result = new double[axes.length];
        for (int i = 0; i < result.length; i++) {
            for (int j = 0; j < mean.length; j++) {
                result[i] += axes[i][j] * (point[j] - mean[j]);
            }
        }
        return result;
    }
}
