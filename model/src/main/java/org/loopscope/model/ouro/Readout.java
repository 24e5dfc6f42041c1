package org.loopscope.model.ouro;

import org.loopscope.model.Unembedding;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.ouro.ForwardPass.NonFiniteStream;

/** Logits of recorded step outputs. */
final class Readout {
    private static final int ROWS = 64; // states of one product

    private final Recording recording;
    private final Unembedding unembedding;

    Readout(Recording recording, Unembedding unembedding) {
        this.recording = recording;
        this.unembedding = unembedding;
    }

    /**
     * Logits [V] of one token at {@code step}.
     *
     * @throws NonFiniteStream if one is not finite
     */
    float[] logits(int step, int position) throws NonFiniteStream {
        return logits(step, position, 1);
    }

    private float[] logits(int step, int position, int count) throws NonFiniteStream {
        int vocabulary = unembedding.vocabSize();
        float[] logits = new float[Math.multiplyExact(count, vocabulary)];
        unembedding.logits(recording.hiddenStates(step, position, count), count, logits);
        for (int i = 0; i < logits.length; i++) {
            if (!Float.isFinite(logits[i])) {
                throw new NonFiniteStream(step, "unembedding", position + i / vocabulary);
            }
        }
        return logits;
    }

    /**
     * The most probable next token of {@code count} tokens from {@code position} at {@code step}, as greedy sampling
     * chooses it, [count].
     *
     * @throws NonFiniteStream if a logit is not finite, with the first such token
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    int[] top(int step, int position, int count, RunControl control) throws NonFiniteStream {
        int vocabulary = unembedding.vocabSize();
        int[] top = new int[count];
        for (int first = 0; first < count; first += ROWS) {
            control.checkCancelled();
            int rows = Math.min(ROWS, count - first);
            float[] logits = logits(step, position + first, rows);
            for (int row = 0; row < rows; row++) {
                top[first + row] = Sampler.argmax(logits, row * vocabulary, vocabulary);
            }
        }
        return top;
    }
}
