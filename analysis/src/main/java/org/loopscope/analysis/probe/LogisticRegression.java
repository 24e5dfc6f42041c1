package org.loopscope.analysis.probe;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Logistic regression with an L2 penalty, in double: the weights w and the intercept b that minimise
 *
 * <pre>
 *   Σ_i softplus(−s_i (w · x_i + b)) + (penalty / 2) ‖w‖²,     s_i = ±1, b not penalised
 * </pre>
 *
 * <p>The minimum is unique, also for more features than examples, so it does not matter where the search begins. It is
 * found by L-BFGS (Nocedal 1980, Math. Comp. 35; twenty pairs, backtracking to the Armijo condition) from zero, until no
 * component of the gradient is larger than the tolerance times the number of examples. The objective is scikit-learn's with C = 1 / penalty. Immutable.
 */
public final class LogisticRegression {
    private static final int PAIRS = 20;
    private static final int MOST_ITERATIONS = 1000;
    /** Of the gradient, an example: far below what a score of a held-out example can tell apart. */
    static final double TOLERANCE = 1e-5;

    private static final double ARMIJO = 1e-4;

    private final double[] weights; // [d]
    private final double intercept;

    private LogisticRegression(double[] parameters) {
        this.weights = java.util.Arrays.copyOf(parameters, parameters.length - 1);
        this.intercept = parameters[parameters.length - 1];
    }

    /**
     * Fits it.
     *
     * @param x [n][d]; not changed
     * @param positive [n], at least one of each kind
     * @param penalty above 0
     */
    public static LogisticRegression fit(double[][] x, boolean[] positive, double penalty) {
        return fit(x, positive, penalty, TOLERANCE);
    }

    /** The same to another tolerance. */
    static LogisticRegression fit(double[][] x, boolean[] positive, double penalty, double tolerance) {
        if (x.length == 0 || x.length != positive.length) {
            throw new IllegalArgumentException(
                    "examples: want as many labels, got " + positive.length + " for " + x.length);
        }
        if (!(penalty > 0)) {
            throw new IllegalArgumentException("penalty: want a number above 0, got " + penalty);
        }
        boolean mixed = false;
        for (boolean label : positive) {
            mixed |= label != positive[0];
        }
        if (!mixed) {
            throw new IllegalArgumentException("labels: want both kinds, got one");
        }
        return new LogisticRegression(new Search(x, positive, penalty).minimum(tolerance * x.length));
    }

    /** log-odds w · x + b of an example, [d]. */
    public double score(double[] x) {
        return dot(weights, x, weights.length) + intercept;
    }

    /** w, [d]. */
    public double[] weights() {
        return weights.clone();
    }

    public double intercept() {
        return intercept;
    }

    private static double dot(double[] a, double[] b, int n) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int i = 0;
        for (; i + 3 < n; i += 4) { // four sums, or each addition would wait for the one before
            sum0 += a[i] * b[i];
            sum1 += a[i + 1] * b[i + 1];
            sum2 += a[i + 2] * b[i + 2];
            sum3 += a[i + 3] * b[i + 3];
        }
        for (; i < n; i++) {
            sum0 += a[i] * b[i];
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }

    /** One step of the search and the change of the gradient along it. */
    private record Pair(double[] step, double[] change, double inverse) {}

    private static final class Search {
        private final double[][] x;
        private final boolean[] positive;
        private final double penalty;
        private final int d;
        private final Deque<Pair> pairs = new ArrayDeque<>(); // newest first

        Search(double[][] x, boolean[] positive, double penalty) {
            this.x = x;
            this.positive = positive;
            this.penalty = penalty;
            this.d = x[0].length;
        }

