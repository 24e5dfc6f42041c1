package org.loopscope.model;

import org.loopscope.model.base.RunControl;

/**
 * Attention of a run that is over, computed again from its captured states: the residual stream that entered a layer and
 * that layer's weights give its queries and keys exactly, so nothing of size S × S has to be kept while a run computes.
 */
public interface AttentionMaps {
    /**
     * Every head's map of one layer at one step. Each token attends to what the same step left of the tokens before it, as
     * it does in a prompt and with {@link KvPolicy#FULL}. Generated tokens of a run with another policy looked at shared
     * entries; for those this is what the full cache would have shown.
     *
     * @param step 1-based
     * @param layer 0-based
     * @throws IllegalArgumentException if the capture is of another model or has no such step or layer
     * @throws IllegalStateException if it has no layer states, or the model is closed
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    Attention attention(Capture capture, int step, int layer, RunControl control);

    /** Bytes that {@link #attention} returns for so many tokens. */
    long attentionBytes(int tokens);
}
