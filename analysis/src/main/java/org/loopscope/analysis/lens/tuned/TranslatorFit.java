package org.loopscope.analysis.lens.tuned;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.base.Seeds;

/**
 * Trains one translator x + A x + s b by Adam (Kingma and Ba 2015, β 0.9 and 0.999) on the mean divergence of its readout
 * from the targets, from zero, with a rate that falls evenly to zero. s is the RMS of the states, so that b has the scale
 * of A x. Deterministic for a seed.
 */
final class TranslatorFit {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPS = 1e-8;

    private final Readout readout;
    private final int d;
    private final TunedLensTrainer.Settings settings;
    private final float[] matrix; // [d * d]
    private final float[] bias; // [d], in units of scale
    private final double[] moments; // first moments of matrix and bias
    private final double[] squares; // second ones
    private double scale;

    TranslatorFit(Readout readout, int d, TunedLensTrainer.Settings settings) {
        this.readout = readout;
        this.d = d;
        this.settings = settings;
        this.matrix = new float[d * d];
        this.bias = new float[d];
        this.moments = new double[d * d + d];
        this.squares = new double[d * d + d];
    }

    /** Reads training states and targets of some rows. */
    interface Rows {
        int count();

        /** States [n, d] and ln p of the targets [n, V] of the rows {@code which}. */
        void read(int[] which, float[] states, float[] targets);

        int vocabulary();
    }

    /** Trains; {@code progress} is told of every finished batch. */
    void train(Rows rows, RandomGenerator random, RunControl control, Runnable progress) {
        scale = rootMeanSquare(rows);
        int[] order = IntStream.range(0, rows.count()).toArray();
        int batches = batches(rows.count());
        int total = settings.epochs() * batches;
        int done = 0;
        for (int epoch = 0; epoch < settings.epochs(); epoch++) {
            Seeds.shuffle(order, random);
            for (int batch = 0; batch < batches; batch++) {
                control.checkCancelled();
                int from = batch * settings.batch();
                int[] which = Arrays.copyOfRange(order, from, Math.min(order.length, from + settings.batch()));
                done++;
                step(rows, which, settings.rate() * (1 - (double) (done - 1) / total), done);
                progress.run();
            }
        }
    }

    int batches(int rows) {
        return (rows + settings.batch() - 1) / settings.batch();
    }

    private double rootMeanSquare(Rows rows) {
        int n = Math.min(rows.count(), 1024);
        float[] states = new float[n * d];
        float[] targets = new float[n * rows.vocabulary()];
        rows.read(
                IntStream.range(0, n)
                        .map(i -> (int) ((long) i * rows.count() / n))
                        .toArray(),
                states,
                targets);
        double sum = 0;
        for (float x : states) {
            sum += (double) x * x;
        }
        return Math.sqrt(sum / states.length);
    }

    private void step(Rows rows, int[] which, double rate, int time) {
        int n = which.length;
        float[] states = new float[n * d];
        float[] targets = new float[n * rows.vocabulary()];
        rows.read(which, states, targets);
        float[] translated = translated(states, n);
        float[] gradient = new float[n * d];
        readout.gradient(translated, targets, n, gradient);
        double correction = Math.sqrt(1 - Math.pow(BETA2, time)) / (1 - Math.pow(BETA1, time));
        IntStream.range(0, d).parallel().forEach(i -> {
            double[] row = new double[d];
            double ofBias = 0;
            for (int r = 0; r < n; r++) {
                double g = gradient[r * d + i] / (double) n;
                ofBias += g * scale;
                for (int j = 0; j < d; j++) {
                    row[j] += g * states[r * d + j];
                }
            }
            for (int j = 0; j < d; j++) {
                matrix[i * d + j] -= (float) (rate * correction * update(i * d + j, row[j]));
            }
            bias[i] -= (float) (rate * correction * update(d * d + i, ofBias));
        });
    }

    private double update(int at, double gradient) {
        moments[at] = BETA1 * moments[at] + (1 - BETA1) * gradient;
        squares[at] = BETA2 * squares[at] + (1 - BETA2) * gradient * gradient;
        return moments[at] / (Math.sqrt(squares[at]) + EPS);
    }

    /** x + A x + s b of [n, d]. */
    private float[] translated(float[] states, int n) {
        float[] result = new float[n * d];
        IntStream.range(0, n).parallel().forEach(r -> {
            for (int i = 0; i < d; i++) {
                double sum = states[r * d + i] + scale * bias[i];
                for (int j = 0; j < d; j++) {
                    sum += (double) matrix[i * d + j] * states[r * d + j];
                }
                result[r * d + i] = (float) sum;
            }
        });
        return result;
    }

    float[] matrix() {
        return matrix;
    }

    /** s b, [d]. */
    float[] bias() {
        float[] result = new float[d];
        for (int i = 0; i < d; i++) {
            result[i] = (float) (scale * bias[i]);
        }
        return result;
    }
}
