package org.loopscope.model;

/**
 * Where the tokens of a text look in one layer at one recurrent step: for every head a causal map of probabilities, one row
 * a query token. A row sums to 1 over the keys up to its own position and is 0 after it. Immutable.
 */
public final class Attention {
    private final int step;
    private final int layer;
    private final int positions;
    private final float[][] weights; // [heads][S * S]

    /**
     * Takes the arrays over.
     *
     * @param step 1-based
     * @param layer 0-based
     * @param positions S
     * @param weights [heads][S * S], row after row
     */
    public Attention(int step, int layer, int positions, float[][] weights) {
        if (weights.length == 0) {
            throw new IllegalArgumentException("attention: want at least one head, got none");
        }
        for (float[] map : weights) {
            if (map.length != Math.multiplyExact(positions, positions)) {
                throw new IllegalArgumentException(
                        "attention: want " + positions + " x " + positions + " numbers a head, got " + map.length);
            }
        }
        this.step = step;
        this.layer = layer;
        this.positions = positions;
        this.weights = weights;
    }

    /** 1-based. */
    public int step() {
        return step;
    }

    /** 0-based. */
    public int layer() {
        return layer;
    }

    public int heads() {
        return weights.length;
    }

    /** S. */
    public int positions() {
        return positions;
    }

    /** Probability with which {@code query} attends to {@code key} in {@code head}, all 0-based. */
    public double weight(int head, int query, int key) {
        if (query < 0 || query >= positions || key < 0 || key >= positions) {
            throw new IndexOutOfBoundsException(
                    "query and key: want 0 to " + (positions - 1) + ", got " + query + " and " + key);
        }
        return weights[head][query * positions + key];
    }
}
