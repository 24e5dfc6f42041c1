package org.loopscope.analysis.attention;

import java.util.ArrayList;
import java.util.List;
import org.loopscope.model.Attention;
import org.loopscope.model.AttentionMaps;
import org.loopscope.model.Capture;
import org.loopscope.model.base.RunControl;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;

/**
 * How the attention maps of one layer change from recurrent step to recurrent step, head by head. Keeps all maps of the
 * layer, [T][heads][S][S]. Immutable; steps 1-based, layers and heads 0-based.
 *
 * <p>Sources: Frobenius difference and sink share, Blayney et al. 2026 (arXiv:2604.11791); KL of successive maps,
 * arXiv:2606.18023 §4.
 */
public final class AttentionChange {
    private static final double SMALLEST = Float.MIN_NORMAL; // a float32 probability below it is 0

    private final int layer;
    private final List<Attention> maps; // [T]

    private AttentionChange(int layer, List<Attention> maps) {
        this.layer = layer;
        this.maps = List.copyOf(maps);
    }

    /**
     * @throws IllegalStateException if the capture has no layer states
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    public static AttentionChange of(AttentionMaps model, Capture capture, int layer, RunControl control) {
        List<Attention> maps = new ArrayList<>();
        for (int t = 1; t <= capture.steps(); t++) {
            maps.add(model.attention(capture, t, layer, control));
        }
        return new AttentionChange(layer, maps);
    }

    /** Of maps that are there already, step 1 first. */
    public static AttentionChange of(List<Attention> maps) {
        return new AttentionChange(maps.get(0).layer(), maps);
    }

    public int layer() {
        return layer;
    }

    /** T. */
    public int steps() {
        return maps.size();
    }

    public int heads() {
        return maps.get(0).heads();
    }

    public int positions() {
        return maps.get(0).positions();
    }

    /** All heads' maps at a step. */
    public Attention at(int step) {
        return maps.get(step - 1);
    }

    /** ‖A_t − A_{t−1}‖_F of a head; NaN at step 1. At most √(2 S). */
    public double frobenius(int step, int head) {
        if (step == 1) {
            return Double.NaN;
        }
        double squares = 0;
        for (int q = 0; q < positions(); q++) {
            for (int k = 0; k <= q; k++) {
                double difference = at(step).weight(head, q, k) - at(step - 1).weight(head, q, k);
                squares += difference * difference;
            }
        }
        return Math.sqrt(squares);
    }

    /** Mean over queries of KL(A_t ‖ A_{t−1}), in nats; NaN at step 1. */
    public double divergence(int step, int head) {
        if (step == 1) {
            return Double.NaN;
        }
        double sum = 0;
        for (int q = 0; q < positions(); q++) {
            for (int k = 0; k <= q; k++) {
                double p = at(step).weight(head, q, k);
                double before = Math.max(SMALLEST, at(step - 1).weight(head, q, k));
                sum += p > 0 ? p * Math.log(p / before) : 0;
            }
        }
        return Math.max(0, sum / positions());
    }

    /** Mean probability that queries give to the first token; the first query, which has no choice, is left out. */
    public double sinkShare(int step, int head) {
        double sum = 0;
        for (int q = 1; q < positions(); q++) {
            sum += at(step).weight(head, q, 0);
        }
        return positions() == 1 ? Double.NaN : sum / (positions() - 1);
    }

    /** Mean entropy of the rows, in nats: how widely the head mixes; at most ln S. */
    public double entropy(int step, int head) {
        double sum = 0;
        for (int q = 0; q < positions(); q++) {
            for (int k = 0; k <= q; k++) {
                double p = at(step).weight(head, q, k);
                sum -= p > 0 ? p * Math.log(p) : 0;
            }
        }
        return sum / positions();
    }

    /**
     * One line per step and head: {@code layer}, {@code step}, {@code head}, {@code sink_share}, {@code entropy}, and against
     * the step before (missing at step 1) {@code frobenius} and {@code kl}.
     */
    public Table toTable() {
        IntColumn layers = IntColumn.create("layer");
        IntColumn step = IntColumn.create("step");
        IntColumn heads = IntColumn.create("head");
        DoubleColumn sink = DoubleColumn.create("sink_share");
        DoubleColumn entropy = DoubleColumn.create("entropy");
        DoubleColumn frobenius = DoubleColumn.create("frobenius");
        DoubleColumn kl = DoubleColumn.create("kl");
        for (int t = 1; t <= steps(); t++) {
            for (int head = 0; head < heads(); head++) {
                layers.append(layer);
                step.append(t);
                heads.append(head);
                sink.append(sinkShare(t, head));
                entropy.append(entropy(t, head));
                frobenius.append(frobenius(t, head));
                kl.append(divergence(t, head));
            }
        }
        return Table.create("attention_change", layers, step, heads, sink, entropy, frobenius, kl);
    }

    /** One line per query and key not after it: {@code layer}, {@code step}, {@code head}, {@code query}, {@code key}, {@code weight}. */
    public Table mapTable(int step, int head) {
        IntColumn layers = IntColumn.create("layer");
        IntColumn steps = IntColumn.create("step");
        IntColumn heads = IntColumn.create("head");
        IntColumn queries = IntColumn.create("query");
        IntColumn keys = IntColumn.create("key");
        DoubleColumn weight = DoubleColumn.create("weight");
        for (int q = 0; q < positions(); q++) {
            for (int k = 0; k <= q; k++) {
                layers.append(layer);
                steps.append(step);
                heads.append(head);
                queries.append(q);
                keys.append(k);
                weight.append(at(step).weight(head, q, k));
            }
        }
        return Table.create("attention", layers, steps, heads, queries, keys, weight);
    }
}
