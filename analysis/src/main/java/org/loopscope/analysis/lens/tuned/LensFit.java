package org.loopscope.analysis.lens.tuned;

import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;

/**
 * Held-out divergence KL(p_T ‖ p_lens) by step and layer, of the plain logit lens and of the tuned one, in nats. The interval
 * is of the mean difference over tokens, ±1.96 standard errors; tokens of one text are not independent, so it is too
 * narrow.
 */
public final class LensFit {
    private final int layers;
    private final long[] n; // [T * L]
    private final double[] plain; // sums
    private final double[] tuned;
    private final double[] differences; // plain − tuned
    private final double[] squares;

    LensFit(int steps, int layers) {
        this.layers = layers;
        int cells = steps * layers;
        this.n = new long[cells];
        this.plain = new double[cells];
        this.tuned = new double[cells];
        this.differences = new double[cells];
        this.squares = new double[cells];
    }

    void add(int step, int layer, double[] plainDivergences, double[] tunedDivergences) {
        int cell = (step - 1) * layers + layer;
        for (int i = 0; i < plainDivergences.length; i++) {
            double difference = plainDivergences[i] - tunedDivergences[i];
            n[cell]++;
            plain[cell] += plainDivergences[i];
            tuned[cell] += tunedDivergences[i];
            differences[cell] += difference;
            squares[cell] += difference * difference;
        }
    }

    /** T. */
    public int steps() {
        return n.length / layers;
    }

    /** Mean divergence of the logit lens; step from 1, layer from 0. */
    public double plain(int step, int layer) {
        int cell = (step - 1) * layers + layer;
        return plain[cell] / n[cell];
    }

    /** Mean divergence of the tuned lens. */
    public double tuned(int step, int layer) {
        int cell = (step - 1) * layers + layer;
        return tuned[cell] / n[cell];
    }

    /** Half the width of the 95 % interval of the mean gain {@code plain − tuned}; NaN for fewer than two tokens. */
    public double gainError(int step, int layer) {
        int cell = (step - 1) * layers + layer;
        double mean = differences[cell] / n[cell];
        double variance = (squares[cell] - n[cell] * mean * mean) / (n[cell] - 1);
        return n[cell] < 2 ? Double.NaN : 1.96 * Math.sqrt(Math.max(0, variance) / n[cell]);
    }

    /** Mean over all steps and layers but the reference, the last layer of the last step. */
    public double meanPlain() {
        return mean(plain);
    }

    /** As {@link #meanPlain}, of the tuned lens. */
    public double meanTuned() {
        return mean(tuned);
    }

    private double mean(double[] sums) {
        double sum = 0;
        for (int cell = 0; cell < n.length - 1; cell++) {
            sum += sums[cell] / n[cell];
        }
        return sum / (n.length - 1);
    }

    /**
     * One line per step and layer: {@code step}, {@code layer}, {@code n}, {@code kl_logit_lens}, {@code kl_tuned_lens},
     * {@code gain}, {@code gain_low}, {@code gain_high} (95 %).
     */
    public Table toTable() {
        IntColumn step = IntColumn.create("step");
        IntColumn layer = IntColumn.create("layer");
        IntColumn count = IntColumn.create("n");
        DoubleColumn before = DoubleColumn.create("kl_logit_lens");
        DoubleColumn after = DoubleColumn.create("kl_tuned_lens");
        DoubleColumn gain = DoubleColumn.create("gain");
        DoubleColumn low = DoubleColumn.create("gain_low");
        DoubleColumn high = DoubleColumn.create("gain_high");
        for (int t = 1; t <= steps(); t++) {
            for (int l = 0; l < layers; l++) {
                double mean = plain(t, l) - tuned(t, l);
                step.append(t);
                layer.append(l);
                count.append((int) n[(t - 1) * layers + l]);
                before.append(plain(t, l));
                after.append(tuned(t, l));
                gain.append(mean);
                low.append(mean - gainError(t, l));
                high.append(mean + gainError(t, l));
            }
        }
        return Table.create("tuned_lens", step, layer, count, before, after, gain, low, high);
    }
}
