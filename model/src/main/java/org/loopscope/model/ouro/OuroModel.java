package org.loopscope.model.ouro;

import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.loopscope.model.AttentionMaps;
import org.loopscope.model.Capture;
import org.loopscope.model.Decoding;
import org.loopscope.model.Intervention;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.Precision;
import org.loopscope.model.RunMemory;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Unembedding;
import org.loopscope.model.backend.Backend;
import org.loopscope.model.backend.BackendInfo;
import org.loopscope.model.base.CheckResult;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.chat.ChatFormat;
import org.loopscope.model.checkpoint.Checkpoint;
import org.loopscope.model.exit.ExitRule.FullDepth;
import org.loopscope.model.shape.LoopConfig;
import org.loopscope.model.states.StateSpace;
import org.loopscope.model.tokenizer.Tokenizer;

/**
 * An Ouro model in memory, its weights and products in a {@link Precision}. Several threads may run it at the same
 * time. Closing it while a run goes on frees the weights when that run has ended.
 */
public final class OuroModel implements LoopedModel {
    private final Weights weights;
    private final LoopConfig config;
    private final ModelInfo info;
    private final Optional<Tokenizer> tokenizer;
    private final Kernels kernels;
    private final MemoryBudget memory;
    private final Lifetime lifetime;
    private final Unembedding unembedding;
    private final List<CheckResult> checks;
    private final ChatFormat chat;

    private OuroModel(
            Weights weights,
            LoopConfig config,
            ModelInfo info,
            Optional<Tokenizer> tokenizer,
            Kernels kernels,
            MemoryBudget memory) {
        this.weights = weights;
        this.config = config;
        this.info = info;
        this.tokenizer = tokenizer;
        this.kernels = kernels;
        this.memory = memory;
        this.lifetime = new Lifetime(weights::close);
        this.unembedding = new OuroUnembedding(weights, config, kernels, lifetime);
        this.checks = List.of();
        this.chat = ChatFormat.of(config, tokenizer);
    }

    private OuroModel(OuroModel same, Optional<Tokenizer> tokenizer, List<CheckResult> checks, ChatFormat chat) {
        this.weights = same.weights;
        this.config = same.config;
        this.info = same.info;
        this.tokenizer = tokenizer;
        this.kernels = same.kernels;
        this.memory = same.memory;
        this.lifetime = same.lifetime;
        this.unembedding = same.unembedding;
        this.checks = List.copyOf(checks);
        this.chat = chat;
    }

    @Override
    public OuroModel withChecks(List<CheckResult> results) {
        return new OuroModel(this, tokenizer, results, chat);
    }

    /** This model, with the chat format of its folder; closing either closes both. */
    public OuroModel withChat(ChatFormat format) {
        return new OuroModel(this, tokenizer, checks, format);
    }

    @Override
    public LoopedModel withoutAddedTokens() {
        return new OuroModel(this, tokenizer.map(Tokenizer::withoutAddedTokens), checks, chat);
    }

    /**
     * Reads the weights of {@code checkpoint}, which may be closed afterwards, and hashes them. Takes seconds for a
     * large model; progress is reported in bytes.
     *
     * @param id what captures call the model, {@link ModelInfo#id}
     * @throws LoopscopeException if there is nothing to compute on, or the weights do not fit in memory, with the numbers,
     *     cannot be read, or cannot be run in that precision here
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled; nothing stays allocated
     */
    public static OuroModel load(
            Checkpoint checkpoint, Precision precision, Optional<Tokenizer> tokenizer, String id, RunControl control)
            throws LoopscopeException {
        Backend.require();
        boolean processor = Backend.isProcessor();
        requireRunnable(precision, processor);
        Kernels kernels = processor ? new HostKernels(precision == Precision.BFLOAT16) : new Nd4jKernels();
        return load(checkpoint, precision, tokenizer, id, control, kernels, MemoryBudget.ofThisMachine());
    }

    static void requireRunnable(Precision precision, boolean processor) throws LoopscopeException {
        if (precision != Precision.FLOAT32 && !processor) {
            throw new LoopscopeException("Precision " + precision.cliName()
                    + ": expected the processor to run on, found another device; choose float32.");
        }
    }

