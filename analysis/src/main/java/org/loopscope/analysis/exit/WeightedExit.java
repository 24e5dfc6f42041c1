package org.loopscope.analysis.exit;

import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.stat.RunIntervals;
import org.loopscope.model.Capture;
import org.loopscope.model.Unembedding;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitDistribution;
import org.loopscope.model.shape.Site;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Leaving "on average": instead of one step, all steps weighted by the exit pdf. There are two ways, and they differ:
 *
 * <ul>
 *   <li>the mixture of logits, softmax(Σ_t p(t) z_t), which is what the published model code does when it returns weighted
 *       logits;
 *   <li>the mixture of probabilities, Σ_t p(t) softmax(z_t), which is what sampling a step from p and then a token gives.
 * </ul>
 *
 * <p>Neither saves a loop: all T steps run. Steps 1-based, positions 0-based. Immutable.
 */
public final class WeightedExit {
    private final Capture capture;
    private final Reading[] fullDepth; // [S]
    private final Reading[] logits; // [S]
    private final Reading[] probabilities; // [S]

    /**
     * One token's distribution.
     *
     * @param top1 the most probable next token; of equal ones the lowest id
     * @param probability of it
     * @param entropy nats
     */
    public record Reading(int top1, double probability, double entropy) {}

    private WeightedExit(Capture capture) {
        this.capture = capture;
        this.fullDepth = new Reading[capture.length()];
        this.logits = new Reading[capture.length()];
        this.probabilities = new Reading[capture.length()];
    }

    /**
     * Of every token; takes an unembedding of every step output.
     *
     * @throws IllegalArgumentException if the model has no gate
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    public static WeightedExit of(Capture capture, Unembedding unembedding, RunControl control) {
        if (!capture.hasGates()) {
            throw new IllegalArgumentException("weighted exit: want a capture with gates, got one without");
        }
        WeightedExit weighted = new WeightedExit(capture);
        int steps = capture.steps();
        int d = unembedding.hiddenSize();
        float[] states = new float[steps * d];
        float[] z = new float[steps * unembedding.vocabSize()];
        for (int p = 0; p < capture.length(); p++) {
            control.checkCancelled();
            for (int t = 1; t <= steps; t++) {
                capture.states(Site.readout(t), p, 1, states, (t - 1) * d);
            }
            unembedding.logits(states, steps, z);
            weighted.read(p, z, unembedding.vocabSize());
            control.progress("weighted exit", p + 1, capture.length());
        }
        return weighted;
    }

    private void read(int position, float[] z, int vocab) {
        ExitDistribution exit = capture.exitDistribution(position);
        double[] mixedLogits = new double[vocab];
        double[] mixed = new double[vocab];
        double[] last = new double[vocab];
        for (int t = 1; t <= capture.steps(); t++) {
            int offset = (t - 1) * vocab;
            for (int v = 0; v < vocab; v++) {
                last[v] = z[offset + v];
                mixedLogits[v] += exit.pdf(t) * last[v];
            }
            softmax(last);
            for (int v = 0; v < vocab; v++) {
                mixed[v] += exit.pdf(t) * last[v];
            }
        }
        softmax(mixedLogits);
        fullDepth[position] = reading(last);
        logits[position] = reading(mixedLogits);
        probabilities[position] = reading(mixed);
    }

    /** In place, the maximum taken out first. */
    private static void softmax(double[] z) {
        double max = Double.NEGATIVE_INFINITY;
        for (double value : z) {
            max = Math.max(max, value);
        }
        double sum = 0;
        for (int v = 0; v < z.length; v++) {
            z[v] = Math.exp(z[v] - max);
            sum += z[v];
        }
        for (int v = 0; v < z.length; v++) {
            z[v] /= sum;
        }
    }

    private static Reading reading(double[] probability) {
        int top = 0;
        double entropy = 0;
        for (int v = 0; v < probability.length; v++) {
            top = probability[v] > probability[top] ? v : top;
            entropy -= probability[v] > 0 ? probability[v] * Math.log(probability[v]) : 0;
        }
        return new Reading(top, probability[top], entropy);
    }

    /** S. */
    public int positions() {
        return fullDepth.length;
    }

    /** What step T says. */
    public Reading fullDepth(int position) {
        return fullDepth[position];
    }

    /** softmax(Σ p(t) z_t). */
    public Reading mixtureOfLogits(int position) {
        return logits[position];
    }

    /** Σ p(t) softmax(z_t). */
    public Reading mixtureOfProbabilities(int position) {
        return probabilities[position];
    }

    /** Tokens whose most probable prediction in the mixture of logits is that of full depth. */
    public int agreeingLogits() {
        return agreeing(logits);
    }

    /** The same for the mixture of probabilities. */
    public int agreeingProbabilities() {
        return agreeing(probabilities);
    }

    /** 95 % interval of {@link #agreeingLogits} of all tokens, {@link RunIntervals}. */
    public Interval intervalLogits() {
        return RunIntervals.share(agree(logits));
    }

    /** 95 % interval of {@link #agreeingProbabilities} of all tokens. */
    public Interval intervalProbabilities() {
        return RunIntervals.share(agree(probabilities));
    }

    private int agreeing(Reading[] readings) {
        int agreeing = 0;
        for (boolean one : agree(readings)) {
            agreeing += one ? 1 : 0;
        }
        return agreeing;
    }

    private boolean[] agree(Reading[] readings) {
        boolean[] agree = new boolean[readings.length];
        for (int p = 0; p < readings.length; p++) {
            agree[p] = readings[p].top1() == fullDepth[p].top1();
        }
        return agree;
    }

    /**
     * One line per token: {@code position}, {@code token}, and for {@code full}, {@code logits} and {@code probabilities} the
     * {@code _top1} id, its {@code _probability} and the {@code _entropy} (nats).
     */
    public Table toTable() {
        IntColumn position = IntColumn.create("position");
        StringColumn token = StringColumn.create("token");
        for (int p = 0; p < positions(); p++) {
            position.append(p);
            token.append(capture.tokenText(p));
        }
        Table table = Table.create("weighted_exit", position, token);
        add(table, "full", fullDepth);
        add(table, "logits", logits);
        add(table, "probabilities", probabilities);
        return table;
    }

    private static void add(Table table, String name, Reading[] readings) {
        IntColumn top = IntColumn.create(name + "_top1");
        DoubleColumn probability = DoubleColumn.create(name + "_probability");
        DoubleColumn entropy = DoubleColumn.create(name + "_entropy");
        for (Reading reading : readings) {
            top.append(reading.top1());
            probability.append(reading.probability());
            entropy.append(reading.entropy());
        }
        table.addColumns(top, probability, entropy);
    }
}
