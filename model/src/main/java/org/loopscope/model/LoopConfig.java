package org.loopscope.model;

import java.util.Set;

/**
 * The shape of an Ouro checkpoint, from its config.json.
 *
 * @param vocabSize V
 * @param hiddenSize d
 * @param intermediateSize width of the SwiGLU MLP
 * @param layers L, layers of the one stack that is applied T times
 * @param heads query heads
 * @param kvHeads key and value heads; divides {@code heads}
 * @param headDim size of a head; {@code heads * headDim} need not be d
 * @param trainedSteps T of the checkpoint, {@code total_ut_steps}
 * @param contextLength {@code max_position_embeddings}
 * @param normEps epsilon of every RMSNorm
 * @param ropeTheta base of the rotary embedding
 * @param tiedEmbeddings whether the unembedding is the embedding matrix
 * @param eosIds ids that end a text, possibly none
 */
public record LoopConfig(
        int vocabSize,
        int hiddenSize,
        int intermediateSize,
        int layers,
        int heads,
        int kvHeads,
        int headDim,
        int trainedSteps,
        int contextLength,
        double normEps,
        double ropeTheta,
        boolean tiedEmbeddings,
        Set<Integer> eosIds) {

    public LoopConfig {
        eosIds = Set.copyOf(eosIds);
    }
}