        double[] minimum(double tolerance) {
            double[] at = new double[d + 1];
            double[] gradient = new double[d + 1];
            double value = value(at, gradient);
            for (int i = 0; i < MOST_ITERATIONS && largest(gradient) > tolerance; i++) {
                double[] direction = direction(gradient);
                double slope = dot(direction, gradient, d + 1);
                double[] next = new double[d + 1];
                double[] nextGradient = new double[d + 1];
                double length = pairs.isEmpty() ? 1 / Math.max(1, Math.sqrt(dot(gradient, gradient, d + 1))) : 1;
                double nextValue = step(at, direction, length, next, nextGradient);
                while (!(nextValue <= value + ARMIJO * length * slope)) {
                    length /= 2;
                    if (length < 1e-12) {
                        return at; // as far as rounding lets the value fall
                    }
                    nextValue = step(at, direction, length, next, nextGradient);
                }
                remember(at, next, gradient, nextGradient);
                at = next;
                gradient = nextGradient;
                value = nextValue;
            }
            return at;
        }

        private double step(double[] from, double[] direction, double length, double[] to, double[] gradient) {
            for (int i = 0; i <= d; i++) {
                to[i] = from[i] + length * direction[i];
            }
            return value(to, gradient);
        }

        /** The objective at {@code p}; its gradient goes to {@code gradient}. */
        private double value(double[] p, double[] gradient) {
            double sum = 0;
            for (int i = 0; i < d; i++) {
                gradient[i] = penalty * p[i];
                sum += penalty / 2 * p[i] * p[i];
            }
            gradient[d] = 0;
            for (int n = 0; n < x.length; n++) {
                double margin = dot(p, x[n], d) + p[d];
                double signed = positive[n] ? margin : -margin;
                double e = Math.exp(-Math.abs(signed));
                sum += Math.log(1 + e) + (signed > 0 ? 0 : -signed);
                double share = signed > 0 ? e / (1 + e) : 1 / (1 + e); // of the wrong label
                double slope = positive[n] ? -share : share;
                double[] row = x[n];
                for (int i = 0; i < d; i++) {
                    gradient[i] += slope * row[i];
                }
                gradient[d] += slope;
            }
            return sum;
        }

        /** The two-loop recursion. */
        private double[] direction(double[] gradient) {
            double[] q = gradient.clone();
            double[] alphas = new double[pairs.size()];
            int i = 0;
            for (Pair pair : pairs) {
                alphas[i] = pair.inverse * dot(pair.step, q, d + 1);
                add(q, pair.change, -alphas[i]);
                i++;
            }
            if (!pairs.isEmpty()) {
                Pair newest = pairs.getFirst();
                double scale = 1 / (newest.inverse * dot(newest.change, newest.change, d + 1));
                for (int k = 0; k <= d; k++) {
                    q[k] *= scale;
                }
            }
            for (Iterator<Pair> oldest = pairs.descendingIterator(); oldest.hasNext(); ) {
                Pair pair = oldest.next();
                i--;
                add(q, pair.step, alphas[i] - pair.inverse * dot(pair.change, q, d + 1));
            }
            for (int k = 0; k <= d; k++) {
                q[k] = -q[k];
            }
            return q;
        }

        private void remember(double[] at, double[] next, double[] gradient, double[] nextGradient) {
            double[] step = new double[d + 1];
            double[] change = new double[d + 1];
            for (int i = 0; i <= d; i++) {
                step[i] = next[i] - at[i];
                change[i] = nextGradient[i] - gradient[i];
            }
            double curvature = dot(step, change, d + 1);
            if (curvature > 1e-300) {
                pairs.addFirst(new Pair(step, change, 1 / curvature));
                if (pairs.size() > PAIRS) {
                    pairs.removeLast();
                }
            }
        }

        private static void add(double[] to, double[] vector, double factor) {
            for (int i = 0; i < to.length; i++) {
                to[i] += factor * vector[i];
            }
        }

        private static double largest(double[] vector) {
            double most = 0;
            for (double v : vector) {
                most = Math.max(most, Math.abs(v));
            }
            return most;
        }
    }
}