    /** @param kernels whose bfloat16 products are those of {@code precision} */
    static OuroModel load(
            Checkpoint checkpoint,
            Precision precision,
            Optional<Tokenizer> tokenizer,
            String id,
            RunControl control,
            Kernels kernels,
            MemoryBudget memory)
            throws LoopscopeException {
        long bytes = WeightReader.bytes(checkpoint, precision, kernels);
        memory.requireNative("Weights of " + id, bytes, "close other programs or choose a smaller model");
        WeightReader reader = new WeightReader(checkpoint, precision, kernels, control);
        Weights weights = readWeights(reader, id, bytes);
        ModelInfo info = new ModelInfo(
                id,
                reader.weightHash(),
                checkpoint.parameterCount(),
                checkpoint.dtype().name(),
                precision.computeDtype(),
                BackendInfo.current().description());
        return new OuroModel(weights, checkpoint.config(), info, tokenizer, kernels, memory);
    }

    private static Weights readWeights(WeightReader reader, String id, long bytes) throws LoopscopeException {
        try {
            return reader.read();
        } catch (OutOfMemoryError e) {
            throw new LoopscopeException(
                    "Weights of " + id + ": " + MemoryBudget.size(bytes)
                            + " of memory are needed, and the system did not give them; close other programs or choose"
                            + " a smaller model.",
                    e);
        }
    }

    @Override
    public ModelInfo info() {
        return info;
    }

    @Override
    public LoopConfig config() {
        return config;
    }

    @Override
    public Optional<Tokenizer> tokenizer() {
        return tokenizer;
    }

    @Override
    public ChatFormat chat() {
        return chat;
    }

    /** Throws {@link IllegalStateException} once the model is closed. */
    @Override
    public Unembedding unembedding() {
        return unembedding;
    }

    @Override
    public Optional<AttentionMaps> attention() {
        return Optional.of(new OuroAttention(weights, config, kernels, lifetime, info.weightHash()));
    }

    @Override
    public List<CheckResult> checks() {
        return checks;
    }

