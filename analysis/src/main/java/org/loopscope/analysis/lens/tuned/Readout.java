package org.loopscope.analysis.lens.tuned;

import java.util.stream.IntStream;
import org.loopscope.model.Unembedding;

/**
 * Final norm and unembedding with their gradient, for training against the divergence from given distributions. The
 * weights are read through the {@link Unembedding} itself: W_U by sending in unit vectors (d · V float32 numbers are
 * kept), the norm's weight by sending in ones. Sums in double.
 */
final class Readout {
    private static final int UNITS = 64; // unit vectors of one product

    private final Unembedding unembedding;
    private final double eps;
    private final float[] normWeight; // [d]
    private final float[][] columns; // [d][V], W_U transposed

    Readout(Unembedding unembedding, double eps) {
        this.unembedding = unembedding;
        this.eps = eps;
        int d = unembedding.hiddenSize();
        int v = unembedding.vocabSize();
        this.normWeight = new float[d];
        java.util.Arrays.fill(normWeight, 1f);
        unembedding.finalNorm(normWeight, 1, normWeight);
        for (int i = 0; i < d; i++) {
            normWeight[i] = (float) (normWeight[i] * Math.sqrt(1 + eps)); // ones have a mean square of 1
        }
        this.columns = new float[d][];
        for (int first = 0; first < d; first += UNITS) {
            int count = Math.min(UNITS, d - first);
            float[] units = new float[count * d];
            for (int i = 0; i < count; i++) {
                units[i * d + first + i] = 1;
            }
            float[] logits = new float[count * v];
            unembedding.logits(units, count, logits);
            for (int i = 0; i < count; i++) {
                columns[first + i] = java.util.Arrays.copyOfRange(logits, i * v, (i + 1) * v);
            }
        }
    }

    /** ln softmax of the logits of normed states, [rows, V] in place of the logits. */
    float[] logProbabilities(float[] normed, int rows) {
        int v = unembedding.vocabSize();
        float[] logits = new float[rows * v];
        unembedding.logits(normed, rows, logits);
        IntStream.range(0, rows).parallel().forEach(r -> {
            double max = Double.NEGATIVE_INFINITY;
            for (int i = r * v; i < (r + 1) * v; i++) {
                max = Math.max(max, logits[i]);
            }
            double sum = 0;
            for (int i = r * v; i < (r + 1) * v; i++) {
                sum += Math.exp(logits[i] - max);
            }
            double normaliser = max + Math.log(sum);
            for (int i = r * v; i < (r + 1) * v; i++) {
                logits[i] = (float) (logits[i] - normaliser);
            }
        });
        return logits;
    }

    /** KL(target ‖ lens of {@code states}) of each row, in nats; both [rows, ...], targets as ln p. */
    double[] divergences(float[] states, float[] targets, int rows) {
        float[] normed = new float[rows * unembedding.hiddenSize()];
        unembedding.finalNorm(states, rows, normed);
        return divergencesOf(targets, logProbabilities(normed, rows), rows);
    }

    private double[] divergencesOf(float[] targets, float[] found, int rows) {
        int v = unembedding.vocabSize();
        double[] result = new double[rows];
        for (int r = 0; r < rows; r++) {
            for (int i = r * v; i < (r + 1) * v; i++) {
                result[r] += Math.exp(targets[i]) * ((double) targets[i] - found[i]);
            }
        }
        return result;
    }

    /**
     * The divergences, and in {@code gradient} [rows, d] the derivative of each row's with respect to its state before the
     * norm: with z = g ∘ x r and r = (mean x² + ε)^−½, dx = r (g ∘ dz) − x r³ / d · Σ g dz x, dz = (p − target) W_U.
     */
    double[] gradient(float[] states, float[] targets, int rows, float[] gradient) {
        int d = unembedding.hiddenSize();
        int v = unembedding.vocabSize();
        float[] normed = new float[rows * d];
        unembedding.finalNorm(states, rows, normed);
        float[] found = logProbabilities(normed, rows);
        double[] divergences = divergencesOf(targets, found, rows);
        IntStream.range(0, rows).parallel().forEach(r -> {
            float[] excess = new float[v];
            for (int i = 0; i < v; i++) {
                excess[i] = (float) (Math.exp(found[r * v + i]) - Math.exp(targets[r * v + i]));
            }
            throughNorm(states, r * d, excess, gradient);
        });
        return divergences;
    }

    private void throughNorm(float[] states, int offset, float[] excess, float[] gradient) {
        int d = normWeight.length;
        double squares = 0;
        for (int i = 0; i < d; i++) {
            squares += (double) states[offset + i] * states[offset + i];
        }
        double scale = 1 / Math.sqrt(squares / d + eps);
        double[] scaled = new double[d]; // g ∘ dz
        double dot = 0;
        for (int i = 0; i < d; i++) {
            scaled[i] = normWeight[i] * dot(columns[i], excess);
            dot += scaled[i] * states[offset + i];
        }
        double back = scale * scale * scale / d * dot;
        for (int i = 0; i < d; i++) {
            gradient[offset + i] = (float) (scale * scaled[i] - back * states[offset + i]);
        }
    }

    private static double dot(float[] a, float[] b) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i + 3 < a.length; i += 4) {
            s0 += (double) a[i] * b[i];
            s1 += (double) a[i + 1] * b[i + 1];
            s2 += (double) a[i + 2] * b[i + 2];
            s3 += (double) a[i + 3] * b[i + 3];
        }
        for (; i < a.length; i++) {
            s0 += (double) a[i] * b[i];
        }
        return s0 + s1 + (s2 + s3);
    }
}
