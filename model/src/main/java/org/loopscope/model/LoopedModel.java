package org.loopscope.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.loopscope.model.base.CheckResult;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.chat.ChatFormat;
import org.loopscope.model.shape.LoopConfig;
import org.loopscope.model.tokenizer.Tokenizer;

/**
 * A looped language model: layers applied T times, as its {@link org.loopscope.model.shape.LoopShape} says. Immutable weights;
 * safe to use from several threads, one run at a time each.
 */
public interface LoopedModel extends AutoCloseable {
    ModelInfo info();

    LoopConfig config();

    /** Empty for a checkpoint folder without tokenizer.json; such a model is run with token ids. */
    Optional<Tokenizer> tokenizer();

    /** How it is talked to, and where its texts end. */
    default ChatFormat chat() {
        return ChatFormat.of(config(), tokenizer());
    }

    /**
     * The tokenizer, for what cannot be done without text.
     *
     * @throws LoopscopeException if there is none
     */
    default Tokenizer requireTokenizer() throws LoopscopeException {
        return tokenizer()
                .orElseThrow(() -> new LoopscopeException(
                        "The model " + info().id() + " has no usable tokenizer.json, so it cannot read text."));
    }

    /**
     * For what reads an exit gate.
     *
     * @param what needs it, to begin the sentence
     * @throws LoopscopeException if there is none
     */
    default void requireGate(String what) throws LoopscopeException {
        LoopConfig.requireGate(config().hasGate(), what, info().id());
    }

    /** The same model, whose tokenizer puts no special tokens around a prompt; closing either closes both. */
    default LoopedModel withoutAddedTokens() {
        return this;
    }

    Unembedding unembedding();

    /** Gate logit w · h + b of one step output, {@code state} [d], summed in double; NaN for a model without a gate. */
    double gateLogit(float[] state);

    /**
     * Runs the tokens through T steps and generates what the options ask for.
     *
     * @throws LoopscopeException if the tokens are none, too many for the context, or out of range; if the run would
     *     not fit in memory
     * @throws NonFiniteStateException if a state is not finite; carries the complete steps
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled; nothing partial is returned
     */
    Capture run(int[] tokenIds, RunOptions options, RunControl control) throws LoopscopeException;

    /**
     * Runs the tokens as {@link #run(int[], RunOptions, RunControl)} does and changes states on the way. The capture holds
     * the changed states and says what was changed ({@link Capture#interventions}). Nothing can be generated in such a
     * run.
     *
     * @throws LoopscopeException as {@code run}; also if the intervention does not fit the run, if the options generate,
     *     or if this kind of model cannot be intervened in
     */
    default Capture run(int[] tokenIds, RunOptions options, Intervention intervention, RunControl control)
            throws LoopscopeException {
        if (intervention.isNone()) {
            return run(tokenIds, options, control);
        }
        throw new LoopscopeException("The states of " + info().id() + " cannot be changed while it runs.");
    }

    /**
     * Runs given tokens the way generation would have seen them ("teacher forcing"): the first {@code prefill} in one
     * call, the others one by one through the KV cache under the policy of the options. With {@link KvPolicy#FULL} the
     * result is that of {@link #run(int[], RunOptions, RunControl) run} up to rounding, with the other policies it shows
     * what they change. What the options generate comes after the given tokens.
     *
     * @throws LoopscopeException as {@code run}; also if this kind of model cannot be run so
     * @throws IllegalArgumentException if {@code prefill} is not within 1 and the number of tokens
     */
    default Capture decode(int[] tokenIds, int prefill, RunOptions options, RunControl control)
            throws LoopscopeException {
        if (prefill == tokenIds.length) {
            return run(tokenIds, options, control);
        }
        throw new LoopscopeException(
                "The model " + info().id() + " cannot run given tokens one by one through a KV cache.");
    }

    /**
     * Runs several continuations of one prefix, which a family may compute once. Each capture ends with its continuation; it holds
     * at least the token before that too, and its positions count from its own first token. States are those of a run of prefix and
     * continuation together up to rounding.
     *
     * @param prefix one token or more
     * @param tails each one token or more
     * @throws LoopscopeException as {@code run}
     */
    default List<Capture> continuations(int[] prefix, List<int[]> tails, int steps, RunControl control)
            throws LoopscopeException {
        List<Capture> captures = new ArrayList<>();
        for (int[] tail : tails) {
            int[] whole =
                    IntStream.concat(IntStream.of(prefix), IntStream.of(tail)).toArray();
            captures.add(run(whole, RunOptions.steps(steps), control));
        }
        return captures;
    }

    /**
     * Bytes that the KV cache takes in a run that decodes up to {@code tokens} tokens, prompt included, under the policy of
     * the options; empty where this kind of model cannot tell.
     */
    default OptionalLong cacheBytes(int tokens, RunOptions options) {
        return OptionalLong.empty();
    }

    /** Bytes that the capture and the KV cache of such a run take, before it is run. */
    long estimateBytes(int tokens, RunOptions options);

    /** The same in parts, and where its states would go as things are now. */
    default RunMemory memory(int tokens, RunOptions options) {
        return new RunMemory(estimateBytes(tokens, options), options.captureLayers(), "", 0);
    }

    /** Where tokens look, from captured layer states; empty for a family that cannot tell. */
    default Optional<AttentionMaps> attention() {
        return Optional.empty();
    }

    /** What was checked when the model was opened, in order; none failed. Empty where nothing was. */
    default List<CheckResult> checks() {
        return List.of();
    }

    /** This model, with the results of its checks; closing either closes both. A kind that keeps none returns itself. */
    default LoopedModel withChecks(List<CheckResult> results) {
        return this;
    }

    @Override
    void close();
}
