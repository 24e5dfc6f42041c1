package org.loopscope.model;

/**
 * How the next token is chosen from its logits.
 *
 * @param temperature 0 takes the largest logit (greedy), larger values divide the logits before the softmax
 * @param topP nucleus: the smallest set of tokens whose probability reaches this, in (0, 1]
 * @param seed of the random numbers; the same seed, options and model give the same text
 */
public record Sampling(double temperature, double topP, long seed) {
    public static final Sampling GREEDY = new Sampling(0, 1, 0);

    public Sampling {
        if (!(temperature >= 0 && temperature <= 100)) {
            throw new IllegalArgumentException("temperature: want [0, 100], got " + temperature);
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException("topP: want (0, 1], got " + topP);
        }
    }

    public boolean greedy() {
        return temperature == 0;
    }
}