    @Override
    public double gateLogit(float[] state) {
        if (state.length != config.hiddenSize()) {
            throw new IllegalArgumentException("state: want [" + config.hiddenSize() + "], got [" + state.length + "]");
        }
        return weights.gateLogit(state, 0);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Of N tokens to generate each is chosen from the logits of the step that the exit rule gives for the token
     * before it; which steps are computed when is a matter of {@link RunOptions#decoding}. A token of the stop ids ends the generation and is
     * the last one of the capture. Progress: layers of all steps while the prompt is read, then tokens.
     */
    @Override
    public Capture run(int[] tokenIds, RunOptions options, RunControl control) throws LoopscopeException {
        return run(tokenIds, tokenIds.length, options, Intervention.none(), control);
    }

    @Override
    public Capture run(int[] tokenIds, RunOptions options, Intervention intervention, RunControl control)
            throws LoopscopeException {
        if (!intervention.isNone() && options.generate() > 0) {
            throw new LoopscopeException(
                    "A run with an intervention: expected no tokens to generate, found " + options.generate() + ".");
        }
        intervention.requireFits(config, options.steps(), tokenIds.length);
        return run(tokenIds, tokenIds.length, options, intervention, control);
    }

    @Override
    public Capture decode(int[] tokenIds, int prefill, RunOptions options, RunControl control)
            throws LoopscopeException {
        if (tokenIds.length > 0 && (prefill < 1 || prefill > tokenIds.length)) {
            throw new IllegalArgumentException("prefill: want 1 to " + tokenIds.length + ", got " + prefill);
        }
        return run(tokenIds, prefill, options, Intervention.none(), control);
    }

    @Override
    public List<Capture> continuations(int[] prefix, List<int[]> tails, int steps, RunControl control)
            throws LoopscopeException {
        for (int[] tail : tails) {
            config.requireTokens(
                    IntStream.concat(IntStream.of(prefix), IntStream.of(tail)).toArray(), 0);
        }
        lifetime.enter();
        try {
            control.checkCancelled();
            return new OuroContinuations(
                            weights, config, info, kernels, memory, this::texts, prefix, List.copyOf(tails), steps)
                    .run(control);
        } catch (OutOfMemoryError e) {
            throw new LoopscopeException(
                    "This run: memory ran out although it had seemed enough; reduce the tokens or the steps.", e);
        } finally {
            lifetime.leave();
        }
    }

    private Capture run(int[] tokenIds, int prefill, RunOptions options, Intervention intervention, RunControl control)
            throws LoopscopeException {
        config.requireTokens(tokenIds, options.generate());
        checkDecoding(options);
        lifetime.enter();
        try {
            checkMemory(tokenIds.length, prefill, options);
            control.checkCancelled();
            return execute(tokenIds, prefill, options, intervention, control);
        } catch (OutOfMemoryError e) {
            throw new LoopscopeException(
                    "This run: memory ran out although it had seemed enough; " + advice(options) + ".", e);
        } finally {
            lifetime.leave();
        }
    }

    private Capture execute(
            int[] tokenIds, int prefill, RunOptions options, Intervention intervention, RunControl control)
            throws LoopscopeException {
        int tokens = tokenIds.length + options.generate();
        StateSpace space = memory.states();
        StateSpace.Plan plan = space.reserve("States of this run", need(tokens, options), advice(options));
        try (Recording recording =
                new Recording(weights, config, options.steps(), tokens, options.captureLayers(), space, plan)) {
            return new OuroRun(
                            weights,
                            config,
                            info,
                            kernels,
                            unembedding,
                            this::texts,
                            tokenIds,
                            prefill,
                            options,
                            intervention,
                            recording)
                    .execute(control);
        } catch (UncheckedIOException e) { // only a file of states is read or written in a run
            throw space.diskProblem(Objects.requireNonNull(e.getCause()));
        }
    }

    /** A rule has what it reads, and draft and verify is defined for greedy text at full depth only. */
    private void checkDecoding(RunOptions options) throws LoopscopeException {
        if (options.generate() > 0 && options.exitRule().needsGate()) {
            requireGate("Exit rule " + options.exitRule().spec());
        }
        if (options.generate() == 0 || !(options.decoding() instanceof Decoding.DraftAndVerify draft)) {
            return;
        }
        if (draft.step() >= options.steps()) {
            throw new LoopscopeException("Draft step: expected a step before the last, T = " + options.steps()
                    + ", found " + draft.step() + ".");
        }
        requireForDraft("the exit rule full", options.exitRule().spec(), options.exitRule() instanceof FullDepth);
        requireForDraft(
                "temperature 0",
                String.valueOf(options.sampling().temperature()),
                options.sampling().greedy());
        requireForDraft("the KV policy full", options.kvPolicy().cliName(), options.kvPolicy() == KvPolicy.FULL);
    }

    private static void requireForDraft(String expected, String found, boolean holds) throws LoopscopeException {
        if (!holds) {
            throw new LoopscopeException("Draft and verify gives the greedy text of full depth: expected " + expected
                    + ", found " + found + ".");
        }
    }

    private void checkMemory(int given, int prefill, RunOptions options) throws LoopscopeException {
        int tokens = given + options.generate();
        long perStep = (long) tokens * config.hiddenSize();
        if (perStep > Integer.MAX_VALUE) {
            throw new LoopscopeException("States of this run: expected at most " + Integer.MAX_VALUE
                    + " numbers a step, found " + perStep + " (" + tokens + " tokens of " + config.hiddenSize()
                    + "); reduce the tokens.");
        }
        memory.requireNative(
                "This run", OuroRun.nativeBytes(kernels, config, prefill, tokens, options), advice(options));
    }

    private static String advice(RunOptions options) {
        return "reduce the tokens or the steps" + (options.captureLayers() ? ", or do not capture layer states" : "");
    }

    private StateSpace.Need need(int tokens, RunOptions options) {
        return Recording.need(config, options.steps(), tokens, options.captureLayers());
    }

    @Override
    public long estimateBytes(int tokens, RunOptions options) {
        int all = tokens + options.generate();
        return need(all, options).total()
                + OuroRun.cacheBytes(config, /* prefill= */ tokens, /* tokens= */ all, options);
    }

    @Override
    public OptionalLong cacheBytes(int tokens, RunOptions options) {
        return OptionalLong.of(KvCache.bytes(config, options.steps(), options.kvPolicy(), tokens, true));
    }

    @Override
    public RunMemory memory(int tokens, RunOptions options) {
        int all = tokens + options.generate();
        StateSpace.Need need = need(all, options);
        return new RunMemory(
                need.total(),
                options.captureLayers(),
                memory.states().plan(need).mapped(),
                OuroRun.nativeBytes(kernels, config, /* prefill= */ tokens, /* tokens= */ all, options));
    }

    private List<String> texts(int[] ids) {
        return tokenizer
                .map(t -> t.tokenTexts(ids))
                .orElseGet(() -> Arrays.stream(ids).mapToObj(id -> "#" + id).toList());
    }

    @Override
    public void close() {
        lifetime.close();
        tokenizer.ifPresent(Tokenizer::close);
    }
}
