package org.loopscope.analysis.lens;

/** Partial selection of the largest values. */
final class TopK {
    private TopK() {}

    /**
     * Indices of the {@code k} largest of {@code n} values, largest first, equal ones by ascending index. Keeps a sorted
     * list of k: with k much smaller than n nearly every value costs one comparison.
     */
    static void select(float[] values, int offset, int n, int k, int[] out, int outOffset) {
        int kept = 0;
        for (int i = 0; i < n; i++) {
            float value = values[offset + i];
            if (kept == k && !(value > values[offset + out[outOffset + k - 1]])) {
                continue; // an equal value has the larger index and loses
            }
            int at = kept < k ? kept++ : k - 1;
            while (at > 0 && value > values[offset + out[outOffset + at - 1]]) {
                out[outOffset + at] = out[outOffset + at - 1];
                at--;
            }
            out[outOffset + at] = i;
        }
    }
}
