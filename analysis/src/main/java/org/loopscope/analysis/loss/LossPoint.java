package org.loopscope.analysis.loss;

import org.loopscope.analysis.stat.Estimate;

/**
 * One reading over the texts chosen.
 *
 * @param reading as {@link LossRow#reading}
 * @param texts with such tokens
 * @param tokens predictions that are counted
 * @param bytes of the text they predict; −1 where not known
 * @param loops mean loops a token
 * @param loss mean nats a token: Σ loss / Σ tokens
 * @param risen share of tokens whose loss has risen on the way; NaN for what is no step
 * @param worse share of tokens that end worse than their least; NaN for what is no step
 */
public record LossPoint(
        String reading,
        int texts,
        long tokens,
        long bytes,
        Estimate loops,
        Estimate loss,
        Estimate risen,
        Estimate worse) {
    /** exp of the mean loss. */
    public double perplexity() {
        return Math.exp(loss.value());
    }

    public double bitsPerToken() {
        return loss.value() / Math.log(2);
    }

    /** NaN where the bytes are not known. */
    public double bitsPerByte() {
        return bytes <= 0 ? Double.NaN : bitsPerToken() * tokens / bytes;
    }
}
