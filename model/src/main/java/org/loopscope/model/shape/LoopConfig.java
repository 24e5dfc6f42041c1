package org.loopscope.model.shape;

import java.util.Set;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;

/**
 * The sizes of a looped model, from the config.json of its checkpoint.
 *
 * @param vocabSize V
 * @param hiddenSize d
 * @param intermediateSize width of the SwiGLU MLP
 * @param shape what is looped, how often, and what a step has
 * @param heads query heads
 * @param kvHeads key and value heads; divides {@code heads}
 * @param headDim size of a head; {@code heads * headDim} need not be d
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
        LoopShape shape,
        int heads,
        int kvHeads,
        int headDim,
        int contextLength,
        double normEps,
        double ropeTheta,
        boolean tiedEmbeddings,
        Set<Integer> eosIds) {
    /** The largest T of a run. */
    public static final int MAX_STEPS = 64;

    /** The most layers that are read, in a checkpoint as in a table. */
    public static final int MAX_LAYERS = 4096;

    public LoopConfig {
        eosIds = Set.copyOf(eosIds);
    }

    /** Sizes of a model that is one looped stack of {@code layers} with a gate, as Ouro. */
    public LoopConfig(
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
        this(
                vocabSize,
                hiddenSize,
                intermediateSize,
                LoopShape.gated(layers, trainedSteps),
                heads,
                kvHeads,
                headDim,
                contextLength,
                normEps,
                ropeTheta,
                tiedEmbeddings,
                eosIds);
    }

    /** The same model of another shape. */
    public LoopConfig withShape(LoopShape other) {
        return new LoopConfig(
                vocabSize,
                hiddenSize,
                intermediateSize,
                other,
                heads,
                kvHeads,
                headDim,
                contextLength,
                normEps,
                ropeTheta,
                tiedEmbeddings,
                eosIds);
    }

    /** L, layers of a step. */
    public int layers() {
        return shape.layers();
    }

    /** T of the checkpoint. */
    public int trainedSteps() {
        return shape.steps();
    }

    /** Whether each step has an exit gate. */
    public boolean hasGate() {
        return shape.gate();
    }

    /** Refuses {@code what}, which reads an exit gate, where {@code model} has none. */
    public static void requireGate(boolean there, String what, String model) throws LoopscopeException {
        if (!there) {
            throw new LoopscopeException(what + ": expected a model with an exit gate, found "
                    + ForeignText.shown(model) + ", which has none.");
        }
    }

    /**
     * Whether such a model can run these tokens and generate as many more.
     *
     * @throws LoopscopeException with one sentence if there are none, too many for the context, or one is no token id
     */
    public void requireTokens(int[] tokenIds, int generate) throws LoopscopeException {
        if (tokenIds.length == 0) {
            throw new LoopscopeException("Prompt: expected at least one token, found none.");
        }
        long tokens = (long) tokenIds.length + generate;
        if (tokens > contextLength) {
            throw new LoopscopeException("Length of the run: expected at most " + contextLength
                    + " tokens, the context of the model, found " + tokens + " (" + tokenIds.length + " given and "
                    + generate + " to generate).");
        }
        for (int position = 0; position < tokenIds.length; position++) {
            int id = tokenIds[position];
            if (id < 0 || id >= vocabSize) {
                throw new LoopscopeException("Token id at position " + position + ": expected 0 to " + (vocabSize - 1)
                        + ", found " + id + ".");
            }
        }
    }
}
