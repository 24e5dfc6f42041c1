package org.loopscope.model.ouro;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.loopscope.model.Sampling;
import org.loopscope.model.base.Seeds;

/**
 * Chooses next tokens. Greedy: the largest logit, of equal ones the lowest id. Otherwise: tokens are ordered by logit,
 * largest first and of equal ones the lowest id first; p = softmax(logits / temperature) in double; the nucleus is the
 * shortest beginning of that order whose probabilities reach topP (Holtzman et al. 2020, arXiv:1904.09751); one number u
 * of the seed ({@link Seeds}), u in [0, 1), picks the first token of the nucleus at which the running sum of its
 * probabilities exceeds u times their total. One number is drawn for every token chosen, so the same seed, options and
 * logits give the same tokens.
 */
final class Sampler {
    private final Sampling sampling;
    private final RandomGenerator random;

    Sampler(Sampling sampling) {
        this.sampling = sampling;
        this.random = Seeds.random(sampling.seed(), "sampling");
    }

    /**
     * The next token for {@code logits} [V].
     *
     * @throws IllegalArgumentException if one is NaN, or the largest not finite
     */
    int choose(float[] logits) {
        int best = argmax(logits);
        if (sampling.greedy()) {
            return best;
        }
        int[] order = byLogit(logits);
        double[] weight = new double[order.length];
        double total = 0;
        for (int i = 0; i < order.length; i++) {
            weight[i] = Math.exp(((double) logits[order[i]] - logits[best]) / sampling.temperature());
            total += weight[i];
        }
        int size = nucleus(weight, total * sampling.topP());
        double inside = 0;
        for (int i = 0; i < size; i++) {
            inside += weight[i];
        }
        double u = random.nextDouble() * inside;
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += weight[i];
            if (sum > u) {
                return order[i];
            }
        }
        return order[size - 1];
    }

    /** Lowest id of the largest logit. */
    static int argmax(float[] logits) {
        return argmax(logits, 0, logits.length);
    }

    /** Lowest id of the largest of the {@code vocabulary} logits from {@code offset}. */
    static int argmax(float[] logits, int offset, int vocabulary) {
        int best = 0;
        for (int i = 0; i < vocabulary; i++) {
            float logit = logits[offset + i];
            if (Float.isNaN(logit)) {
                throw new IllegalArgumentException("logits: want numbers, got NaN for id " + i);
            }
            if (logit > logits[offset + best]) {
                best = i;
            }
        }
        float largest = logits[offset + best];
        if (Float.isInfinite(largest)) {
            throw new IllegalArgumentException("logits: want finite numbers, got " + largest + " for id " + best);
        }
        return best;
    }

    /** Ids, largest logit first, of equal logits the lowest id first. */
    private static int[] byLogit(float[] logits) {
        long[] keys = new long[logits.length];
        for (int id = 0; id < logits.length; id++) {
            int bits = Float.floatToIntBits(logits[id] + 0f); // + 0 makes −0 and 0 equal
            int ascending = bits ^ (bits >> 31 & Integer.MAX_VALUE); // ordered like the numbers
            keys[id] = ((long) ~ascending << 32) | id;
        }
        Arrays.sort(keys);
        int[] order = new int[keys.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = (int) keys[i];
        }
        return order;
    }

    private static int nucleus(double[] weight, double target) {
        double sum = 0;
        for (int i = 0; i < weight.length; i++) {
            sum += weight[i];
            if (sum >= target) {
                return i + 1;
            }
        }
        return weight.length;
    }
}
