package org.loopscope.model.ouro;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopConfig;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.NonFiniteStateException;
import org.loopscope.model.RunControl;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Unembedding;
import org.loopscope.model.ouro.ForwardPass.NonFiniteStream;

/**
 * One run: prefill of the first tokens in one call, then one token a call, first the rest of the given ones, then those
 * that are generated. Every token goes through all T steps, the last generated one too, so all states are captured.
 */
final class OuroRun {
    private final Weights weights;
    private final LoopConfig config;
    private final ModelInfo info;
    private final Kernels kernels;
    private final Unembedding unembedding;
    private final RunOptions options;
    private final Function<int[], List<String>> texts;
    private final int[] ids; // [given + generate]
    private final int given;
    private final int prefill;
    private final Recording recording;
    private final int[] exitSteps; // [generate]
    private final Instant start = Instant.now();
    private final long startNanos = System.nanoTime();
    private int length; // tokens that are known

    /** @param prefill tokens of the first call, 1 to all given */
    OuroRun(
            Weights weights,
            LoopConfig config,
            ModelInfo info,
            Kernels kernels,
            Unembedding unembedding,
            Function<int[], List<String>> texts,
            int[] tokenIds,
            int prefill,
            RunOptions options) {
        this.weights = weights;
        this.config = config;
        this.info = info;
        this.kernels = kernels;
        this.unembedding = unembedding;
        this.options = options;
        this.texts = texts;
        this.given = tokenIds.length;
        this.prefill = prefill;
        this.length = given;
        this.ids = Arrays.copyOf(tokenIds, given + options.generate());
        this.exitSteps = new int[options.generate()];
        this.recording = new Recording(weights, config, options.steps(), ids.length, options.captureLayers());
    }

    /** Bytes that a run takes outside the heap, KV cache included. */
    static long nativeBytes(Kernels kernels, LoopConfig config, int prefill, int tokens, RunOptions options) {
        long rope = (long) tokens * config.headDim() * Float.BYTES;
        return Scratch.bytes(kernels, config, prefill, tokens) + rope + cacheBytes(config, prefill, tokens, options);
    }

    static long cacheBytes(LoopConfig config, int prefill, int tokens, RunOptions options) {
        return KvCache.bytes(config, options.steps(), options.kvPolicy(), tokens, tokens > prefill);
    }

    Capture execute(RunControl control) throws NonFiniteStateException {
        int steps = options.steps();
        try (KvCache cache = new KvCache(kernels, config, steps, options.kvPolicy(), ids.length, ids.length > prefill);
                ForwardPass pass = new ForwardPass(weights, config, kernels, steps, cache, prefill, ids.length)) {
            try {
                pass.run(ids, 0, prefill, recording, control);
                RunControl quiet = RunControl.of(control::isCancelled, (stage, done, total) -> {});
                for (int position = prefill; position < given; position++) {
                    pass.run(ids, position, 1, recording, quiet);
                    int done = position - prefill + 1;
                    control.progress("token " + done + " of " + (given - prefill), done, given - prefill);
                }
                generate(pass, control, quiet);
                return capture(steps, length, Optional.empty());
            } catch (NonFiniteStream e) {
                throw stopped(e, cache.length());
            }
        }
    }

    private void generate(ForwardPass pass, RunControl control, RunControl quiet) throws NonFiniteStream {
        Sampler sampler = new Sampler(options.sampling());
        float[] logits = new float[options.generate() > 0 ? config.vocabSize() : 0];
        boolean stopped = false;
        for (int n = 0; n < options.generate() && !stopped; n++) {
            int id = choose(n, sampler, logits);
            ids[length] = id;
            pass.run(ids, length, 1, recording, quiet);
            length++;
            stopped = options.stopIds().contains(id);
            control.progress("token " + (n + 1) + " of " + options.generate(), n + 1, options.generate());
        }
    }

    /** The token after the last one, from the logits of the step that the exit rule gives for the last one. */
    private int choose(int n, Sampler sampler, float[] logits) throws NonFiniteStream {
        int position = length - 1;
        int step = options.exitRule().exitStep(recording.exitDistribution(position));
        unembedding.logits(recording.hiddenState(step, position), 1, logits);
        for (float logit : logits) {
            if (!Float.isFinite(logit)) {
                throw new NonFiniteStream(step, "unembedding", position);
            }
        }
        exitSteps[n] = step;
        return sampler.choose(logits);
    }

    /** What is complete: whole tokens if the first call had ended, else whole steps. */
    private NonFiniteStateException stopped(NonFiniteStream e, int tokensDone) {
        int steps = tokensDone > 0 ? options.steps() : e.step() - 1;
        int tokens = tokensDone > 0 ? tokensDone : prefill;
        String sentence = NonFiniteStateException.sentence(
                e.step(), e.place(), e.position(), kept(steps, tokens, tokensDone > 0));
        Optional<Capture> partial =
                steps > 0 ? Optional.of(capture(steps, tokens, Optional.of(sentence))) : Optional.empty();
        return new NonFiniteStateException(sentence, e.step(), e.position(), partial);
    }

    private static String kept(int steps, int tokens, boolean wholeTokens) {
        if (wholeTokens) {
            return tokens == 1 ? "the first token is kept" : "the first " + tokens + " tokens are kept";
        }
        return switch (steps) {
            case 0 -> "no step was complete";
            case 1 -> "step 1 is kept";
            default -> "steps 1 to " + steps + " are kept";
        };
    }

    private Capture capture(int steps, int tokens, Optional<String> problem) {
        int[] kept = Arrays.copyOf(ids, tokens);
        int givenKept = Math.min(given, tokens);
        Capture.Builder builder = new Capture.Builder(info, config, options)
                .tokens(kept, texts.apply(kept), givenKept)
                .generationExitSteps(Arrays.copyOf(exitSteps, tokens - givenKept))
                .timing(start, Duration.ofNanos(System.nanoTime() - startNanos).toMillis());
        recording.giveTo(builder, steps, tokens);
        problem.ifPresent(builder::problem);
        return builder.build();
    }
}
